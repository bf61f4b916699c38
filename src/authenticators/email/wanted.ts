import { canonical } from '../../kernel/text.js';
import { isEmailAddress } from '../../flow/account-names.js';
import { responseError } from '../../flow/outcome.js';
import type { ResponseError } from '../../flow/outcome.js';

/** Why an answer is refused. */
export const refusals = {
  REQUIRED: 'The field must be filled in.',
  INVALID: 'The field does not have the form that is asked for.',
  INVALID_CODE: 'This is not the code of the newest mail.',
  CODE_EXPIRED: 'This code is good no longer. Ask for another one.',
  ALREADY_SET_UP: 'Codes are sent to this address already. Choose another one.',
  RATE_LIMITED: 'There have been too many mails. Try again later.',
} as const;

interface Answer {
  readonly email?: string | undefined;
  readonly code?: string | undefined;
  readonly resend?: boolean | undefined;
}

/** What an answer asks for. */
export type Wanted =
  /** A code is to be mailed. `field`: what has asked for it. */
  | { readonly type: 'mail'; readonly address: string; readonly field: 'email' | 'resend' }
  /** A code that was mailed to this address is to be compared. */
  | { readonly type: 'check'; readonly address: string; readonly code: string }
  | { readonly type: 'refused'; readonly errors: readonly [ResponseError] };

/** One thing at a time: a code that comes with an address could have been mailed to another one. */
export function wanted(
  { email, code, resend }: Answer,
  address: string | null,
  owned: readonly string[],
): Wanted {
  const wantsAnother = resend === true;
  if (email !== undefined) {
    if (code !== undefined) return refused('code', 'INVALID');
    if (wantsAnother) return refused('resend', 'INVALID');
    if (!isEmailAddress(email)) return refused('email', 'INVALID');
    const isOwned = owned.some((other) => canonical(other) === canonical(email));
    return isOwned ? refused('email', 'ALREADY_SET_UP') : { type: 'mail', address: email, field: 'email' };
  }
  if (address === null) return refused('email', 'REQUIRED');
  if (code !== undefined)
    return wantsAnother ? refused('resend', 'INVALID') : { type: 'check', address, code };
  return wantsAnother ? { type: 'mail', address, field: 'resend' } : refused('code', 'REQUIRED');
}

function refused(field: keyof Answer, code: keyof typeof refusals): Wanted {
  return { type: 'refused', errors: [responseError(field, code, refusals[code])] };
}
