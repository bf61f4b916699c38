import { z } from 'zod';

import { secondsAfter } from '../kernel/clock.js';
import { digitsIn, digitsOf } from '../kernel/digits.js';
import { Secret } from '../kernel/secret.js';
import type { AuthenticatorRun } from '../flow/authenticator-kind.js';
import type { MessageChannel } from '../flow/mail.js';
import type { RateLimit } from '../flow/services/rates.js';

const DIGITS = 6;
/** So often a code is looked at, right or wrong; then only another one helps. */
const MOST_TRIES = 5;
/** No code is good for longer (NIST SP 800-63B, section 5.1.3.2). */
export const LONGEST_LIFETIME_SECONDS = 600;

/** What has to be known of a code that was sent, until it is typed. The code itself is not among it. */
export const sentCode = z.strictObject({
  /** By which tries are counted. */
  id: z.string(),
  codeHash: z.string(),
  resendAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

export type SentCode = z.infer<typeof sentCode>;

interface Sending {
  readonly channel: MessageChannel;
  /** To where: no other address is confirmed by this code. */
  readonly recipient: string;
  readonly userId: string;
  readonly lifetimeSeconds: number;
}

export type NewCode =
  | { readonly type: 'made'; readonly sent: SentCode; readonly code: Secret; readonly expiresAt: Date }
  /** Too many were sent. */
  | { readonly type: 'limited'; readonly retryAt: Date };

/** Makes a code for whoever sends it; counted before, so that nobody is sent more than a few. */
export async function newCode(
  { now, tools, clientAddress }: AuthenticatorRun,
  sending: Sending,
): Promise<NewCode> {
  let resendAt = now;
  for (const limit of limitsOf(sending, clientAddress)) {
    const verdict = await tools.rates.count(limit);
    if (!verdict.allowed) return { type: 'limited', retryAt: verdict.nextAt };
    if (verdict.nextAt > resendAt) resendAt = verdict.nextAt;
  }
  const id = tools.chance.id();
  const code = digitsOf(tools.chance.token(), DIGITS);
  const expiresAt = secondsAfter(now, Math.min(sending.lifetimeSeconds, LONGEST_LIFETIME_SECONDS));
  return {
    type: 'made',
    sent: {
      id,
      codeHash: tools.hash(code, bondOf(id, sending.recipient)),
      resendAt: resendAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    },
    code: new Secret(code),
    expiresAt,
  };
}

/**
 * Compares what was typed with the code that was sent to this recipient. A try is counted before anybody looks at it, across
 * all processes. Whoever asks has to forget a code that was right: it is good once.
 */
export async function tryCode(
  { now, tools }: Pick<AuthenticatorRun, 'now' | 'tools'>,
  sent: SentCode | null,
  recipient: string,
  typed: string,
): Promise<'RIGHT' | 'INVALID_CODE' | 'CODE_EXPIRED'> {
  if (!sent || new Date(sent.expiresAt) <= now) return 'CODE_EXPIRED';
  const tries = {
    by: 'sent-code',
    name: sent.id,
    most: MOST_TRIES,
    seconds: LONGEST_LIFETIME_SECONDS,
  } as const;
  const verdict = await tools.rates.count(tries);
  if (!verdict.allowed) return 'CODE_EXPIRED';
  const isRight = tools.isHashOf(sent.codeHash, digitsIn(typed), bondOf(sent.id, recipient));
  return isRight ? 'RIGHT' : 'INVALID_CODE';
}

/** Who asks comes first: whoever is refused for asking too often uses up nothing of what others have. */
function limitsOf({ channel, recipient, userId }: Sending, clientAddress: string): RateLimit[] {
  const [fromAddress, inAll] = limits[channel].shared;
  return [
    { by: 'address', name: clientAddress, ...fromAddress },
    ...limits[channel].own.map(
      (own): RateLimit => ({ by: 'code-account', name: `${channel} ${userId}`, ...own }),
    ),
    ...limits[channel].own.map(
      (own): RateLimit => ({ by: 'code-recipient', name: `${channel} ${recipient}`, ...own }),
    ),
    { by: 'installation', name: `codes by ${channel}`, ...inAll },
  ];
}

interface Limit {
  readonly most: number;
  readonly seconds: number;
}

const DAY = 24 * 3600;

/** How many codes one account and one recipient are sent, and how many from one address and in all. Text messages cost. */
const limits: Readonly<
  Record<MessageChannel, { readonly own: readonly Limit[]; readonly shared: readonly [Limit, Limit] }>
> = {
  MAIL: {
    own: [{ most: 5, seconds: 600 }],
    shared: [
      { most: 60, seconds: 600 },
      { most: 1000, seconds: 600 },
    ],
  },
  SMS: {
    own: [
      { most: 5, seconds: 600 },
      { most: 20, seconds: DAY },
    ],
    shared: [
      { most: 20, seconds: 600 },
      { most: 500, seconds: 600 },
    ],
  },
};

function bondOf(id: string, recipient: string): string {
  return `code ${id} sent to ${recipient}`;
}
