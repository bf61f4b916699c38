import { z } from 'zod';

import { mailTemplates } from '../../flow/services/mail-texts.js';
import { namesOf } from './mail-values.js';
import { plainWording } from './wording.js';
import type { Wording } from './wording.js';

/** What every text may say. */
const EVERYWHERE = ['brand', 'name'];
/** These have a form of their own in the layout. */
const IN_LAYOUT = ['url', 'code'];

/** A text that has these places and no others. */
function wording(places: readonly string[]) {
  return z
    .string()
    .min(1)
    .transform((source, issues): Wording => {
      const read = attempt(() => plainWording(source));
      if (typeof read === 'string') {
        issues.addIssue({ code: 'custom', message: `cannot be read: ${read}` });
        return z.NEVER;
      }
      const unknown = read.places.filter((place) => !places.includes(place));
      if (unknown.length === 0) return read;
      const message = `has no place ${unknown.join(', ')}; there are ${places.join(', ')}`;
      issues.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
}

const everywhere = wording(EVERYWHERE);

const absent = z.undefined({ error: 'is not part of this mail' }).optional();

const common = z.strictObject({
  greeting: everywhere,
  /** For those whose name we do not know, or would rather not repeat. */
  greetingWithoutName: everywhere,
  linkLabel: everywhere,
  footer: everywhere,
});

/** What a mail says: that of a template with a link says what that does, that of one with a code what to do with it. */
function textsOfOne(places: readonly string[]) {
  const text = wording([...EVERYWHERE, ...places.filter((place) => !IN_LAYOUT.includes(place))]);
  return z.strictObject({
    subject: text,
    heading: text,
    paragraphs: z.array(text).min(1),
    button: places.includes('url') ? text : absent,
    codeLabel: places.includes('code') ? text : absent,
    /** What to do if it was somebody else. */
    advice: text,
  });
}

/** All that mails say in one language. */
export const languageTexts = z.strictObject({
  common,
  mails: z.strictObject(
    Object.fromEntries(
      Object.entries(mailTemplates).map(([template, places]) => [template, textsOfOne(namesOf(places))]),
    ),
  ),
});

export type LanguageTexts = z.infer<typeof languageTexts>;

/** The message of what was thrown, instead of the result. */
function attempt<T extends object>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
