import { isUtf8 } from 'node:buffer';

/** What a file says, without the mark that some editors put before it; undefined where it is no text in UTF-8. */
export function storedText(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : undefined;
}

/** Why the system could not read a file, such as `ENOENT`; undefined where something else went wrong. */
export function readingTrouble(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
