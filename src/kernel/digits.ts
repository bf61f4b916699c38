import type { Secret } from './secret.js';

/** So many decimal digits made of a token's 256 bits of chance, each code as likely as any other. */
export function digitsOf(token: Secret, count: number): string {
  const bits = BigInt(`0x0${Buffer.from(token.reveal(), 'base64url').toString('hex')}`);
  return (bits % 10n ** BigInt(count)).toString().padStart(count, '0');
}

/** What was typed, as the digits that were meant. */
export function digitsIn(typed: string): string {
  return typed.normalize('NFKC').replaceAll(/[\s-]/gu, '');
}
