import { z } from 'zod';

import type { Chance } from '../kernel/chance.js';
import { secondsAfter } from '../kernel/clock.js';
import { languageCode } from '../kernel/language.js';
import type { Language } from '../kernel/language.js';
import type { Secret } from '../kernel/secret.js';
import { canonical } from '../kernel/text.js';
import { isEmailAddress } from './account-names.js';
import type { SendMail } from './effect.js';

const MOST_ADDRESSES = 50;
/** Where an invitation is good for longer, nobody waits so long for its mail. */
const LONGEST_SECONDS = 7 * 24 * 3600;

/** Whom an invitation is to be sent to. */
export const invitationMailFields = z.strictObject({
  emailAddresses: z
    .array(
      z.string().refine(isEmailAddress, {
        error: 'Must be an e-mail address.',
        params: { code: 'INVALID_EMAIL' },
      }),
    )
    .min(1, { error: 'Must name somebody.' })
    .max(MOST_ADDRESSES, { error: `Must not be more than ${MOST_ADDRESSES}.` })
    .describe(
      `To whom: 1 to ${MOST_ADDRESSES} addresses, each of which gets a mail of its own; one that is there twice gets one. Where the invitation is good for one account only, one address.`,
    ),
  language: languageCode
    .nullable()
    .default(null)
    .describe('What to write in. Default: the language of `settings`.'),
});

/** Whom an invitation is sent to, each of them once. */
export interface Recipients {
  readonly addresses: readonly string[];
  readonly language: Language;
}

/** The addresses as they are written there, each once, whatever its case. */
export function distinctAddresses(addresses: readonly string[]): string[] {
  const forms = addresses.map(canonical);
  return addresses.filter((_, index) => forms.indexOf(forms[index] ?? '') === index);
}

/** One mail for each recipient: none learns of the others. */
export function invitationMails(
  { addresses, language }: Recipients,
  { url, expiresAt }: { readonly url: Secret; readonly expiresAt: Date | null },
  chance: Pick<Chance, 'id'>,
  now: Date,
): SendMail[] {
  const latest = secondsAfter(now, LONGEST_SECONDS);
  return addresses.map((to) => ({
    type: 'sendMail',
    id: chance.id(),
    template: 'invitation',
    to,
    userId: null,
    language,
    values: { expires: expiresAt?.toISOString() ?? '' },
    secrets: { url },
    expiresAt: expiresAt !== null && expiresAt < latest ? expiresAt : latest,
  }));
}
