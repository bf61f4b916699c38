/** What people and their address books put between digits; direction marks come along with what is copied from phones. */
const betweenDigits = /[\p{Zs}\t()[\]/.\-‐‑–\u200E\u202A-\u202E\u2066-\u2069]/gu;
/** ITU-T E.164, section 6: no more than 15 digits, and no country code begins with a zero. Nobody's number is shorter than 7. */
const e164 = /^\+[1-9]\d{6,14}$/;

/** The number that was typed, in E.164; undefined where it is none. A country is never guessed. */
export function numberIn(typed: string): string | undefined {
  const number = typed.replaceAll(betweenDigits, '');
  return e164.test(number) ? number : undefined;
}

/** The number as it may be shown: enough for its owner to know it again, too little for others to call it. */
export function masked(number: string): string {
  const shownAtEnd = number.length > 10 ? 3 : 2;
  const hidden = '•'.repeat(number.length - 3 - shownAtEnd);
  return `${number.slice(0, 3)}${hidden}${number.slice(-shownAtEnd)}`;
}
