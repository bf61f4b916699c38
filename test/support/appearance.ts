import type { TestApp } from './test-app.js';
import type { Answer } from './test-client.js';

/** Ids, tokens, and how long a cookie is kept: another one each time, for anybody. */
const SECRET = /[0-9a-f]{8}-[0-9a-f-]{27}|(?<![\w-])[\w-]{43}(?![\w-])|(?<=Expires=)[^;]+/g;
const MOMENT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
const MATCH_CODE = /(?<="matchCode":)"\d\d"/g;

/**
 * An answer byte by byte, less what is another one each time, for anybody: ids, tokens, match codes, and what was
 * typed. A moment is so far from now.
 */
export function appearance(
  { status, headers, data, errors }: Answer,
  { clock }: TestApp,
  typed: readonly string[],
): string[] {
  const now = clock.now().getTime();
  const masked = (text: string): string =>
    text
      .replaceAll(MOMENT, (moment) => `${(new Date(moment).getTime() - now) / 1000} s from now`)
      .replaceAll(SECRET, 'secret')
      .replaceAll(MATCH_CODE, '"match code"');
  const shown = [...headers]
    .filter(([name]) => name !== 'date')
    .map(([name, value]) => `${name}: ${masked(value)}`);
  const body = masked(JSON.stringify({ status, data, errors }));
  return [...shown, typed.reduce((text, word) => text.replaceAll(`"${word}"`, '"typed"'), body)];
}
