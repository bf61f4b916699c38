import type { Secret } from '../kernel/secret.js';
import { canonical, codePointLength } from '../kernel/text.js';

/** NIST SP 800-63B-4 §3.1.1.2: a password that is the only factor has at least 15 characters. */
const SHORTEST_PASSWORD = 15;
const LONGEST_PASSWORD = 256;
const SHORTEST_REMAINDER = 8;
const PRODUCT = 'stagedoor';

export interface PasswordProblem {
  readonly code: 'TOO_SHORT' | 'TOO_LONG' | 'TOO_GUESSABLE';
  readonly message: string;
}

/**
 * What is wrong with a new password, or undefined. Length counts code points after normalisation. Words that
 * anybody would try first, such as the person's own name, do not count.
 */
export function passwordProblem(
  password: Secret,
  contextWords: readonly string[],
): PasswordProblem | undefined {
  const normal = password.reveal().normalize('NFC');
  if (codePointLength(normal) < SHORTEST_PASSWORD) {
    return { code: 'TOO_SHORT', message: `A password has at least ${SHORTEST_PASSWORD} characters.` };
  }
  if (codePointLength(normal) > LONGEST_PASSWORD) {
    return { code: 'TOO_LONG', message: `A password has at most ${LONGEST_PASSWORD} characters.` };
  }
  if (codePointLength(withoutWords(normal, contextWords)) < SHORTEST_REMAINDER || isRepetition(normal)) {
    return { code: 'TOO_GUESSABLE', message: 'This consists of what anybody would try first.' };
  }
  return undefined;
}

function withoutWords(password: string, contextWords: readonly string[]): string {
  const words = [PRODUCT, ...contextWords.flatMap((word) => [word, ...word.split('@')])]
    .map(canonical)
    .filter((word) => word.length >= 3)
    .toSorted((a, b) => b.length - a.length);
  return words.reduce((rest, word) => rest.replaceAll(word, ''), canonical(password));
}

/** One short piece, over and over: `aaaaaaaaaaaaaaa`, `abcabcabcabcabc`. */
function isRepetition(password: string): boolean {
  return /^(.{1,4}?)\1+.{0,3}$/su.test(password);
}
