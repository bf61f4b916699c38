import type { JsonObject } from '../kernel/json.js';
import { authenticatorRun } from '../flow/authenticating.js';
import type { Authenticator, AuthenticatorKind, PasskeyDemands } from '../flow/authenticator-kind.js';
import { namedByPasskeyKey, pendingUserKey } from '../flow/context-keys.js';
import type { Pass, Retry } from '../flow/outcome.js';
import type { FlowUser } from '../flow/services/users.js';
import { checkAuthenticator, unknownPasskey } from './authenticator-check.js';
import type { AskedRequest, CheckRun } from './authenticator-check.js';

type OtherDemands = Omit<PasskeyDemands, 'userVerification'>;

const NO_OTHER_DEMANDS: OtherDemands = { hints: [], allowedModels: [] };

/** Asks for any passkey that says itself whose it is; undefined where this installation has none. */
export async function requestLonePasskey(
  run: CheckRun,
  demands = NO_OTHER_DEMANDS,
): Promise<AskedRequest | undefined> {
  const kind = run.services.authenticators.kind('WEBAUTHN');
  const requested = await kind?.request(authenticatorRun(run, null), [], alone(demands));
  if (requested?.type !== 'requested') return undefined;
  return { shown: requested.shown, kept: requested.kept };
}

/**
 * Whether a passkey proves the person that it says it is of: then the flow is about them. Whatever is wrong with it, or
 * with their account, looks the same. `kept` is null where none was asked for.
 */
export async function checkLonePasskey(
  run: CheckRun,
  passkey: JsonObject,
  kept: JsonObject | null,
  demands = NO_OTHER_DEMANDS,
): Promise<Pass | Retry> {
  const found = kept && (await ownerOf(run, passkey, alone(demands)));
  if (!found) return unknownPasskey();
  const outcome = await checkAuthenticator(run, {
    ...found,
    ...{ answer: { passkey }, kept, demands: alone(demands) },
  });
  if (outcome.type === 'retry') return outcome;
  // Without it a passkey is what somebody has, and nothing more: that is no reason to go on without a password.
  if (!outcome.proofs.includes('user')) return unknownPasskey();
  const { id, username } = found.person;
  const about = [pendingUserKey.to({ id, identifier: username }), namedByPasskeyKey.to(id)];
  return { ...outcome, changes: [...outcome.changes, ...about] };
}

/** A passkey that stands alone has to be unlocked by its person. */
function alone(demands: OtherDemands): PasskeyDemands {
  return { ...demands, userVerification: 'REQUIRED' };
}

interface Found {
  readonly authenticator: Authenticator;
  readonly kind: AuthenticatorKind;
  readonly person: FlowUser;
}

async function ownerOf(
  { services: { authenticators, users } }: CheckRun,
  passkey: JsonObject,
  demands: PasskeyDemands,
): Promise<Found | undefined> {
  const kind = authenticators.kind('WEBAUTHN');
  const key = kind?.keyOf({ passkey });
  const authenticator = key === undefined ? undefined : await authenticators.byKey(key);
  if (!kind || authenticator?.disabledAt !== null) return undefined;
  // Whoever finds a key that its person has never unlocked can give it a PIN, and unlock it (WebAuthn, section 4, `uvInitialized`).
  if (!authenticator.verifiesUser || !kind.meets(authenticator, demands, authenticators.tools)) {
    return undefined;
  }
  const person = await users.byId(authenticator.userId);
  return person?.active === true ? { authenticator, kind, person } : undefined;
}
