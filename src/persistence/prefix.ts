const LAST_CODE_POINT = 0x10ffff;
/** Between these two lie surrogates, which are no characters. */
const BEFORE_SURROGATES = 0xd7ff;
const AFTER_SURROGATES = 0xe000;

/**
 * The first text, in order of code points, that comes after all that begin like this; null where nothing does. What lies
 * between the two is found by an index, and no character of the prefix means anything else than itself.
 */
export function afterAllWith(prefix: string): string | null {
  const codes = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (;;) {
    const last = codes.pop();
    if (last === undefined) return null;
    if (last === LAST_CODE_POINT) continue;
    return String.fromCodePoint(...codes, last === BEFORE_SURROGATES ? AFTER_SURROGATES : last + 1);
  }
}
