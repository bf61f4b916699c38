import { z } from 'zod';

import { durationSeconds, durationText } from '../kernel/duration.js';
import { languageCode } from '../kernel/language.js';
import type { Language } from '../kernel/language.js';
import { isStorableText } from '../kernel/text.js';
import type { Actor } from './change.js';

const DAY_SECONDS = 24 * 3600;

/** What holds for the whole installation, as administrators have decided. */
export interface Installation {
  readonly version: number;
  /** How long events are kept. */
  readonly eventRetentionDays: number;
  /** How long ago somebody may have signed in to do what asks for a recent authentication. */
  readonly recentAuthenticationSeconds: number;
  /** What the product is called where it speaks to people. */
  readonly brandName: string;
  /** What people are spoken to in whose language is not known, or not spoken here. */
  readonly language: Language;
}

/** What administrators may decide. */
export const installationFields = z.strictObject({
  eventRetention: durationText
    .refine(
      (text) => {
        const days = durationSeconds(text) / DAY_SECONDS;
        return Number.isInteger(days) && days >= 30 && days <= 3650;
      },
      { error: 'Must be whole days, from P30D to P3650D.' },
    )
    .describe(
      'How long events are kept, in whole days from P30D to P3650D; also those that are there already, where it becomes shorter.',
    ),
  recentAuthentication: durationText
    .refine((text) => durationSeconds(text) >= 60 && durationSeconds(text) <= DAY_SECONDS / 2, {
      error: 'Must be between PT1M and PT12H.',
    })
    .describe(
      'How long ago somebody may have signed in to do what asks for a recent authentication, from PT1M to PT12H.',
    ),
  brandName: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .refine(isStorableText, { error: 'Must not hold characters that cannot be stored.', abort: true })
    .refine((text) => !/\p{Cc}/u.test(text), { error: 'Must be one line.' })
    .describe('What the product is called in mails, on one line.'),
  language: languageCode.describe(
    'What people are written to in whose language is not known, or not among these.',
  ),
});

export type InstallationChanges = Partial<z.infer<typeof installationFields>>;

/** The changes as they are kept. */
export function decided({
  eventRetention,
  recentAuthentication,
  ...others
}: InstallationChanges): Partial<Omit<Installation, 'version'>> {
  return {
    ...others,
    ...(eventRetention !== undefined && {
      eventRetentionDays: durationSeconds(eventRetention) / DAY_SECONDS,
    }),
    ...(recentAuthentication !== undefined && {
      recentAuthenticationSeconds: durationSeconds(recentAuthentication),
    }),
  };
}

export interface InstallationEditor {
  /**
   * One transaction, which records what it has changed; every node knows with its next request. Refuses as CONFLICT
   * where there is another version than was expected.
   */
  update(changes: InstallationChanges, ifVersion: number | null, by: Actor): Promise<void>;
}
