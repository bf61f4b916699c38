import { createHash } from 'node:crypto';

import type { Secret } from '../../kernel/secret.js';

/** A service that answers as that of Have I Been Pwned does (`GET range/21BD1`). */
export interface BreachService {
  /** What the first digits of a hash are put behind. */
  readonly url: string;
  readonly timeoutMilliseconds: number;
}

const PREFIX = 5;
/** A range has about a thousand lines of 40 characters, padding included. */
const LONGEST_ANSWER = 500_000;
const line = /^([0-9A-F]{35}):(\d{1,12})$/i;

/**
 * How often a password was found in breaches. Only the first five digits of its SHA-1 are sent, and the answer is
 * padded, so that its length does not tell either. Throws on anything but a whole answer; what it throws holds nothing of the hash.
 */
export async function breachesFrom(service: BreachService, password: Secret): Promise<number> {
  const hash = createHash('sha1')
    .update(password.reveal().normalize('NFC'), 'utf8')
    .digest('hex')
    .toUpperCase();
  const answer = await ask(service, hash.slice(0, PREFIX)).catch(() => undefined);
  if (answer === undefined) throw new Error('the service for breached passwords does not answer');
  const counts = countsIn(answer);
  if (!counts) throw new Error('the service for breached passwords gives no answer that can be read');
  return counts.get(hash.slice(PREFIX)) ?? 0;
}

/** As much of a response as is looked at; its declaration says any of the body's parts. */
interface Answer {
  readonly ok: boolean;
  readonly body: ReadableStream<Uint8Array> | null;
}

async function ask({ url, timeoutMilliseconds }: BreachService, prefix: string): Promise<string> {
  const { ok, body }: Answer = await fetch(new URL(prefix, url), {
    headers: { 'add-padding': 'true', 'user-agent': 'stagedoor' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  if (!ok || !body) throw new Error('no answer');
  return textOf(body);
}

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_ANSWER) throw new Error('the answer is too long');
  }
  return text;
}

/** By the rest of each hash; undefined where this is no list of them. Padding has a count of 0. */
function countsIn(answer: string): ReadonlyMap<string, number> | undefined {
  const entries = answer
    .trim()
    .split(/\r?\n/)
    .map((text) => line.exec(text.trim()));
  const counts = entries.flatMap((entry): [string, number][] =>
    entry?.[1] === undefined ? [] : [[entry[1].toUpperCase(), Number(entry[2])]],
  );
  return counts.length === entries.length ? new Map(counts) : undefined;
}
