import type { JsonObject } from '../kernel/json.js';
import type { PolicyInput } from './policy-kind.js';

/** All that the author of a policy can read: no hash, no secret, no token. */
export function policyView(input: PolicyInput): JsonObject {
  const { user, client, flow, context, proofs, signedIn, redirectedFrom } = input;
  return {
    user: user && {
      id: user.id,
      username: user.username,
      email: user.email,
      name: user.name,
      isActive: user.active,
      isSuperuser: user.superuser,
      groups: user.groups.map((group) => group.name),
    },
    request: { clientIp: client.address, userAgent: client.userAgent, client: client.kind, signedIn },
    flow: { slug: flow.slug, designation: flow.designation },
    execution: { authenticated: proofs.length > 0, methods: proofs, redirectedFrom },
    context,
  };
}
