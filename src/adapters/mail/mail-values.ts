import type { Language } from '../../kernel/language.js';
import { codePointLength } from '../../kernel/text.js';
import { mailTemplates } from '../../flow/services/mail-texts.js';
import type { MailToRender } from '../../flow/services/mail-texts.js';

/** What a text may say, as it is to be read; null where there is none. */
export type MailValues = Readonly<Record<string, string | null>>;

const LONGEST_SALUTATION = 70;
/** What a mail program makes a link of: whoever signs up with such a name would have us advertise it. */
const looksLikeLink = /[/@\\]|www\.|:\S|[\p{L}\d]{2,}\.[\p{L}\d]{2,}/iu;

/** How times and numbers are written. */
const locales = { EN: 'en-GB', DE: 'de-DE' } as const satisfies Record<Language, string>;

/** Places as texts know them: what is secret is no concern of theirs. */
export function namesOf(places: readonly string[]): string[] {
  return places.map((place) => place.replace('secret:', ''));
}

/** What a mail's template has places for, as it is to be read. Throws where one is missing, or cannot be used. */
export function mailValues({ template, language, brandName, values }: MailToRender): MailValues {
  const presented = namesOf(mailTemplates[template]).map((place): [string, string | null] => {
    const value = values[place];
    if (value === undefined) throw new Error(`The mail ${template} has nothing for its place ${place}`);
    return [place, presentation(place, oneLine(value), language)];
  });
  const name = oneLine(values.name ?? '');
  return {
    ...Object.fromEntries(presented),
    brand: oneLine(brandName),
    name: isSalutation(name) ? name : null,
  };
}

/** A value as people read it in their language. */
function presentation(place: string, value: string, language: Language): string | null {
  switch (place) {
    case 'url':
      return webAddress(value);
    case 'code':
      return value.replaceAll(/(.{4})(?=.)/gu, '$1 ');
    case 'minutes':
      return new Intl.NumberFormat(locales[language], {
        style: 'unit',
        unit: 'minute',
        unitDisplay: 'long',
      }).format(wholeNumber(value));
    case 'when':
      return moment(value, language);
    case 'expires':
      // An invitation may be good for ever.
      return value === '' ? null : moment(value, language);
    default:
      return value;
  }
}

function webAddress(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href;
  throw new Error('A mail cannot have a link that is no web address');
}

function wholeNumber(value: string): number {
  if (/^\d{1,6}$/.test(value)) return Number(value);
  throw new Error('A mail cannot say so many minutes');
}

function moment(value: string, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(new Date(value));
}

/**
 * The text on one line: what would begin another, or a header, or let a text be read in another order than it is
 * written in, is a space.
 */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu, ' ')
    .trim();
}

function isSalutation(name: string): boolean {
  return name !== '' && codePointLength(name) <= LONGEST_SALUTATION && !looksLikeLink.test(name);
}
