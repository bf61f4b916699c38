import { z } from 'zod';

import type { Json, JsonObject } from '../kernel/json.js';
import { authenticatorRun } from '../flow/authenticating.js';
import type {
  Authenticator,
  AuthenticatorKind,
  CheckAnswer,
  CheckOutcome,
  PasskeyDemands,
} from '../flow/authenticator-kind.js';
import { pass, responseError, retry } from '../flow/outcome.js';
import type { Pass, RefusalEffect, Retry } from '../flow/outcome.js';
import { reputationName } from '../flow/reputation.js';
import type { FlowUser } from '../flow/services/users.js';
import type { TypedRun } from './define.js';

/** The services that checking an authenticator takes. */
export const checkServices = ['authenticators', 'definitions', 'users'] as const;

/** What can be wrong with what an authenticator has answered. */
export const checkErrors = {
  INVALID_CODE: 'This is not the right code.',
  CODE_EXPIRED: 'This code is good no longer. Ask for another one.',
  INVALID_PASSKEY: 'This passkey could not be accepted here.',
  AUTHENTICATOR_DISABLED: 'This was wrong too often, and has to be set up anew. Use something else.',
  RATE_LIMITED: 'There have been too many attempts. Try again later.',
} as const;

export type CheckErrorCode = keyof typeof checkErrors;

const json: z.ZodType<Json> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

/** What an authenticator is asked, and what has to be known when it answers. */
export const askedRequest = z.strictObject({ shown: jsonObject, kept: jsonObject });

export type AskedRequest = z.infer<typeof askedRequest>;

/** What checking one takes of a stage's run. */
export type CheckRun = Omit<TypedRun<unknown, (typeof checkServices)[number]>, 'config'>;

interface Checked {
  readonly authenticator: Authenticator;
  readonly kind: AuthenticatorKind;
  readonly person: FlowUser;
  readonly answer: CheckAnswer;
  /** What has to be known since the authenticator was asked. */
  readonly kept: JsonObject | null;
  readonly demands: PasskeyDemands;
}

/**
 * Whether an authenticator proves its person. An attempt at a code is counted before anybody looks at it; a passkey signs
 * what it is asked, and there is nothing to guess.
 */
export async function checkAuthenticator(run: CheckRun, checked: Checked): Promise<Pass | Retry> {
  const { authenticator, kind, person, answer, kept, demands } = checked;
  const { id, userId } = authenticator;
  if (kind.answeredBy !== 'PASSKEY') {
    const attempt = await run.services.authenticators.attempt(id);
    if (attempt.type === 'throttled') return refused('code', 'RATE_LIMITED', [], attempt.retryAt);
    if (attempt.type === 'disabled')
      return refused('code', 'AUTHENTICATOR_DISABLED', attempt.now ? [disabled(authenticator)] : []);
  }
  const outcome = await kind.check(authenticatorRun(run, person), authenticator, answer, kept, demands);
  if (outcome.type === 'wrong') return wrong(checked, outcome);
  const { proofs, counter, code, data } = outcome;
  return pass({
    proofs,
    effects: [
      { type: 'useAuthenticator', id, userId, at: run.now, counter, code, data },
      { type: 'changeReputation', name: reputationName(person, person.username), behaved: 'WELL' },
    ],
  });
}

/** Where nobody can say whose answer it was. */
export function unknownPasskey(): Retry {
  return refused('passkey', 'INVALID_PASSKEY', [
    { type: 'recordEvent', action: 'SECOND_FACTOR_FAILED', userId: null, details: { kind: 'WEBAUTHN' } },
  ]);
}

function wrong(
  { authenticator, person, kind }: Checked,
  { code }: Extract<CheckOutcome, { type: 'wrong' }>,
): Retry {
  return refused(kind.answeredBy === 'PASSKEY' ? 'passkey' : 'code', code, [
    { type: 'changeReputation', name: reputationName(person, person.username), behaved: 'BADLY' },
    {
      type: 'recordEvent',
      action: 'SECOND_FACTOR_FAILED',
      userId: person.id,
      details: detailsOf(authenticator),
    },
  ]);
}

function disabled(authenticator: Authenticator): RefusalEffect {
  const { userId } = authenticator;
  return { type: 'recordEvent', action: 'AUTHENTICATOR_DISABLED', userId, details: detailsOf(authenticator) };
}

function detailsOf({ id, kind, name }: Authenticator): Record<string, Json> {
  return { authenticatorId: id, kind, name };
}

export function refused(
  field: string,
  code: CheckErrorCode,
  effects: readonly RefusalEffect[] = [],
  retryAt?: Date,
): Retry {
  return retry([responseError(field, code, checkErrors[code], retryAt)], { effects });
}
