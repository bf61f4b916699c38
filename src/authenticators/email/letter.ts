import { canonical } from '../../kernel/text.js';
import type { AuthenticatorRun, SetupRun } from '../../flow/authenticator-kind.js';
import type { SendMail } from '../../flow/effect.js';
import { newCode } from '../sent-code.js';
import type { NewCode, SentCode } from '../sent-code.js';
import { maskedAddress } from './masked.js';

type Limited = Extract<NewCode, { type: 'limited' }>;

interface Sending {
  readonly userId: string;
  /** How the mail addresses its reader; empty where that may be anybody. */
  readonly name: string;
  readonly address: string;
  readonly lifetimeSeconds: number;
}

/** A code on its way; or, where there have been too many, when there may be another. */
export async function mailedCode(
  run: AuthenticatorRun,
  { address, userId, name, lifetimeSeconds }: Sending,
): Promise<
  { readonly type: 'mailed'; readonly sent: SentCode; readonly effects: readonly SendMail[] } | Limited
> {
  const { language, tools } = run;
  const made = await newCode(run, { channel: 'MAIL', recipient: address, userId, lifetimeSeconds });
  if (made.type === 'limited') return made;
  const { sent, code, expiresAt } = made;
  const letter: SendMail = {
    type: 'sendMail',
    id: tools.chance.id(),
    template: 'sign-in-code',
    to: address,
    ...{ userId, language },
    values: { name, minutes: String(Math.floor(lifetimeSeconds / 60)) },
    secrets: { code },
    expiresAt,
  };
  return { type: 'mailed', sent, effects: [letter] };
}

/** The same while the address is being set up. Whoever reads mail there need not be the person, and is not told who it is. */
export async function sendTo(run: Omit<SetupRun, 'existing'>, address: string, lifetimeSeconds: number) {
  const { id: userId, email, emailVerifiedAt, name } = run.person;
  const isOwn = email !== null && emailVerifiedAt !== null && canonical(email) === canonical(address);
  const mailed = await mailedCode(run, { userId, name: isOwn ? name : '', address, lifetimeSeconds });
  if (mailed.type === 'limited') return mailed;
  const step = addressedStep(address, mailed.sent);
  return { type: 'step', step: { ...step, effects: mailed.effects } } as const;
}

/** What is shown of an address and the code that was sent to it. */
export function addressedStep(address: string | null, sent: SentCode | null, resendAt?: Date) {
  return {
    shown: {
      email: address === null ? null : maskedAddress(address),
      emailRequired: address === null,
      resendAt: sent?.resendAt ?? resendAt?.toISOString() ?? null,
      expiresAt: sent?.expiresAt ?? null,
    },
    kept: { address, sent },
    effects: [],
  };
}
