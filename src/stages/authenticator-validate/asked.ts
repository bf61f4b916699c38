import { z } from 'zod';

import { authenticatorRun } from '../../flow/authenticating.js';
import { secretContextKey } from '../../flow/context.js';
import type { ContextChange } from '../../flow/context.js';
import type { RefusalEffect } from '../../flow/outcome.js';
import type { FlowUser } from '../../flow/services/users.js';
import { askedRequest } from '../authenticator-check.js';
import type { AskedRequest } from '../authenticator-check.js';
import { requestLonePasskey } from '../lone-passkey.js';
import type { Usable } from './offer.js';
import { demandsOf } from './offer.js';
import type { ValidateRun } from './run.js';

const askedCodec = z.strictObject({
  stageId: z.string(),
  /** Whom it is about; null where it is not known. */
  userId: z.string().nullable(),
  /** Whose code is asked for. */
  selectedId: z.string().nullable(),
  /** What was sent to it. */
  sent: askedRequest.nullable(),
  /** What passkeys are asked. */
  passkeys: askedRequest.nullable(),
  /** Whether the stage has had them set something up. */
  hasSetUp: z.boolean(),
});

/** What the person has been asked, and what has to be known when they answer. */
export type Asked = z.infer<typeof askedCodec>;

const askedKey = secretContextKey('authenticatorValidate', askedCodec);

/** What this very stage has asked this very person; nothing as long as it has not. */
export function askedBefore({ context, stage }: ValidateRun, person: FlowUser | null): Asked {
  const asked = context.get(askedKey);
  const userId = person?.id ?? null;
  if (asked?.stageId === stage.id && asked.userId === userId) return asked;
  return { stageId: stage.id, userId, selectedId: null, sent: null, passkeys: null, hasSetUp: false };
}

export function noted(asked: Asked): ContextChange[] {
  return [askedKey.to(asked)];
}

export function forgotten(): ContextChange[] {
  return [askedKey.cleared()];
}

/** The same, with passkeys asked as well, where there are any and they have not been. */
export async function withPasskeys(
  run: ValidateRun,
  asked: Asked,
  person: FlowUser | null,
  usable: readonly Usable[],
): Promise<Asked> {
  if (asked.passkeys) return asked;
  const passkeys = person
    ? await requestTheirPasskeys(run, person, usable)
    : await requestLonePasskey(run, demandsOf(run));
  return { ...asked, passkeys: passkeys ?? null };
}

async function requestTheirPasskeys(
  run: ValidateRun,
  person: FlowUser,
  usable: readonly Usable[],
): Promise<AskedRequest | undefined> {
  const passkeys = usable.filter(({ kind }) => kind.answeredBy === 'PASSKEY');
  const authenticators = passkeys.map(({ authenticator }) => authenticator);
  const requested = await passkeys[0]?.kind.request(
    authenticatorRun(run, person),
    authenticators,
    demandsOf(run),
  );
  if (requested?.type !== 'requested') return undefined;
  return { shown: requested.shown, kept: requested.kept };
}

/** What choosing an authenticator comes to. */
export type Choice =
  | { readonly type: 'chosen'; readonly asked: Asked; readonly effects: readonly RefusalEffect[] }
  | { readonly type: 'limited'; readonly retryAt: Date }
  | { readonly type: 'unavailable' };

/** The same, with this authenticator chosen, and a code sent to it where one has to be. */
export async function choosing(
  run: ValidateRun,
  asked: Asked,
  person: FlowUser,
  { authenticator, kind }: Usable,
): Promise<Choice> {
  const chosen = { ...asked, selectedId: authenticator.id, sent: null };
  if (kind.answeredBy !== 'SENT_CODE') return { type: 'chosen', asked: chosen, effects: [] };
  const requested = await kind.request(authenticatorRun(run, person), [authenticator], demandsOf(run));
  if (requested.type !== 'requested') return requested;
  const { shown, kept, effects } = requested;
  return { type: 'chosen', asked: { ...chosen, sent: { shown, kept } }, effects };
}
