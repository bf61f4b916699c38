import { z } from 'zod';

import { Secret } from '../../kernel/secret.js';
import type { AuthenticatorRun } from '../../flow/authenticator-kind.js';
import { responseError } from '../../flow/outcome.js';
import type { RefusalEffect } from '../../flow/outcome.js';
import { defineAuthenticator } from '../define.js';
import type { TypedSetupOutcome, TypedSetupRun } from '../define.js';
import { newCode, sentCode, tryCode } from '../sent-code.js';
import type { NewCode } from '../sent-code.js';
import { masked, numberIn } from './number.js';

/**
 * The number is not among it: whoever reads the table is not handed a list of telephone numbers. It is sealed, and here is
 * only what its owner is shown of it.
 */
const data = z.strictObject({ number: z.string(), lifetimeSeconds: z.int() });
/** To which number a code has been sent last, if to any. */
const setupKept = z.strictObject({ number: z.string().nullable(), sent: sentCode.nullable() });

const options = z.strictObject({
  allowedPrefixes: z.array(z.string()),
  lifetimeSeconds: z.int(),
  /** What the person has told in this flow already, as they have typed it. */
  collected: z.string().nullable(),
});
const response = z.strictObject({
  number: z.string().optional(),
  code: z.string().optional(),
  resend: z.boolean().optional(),
});

type Data = z.infer<typeof data>;
type Kept = z.infer<typeof setupKept>;
type Options = z.infer<typeof options>;
type SetupRun = TypedSetupRun<Data>;
type SetupOutcome = TypedSetupOutcome<Data, Kept>;

const messages = {
  REQUIRED: 'Tell the number of a telephone first.',
  INVALID_NUMBER: 'This is no telephone number. Write it with its country code, such as +49 151 23456789.',
  NUMBER_NOT_ALLOWED: 'No messages are sent to numbers of this country.',
  ALREADY_SET_UP: 'Codes are sent to this number already. Choose another one.',
  RATE_LIMITED: 'Too many codes were sent. Try again later.',
  INVALID_CODE: 'This is not the code that was sent.',
  CODE_EXPIRED: 'This code is good no longer. Ask for another one.',
} as const;

export const smsAuthenticator = defineAuthenticator({
  name: 'SMS',
  description: 'A telephone that codes are sent to, by text message.',
  answeredBy: 'SENT_CODE',
  ...{ data, options, response, setupKept },
  checkKept: z.strictObject({ sent: sentCode }),

  hint: (authenticator) => authenticator.data.number,
  keyOf: () => undefined,
  meets: () => true,

  async begin(run, chosen) {
    const checked = chosen.collected === null ? undefined : checkedNumber(run, chosen, chosen.collected);
    const sent = checked?.type === 'good' ? await sendCode(run, chosen, checked.number, 'number') : undefined;
    // Whatever is wrong with what they have told, they can tell another one.
    return sent?.type === 'step'
      ? sent
      : { type: 'step', step: { ...setupStep({ number: null, sent: null }), effects: [] } };
  },

  async setUp(run, chosen, kept, { number: typed, code, resend }) {
    if (typed !== undefined) return sendToTyped(run, chosen, typed);
    const { number } = kept;
    if (number === null) return refused('number', 'REQUIRED');
    if (resend === true) return sendCode(run, chosen, number, 'resend');
    if (code === undefined) return refused('code', 'REQUIRED', 'Type the code that was sent.');
    const tried = await tryCode(run, kept.sent, number, code);
    if (tried !== 'RIGHT') return refused('code', tried);
    const uniqueKey = keyOf(run, number);
    return {
      type: 'done',
      proofs: ['sms'],
      authenticator: {
        ...{ name: 'Telephone', data: { number: masked(number), lifetimeSeconds: chosen.lifetimeSeconds } },
        ...{ secret: new Secret(number), counter: 0, uniqueKey, codes: [], verifiesUser: false },
        ...{ stageId: run.stageId, replaces: false },
      },
    };
  },

  async request(run, [authenticator]) {
    const { person } = run;
    const { stageId = null, secret = null } = authenticator ?? {};
    if (!authenticator || stageId === null || !secret || !person) return { type: 'unavailable' };
    const number = secret.reveal();
    const { lifetimeSeconds } = authenticator.data;
    const made = await newCode(run, sending(person.id, number, lifetimeSeconds));
    if (made.type === 'limited') return made;
    return {
      type: 'requested',
      shown: shownOf(made.sent),
      kept: { sent: made.sent },
      effects: [message(run, stageId, number, made)],
    };
  },

  async check(run, { secret }, answer, kept) {
    if (!('code' in answer)) return { type: 'wrong', code: 'INVALID_CODE' };
    const tried = await tryCode(run, kept && secret ? kept.sent : null, secret?.reveal() ?? '', answer.code);
    return tried === 'RIGHT'
      ? { type: 'right', proofs: ['sms'], counter: null, code: null, data: null }
      : { type: 'wrong', code: tried };
  },
});

