import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { CaptchaQuestion, CaptchaVerdict, RemoteCaptchaProvider } from '../../flow/services/captchas.js';
import { mayBeAsked } from '../web-service/address.js';
import type { Resolve } from '../web-service/address.js';
import { over, textOf } from '../web-service/answer.js';
import type { Answer } from '../web-service/answer.js';

/** What asking depends on, besides the question. */
export interface SiteVerifyTerms {
  readonly production: boolean;
  /** Of the installation: where its clients' pages are. */
  readonly hostnames: readonly string[];
  readonly timeoutMilliseconds: number;
  readonly resolve: Resolve;
}

const addresses: Readonly<Record<RemoteCaptchaProvider, string>> = {
  TURNSTILE: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  HCAPTCHA: 'https://api.hcaptcha.com/siteverify',
  RECAPTCHA_V2: 'https://www.recaptcha.net/recaptcha/api/siteverify',
  RECAPTCHA_V3: 'https://www.recaptcha.net/recaptcha/api/siteverify',
};

/** Whether the provider knows what a widget was shown for. */
const knowsActions: Readonly<Record<RemoteCaptchaProvider, boolean>> = {
  TURNSTILE: true,
  HCAPTCHA: false,
  RECAPTCHA_V2: false,
  RECAPTCHA_V3: true,
};

/** A solution that was good for longer than this is no solution any more. */
const EXPIRED = 'timeout-or-duplicate';

/** What all of them answer; each more, which is not looked at. */
const answered = z.object({
  success: z.boolean(),
  score: z.number().nullish(),
  hostname: z.string().nullish(),
  action: z.string().nullish(),
  'error-codes': z.array(z.string()).nullish(),
});

/**
 * Asks a provider's `siteverify` whether a token is a solution. Whatever is not a whole and sensible answer is none, and
 * the secret is told to nobody but the address that it is meant for.
 */
export async function siteVerify(question: CaptchaQuestion, terms: SiteVerifyTerms): Promise<CaptchaVerdict> {
  const answer = await ask(question, terms).catch(() => undefined);
  if (answer === undefined) return { type: 'unavailable' };
  const { success, score = null, hostname, action } = answer;
  if (!success) {
    return { type: 'wrong', expired: answer['error-codes']?.includes(EXPIRED) === true };
  }
  // Without a score, the key is one for another kind of widget: everybody would pass.
  if (question.provider === 'RECAPTCHA_V3' && score === null) return { type: 'unavailable' };
  const hostnames = question.hostnames.length > 0 ? question.hostnames : terms.hostnames;
  const isFromElsewhere = hostname != null && !hostnames.includes(hostname.toLowerCase());
  const isForOtherThings =
    question.action !== null && knowsActions[question.provider] && action !== question.action;
  if (isFromElsewhere || isForOtherThings) return { type: 'wrong', expired: false };
  return { type: 'right', useKey: useKeyOf(question), score };
}

function useKeyOf({ provider, token }: CaptchaQuestion): string {
  return createHash('sha256').update(`${provider} ${token}`).digest('base64url');
}

async function ask(
  question: CaptchaQuestion,
  { production, timeoutMilliseconds, resolve }: SiteVerifyTerms,
): Promise<z.infer<typeof answered>> {
  const url = new URL(question.verifyUrl ?? addresses[question.provider]);
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  if (!(await Promise.race([mayBeAsked(url, production, resolve), over(signal)])))
    throw new Error('an address that may not be asked');
  const { secret, token, clientAddress } = question;
  const response: Answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ secret: secret.reveal(), response: token, remoteip: clientAddress }),
    headers: { accept: 'application/json', 'user-agent': 'stagedoor' },
    redirect: 'error',
    signal,
  });
  if (!response.ok || !response.body) throw new Error('no answer');
  return answered.parse(JSON.parse(await textOf(response.body)));
}
