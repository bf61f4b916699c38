import { z } from 'zod';

import { mailTemplates } from '../../flow/services/mail-texts.js';
import { namesOf } from './mail-values.js';
import { reasonOf } from './reason.js';
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
      const refuse = (message: string): never => {
        issues.addIssue({ code: 'custom', message });
        return z.NEVER;
      };
      try {
        const read = plainWording(source);
        const unknown = read.places.filter((place) => !places.includes(place));
        if (unknown.length === 0) return read;
        return refuse(`has no place ${unknown.join(', ')}; there are ${places.join(', ')}`);
      } catch (error) {
        return refuse(`cannot be read: ${reasonOf(error)}`);
      }
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

/** What a text message says: without its code it would be of no use. */
const message = wording(['brand', 'code']).refine(({ places }) => places.includes('code'), {
  error: 'must say {{ code }}',
});

/** All that mails and text messages say in one language. */
export const languageTexts = z.strictObject({
  common,
  mails: z.strictObject(
    Object.fromEntries(
      Object.entries(mailTemplates).map(([template, places]) => [template, textsOfOne(namesOf(places))]),
    ),
  ),
  messages: z.strictObject({ 'sign-in-code': message }),
});

export type LanguageTexts = z.infer<typeof languageTexts>;