/** A number that was typed is sent a code, and one that was sent to another before is good no longer. */
async function sendToTyped(run: SetupRun, chosen: Options, typed: string): Promise<SetupOutcome> {
  const checked = checkedNumber(run, chosen, typed);
  return checked.type === 'good'
    ? sendCode(run, chosen, checked.number, 'number')
    : refused('number', checked.code);
}

type CheckedNumber =
  | { readonly type: 'good'; readonly number: string }
  | { readonly type: 'bad'; readonly code: 'INVALID_NUMBER' | 'NUMBER_NOT_ALLOWED' | 'ALREADY_SET_UP' };

function checkedNumber({ existing }: SetupRun, { allowedPrefixes }: Options, typed: string): CheckedNumber {
  const number = numberIn(typed);
  if (number === undefined) return { type: 'bad', code: 'INVALID_NUMBER' };
  if (allowedPrefixes.length > 0 && !allowedPrefixes.some((prefix) => number.startsWith(prefix)))
    return { type: 'bad', code: 'NUMBER_NOT_ALLOWED' };
  // Compared in clear, and only with their own: whose a number is besides is told to nobody.
  const isTheirs = existing.some(({ secret }) => secret?.reveal() === number);
  return isTheirs ? { type: 'bad', code: 'ALREADY_SET_UP' } : { type: 'good', number };
}

async function sendCode(
  run: SetupRun,
  { lifetimeSeconds }: Options,
  number: string,
  asked: 'number' | 'resend',
): Promise<SetupOutcome> {
  const made = await newCode(run, sending(run.person.id, number, lifetimeSeconds));
  if (made.type === 'limited') return refused(asked, 'RATE_LIMITED', messages.RATE_LIMITED, made.retryAt);
  const step = setupStep({ number, sent: made.sent });
  return { type: 'step', step: { ...step, effects: [message(run, run.stageId, number, made)] } };
}

function sending(userId: string, recipient: string, lifetimeSeconds: number) {
  return { channel: 'SMS', recipient, userId, lifetimeSeconds } as const;
}

function message(
  { person, language, tools }: AuthenticatorRun,
  stageId: string,
  to: string,
  { code, expiresAt }: Extract<NewCode, { type: 'made' }>,
): RefusalEffect {
  const userId = person?.id ?? null;
  return {
    type: 'sendText',
    id: tools.chance.id(),
    stageId,
    to,
    userId,
    language,
    secrets: { code },
    expiresAt,
  };
}

/** What is shown, and what is known by then. */
function setupStep({ number, sent }: Kept) {
  const shown = {
    numberRequired: number === null,
    number: number === null ? null : masked(number),
    ...shownOf(sent),
  };
  return { shown, kept: { number, sent } };
}

function shownOf(sent: Kept['sent']) {
  return { resendAt: sent?.resendAt ?? null, expiresAt: sent?.expiresAt ?? null };
}

/**
 * Of two executions that set up the same number at once, one is refused by this. It holds as long as the key that hashes
 * are written with; that a person has a number already is told by the number itself, which outlives a change of keys.
 */
function keyOf({ person, tools }: SetupRun, number: string): string {
  return `sms ${tools.hash(number, `number of ${person.id}`)}`;
}

function refused(
  field: string,
  code: keyof typeof messages,
  text: string = messages[code],
  retryAt?: Date,
): SetupOutcome {
  return { type: 'refused', errors: [responseError(field, code, text, retryAt)], step: 'same' };
}
