/**
 * What was typed, as the recovery code that was meant: case, spaces and hyphens do not matter, and a digit that no code has
 * is the letter that it looks like. A one is no letter: it could be either of two.
 */
export function typedRecoveryCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .replaceAll('0', 'O')
    .replaceAll('8', 'B');
}
