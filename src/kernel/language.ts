import { z } from 'zod';

/** What people are written to in. Each has a complete set of texts. */
export const languages = ['EN', 'DE'] as const;
export type Language = (typeof languages)[number];

export const languageCode = z.enum(languages).meta({
  typeName: 'Language',
  description: 'What people are written to in.',
  values: { EN: 'English.', DE: 'German.' },
});

/** Those that an Accept-Language header names (RFC 9110 §12.5.4), the dearest first. */
export function acceptedLanguages(header: string): string[] {
  const ranges = header
    .slice(0, 500)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => /^[a-z]{2,3}(-[a-z\d]{1,8})*$/i.test(tag) && quality > 0);
  return ranges.toSorted((one, other) => other.quality - one.quality).map(({ tag }) => tag);
}
