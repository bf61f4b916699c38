/** NUL cannot be stored by PostgreSQL, and a lone surrogate is no character at all. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** The text with what cannot be stored replaced by the character that stands for it. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** The form under which names and addresses are compared: the same for every spelling of the same word. */
export function canonical(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

export function codePointLength(text: string): number {
  return Array.from(text).length;
}

/** Whether a text is what `decodeURIComponent` can read, and holds no control characters then. */
export function isPercentEncoded(text: string): boolean {
  try {
    return !/\p{Cc}/u.test(decodeURIComponent(text));
  } catch {
    return false;
  }
}
