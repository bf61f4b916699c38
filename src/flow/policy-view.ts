import type { JsonObject } from '../kernel/json.js';
import { assuranceLevel } from './assurance.js';
import type { AuthenticatorKindName } from './authenticator-kind-names.js';
import type { Location } from './location.js';
import type { PolicyInput } from './policy-kind.js';
import type { FlowUser } from './services/users.js';

/** All that the author of a policy can read: no hash, no secret, no token. */
export function policyView(input: PolicyInput): JsonObject {
  const { user, viewer, client, flow, context, proofs, redirectedFrom, restored, now } = input;
  const { signedInRecently } = input;
  return {
    user: user && personView(user),
    viewer: viewer && personView(viewer),
    request: {
      clientIp: client.address,
      userAgent: client.userAgent,
      client: client.kind,
      signedIn: viewer !== null,
      signedInRecently,
      time: now.toISOString(),
      geo: client.location && placeView(client.location),
      asn: client.location && networkView(client.location),
    },
    flow: { slug: flow.slug, designation: flow.designation },
    execution: {
      authenticated: proofs.length > 0,
      methods: proofs,
      level: assuranceLevel(proofs),
      redirectedFrom,
      restored,
    },
    context,
  };
}

function personView(user: FlowUser): JsonObject {
  return {
    id: user.id,
    username: user.username,
    email: user.email,
    emailVerified: user.emailVerifiedAt !== null,
    name: user.name,
    isActive: user.active,
    isSuperuser: user.superuser,
    kind: user.kind,
    path: user.path,
    createdAt: user.createdAt.toISOString(),
    groups: user.groups.map((group) => group.name),
    authenticators: kindsOf(user),
    attributes: user.attributes,
  };
}

/**
 * What somebody has set up, each kind once. What is disabled is there all the same: whoever is wrong often enough would be
 * taken for somebody without it otherwise.
 */
export function kindsOf({ authenticators }: Pick<FlowUser, 'authenticators'>): AuthenticatorKindName[] {
  return [...new Set(authenticators.map(({ kind }) => kind))];
}

function placeView({ country, continent, city, latitude, longitude }: Location): JsonObject {
  return { country, continent, city, latitude, longitude };
}

function networkView({ asn, organization }: Location): JsonObject {
  return { number: asn, organization };
}
