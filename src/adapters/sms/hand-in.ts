import { z } from 'zod';

import { Undeliverable } from '../../flow/services/undeliverable.js';
import { mayBeAsked } from '../web-service/address.js';
import type { Resolve } from '../web-service/address.js';
import { over, textOf } from '../web-service/answer.js';
import type { Answer } from '../web-service/answer.js';

/** A message as one provider takes it. */
export interface HandInRequest {
  readonly url: URL;
  readonly authorization: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: URLSearchParams | string;
}

export interface HandInTerms {
  readonly production: boolean;
  readonly timeoutMilliseconds: number;
  readonly resolve: Resolve;
}

/** Too early, too often or too slow: worth another try, as whatever goes wrong at the provider's is. */
const WORTH_ANOTHER_TRY = new Set([408, 425, 429]);

/** What providers say besides the status; a number is all that is repeated of it, for the rest may quote the message. */
const numbered = z.object({ code: z.int().min(0).max(999_999) });
/** What the platform says of a connection that came to nothing. */
const failure = z.object({ cause: z.object({ code: z.string().regex(/^[A-Z][A-Z_\d]{1,60}$/) }) });

/**
 * Hands a message in: any status of success means that it was taken. What is sent is sent to this address alone, and no
 * redirect is followed. Nothing that the provider says is repeated but numbers.
 */
export async function handIn(request: HandInRequest, terms: HandInTerms): Promise<void> {
  const signal = AbortSignal.timeout(terms.timeoutMilliseconds);
  const answer = await post(request, terms, signal);
  const { ok, status } = answer;
  if (ok) {
    await answer.body?.cancel();
    return;
  }
  const reason = `The provider answered ${status}${await codeOf(answer)}.`;
  if (status >= 500 || WORTH_ANOTHER_TRY.has(status)) throw new Error(reason);
  throw new Undeliverable(reason);
}

async function post(
  { url, authorization, headers, body }: HandInRequest,
  { production, resolve }: HandInTerms,
  signal: AbortSignal,
): Promise<Answer> {
  // What cannot stand in a header is quoted where it is refused.
  if (!/^[\x20-\x7E]+$/.test(authorization)) throw new Undeliverable('The secret cannot be sent.');
  const isAllowed = await Promise.race([mayBeAsked(url, production, resolve), over(signal)]).catch(
    (error: unknown) => Promise.reject(new Error(unreached(error))),
  );
  if (!isAllowed) throw new Undeliverable('The provider has an address that may not be asked.');
  try {
    return await fetch(url, {
      method: 'POST',
      body,
      headers: { accept: 'application/json', 'user-agent': 'stagedoor', ...headers, authorization },
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    // Not as its cause: it may hold what was sent.
    throw new Error(unreached(error));
  }
}

function unreached(error: unknown): string {
  const code = failure.safeParse(error).data?.cause.code;
  return `The provider was not reached, or did not answer in time${code === undefined ? '' : `: ${code}`}.`;
}

/** Of an error, by its provider's own list. */
async function codeOf({ body }: Answer): Promise<string> {
  try {
    const said = numbered.safeParse(JSON.parse(body ? await textOf(body) : ''));
    return said.success ? ` (${said.data.code})` : '';
  } catch {
    return '';
  }
}
