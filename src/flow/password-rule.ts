import type { PromptValue } from './context-keys.js';
import type { Secret } from '../kernel/secret.js';
import { canonical, codePointLength } from '../kernel/text.js';
import type { PasswordStrength } from './services/password-strength.js';
import type { FlowUser } from './services/users.js';

/** Whatever a policy says, no password outside of these lengths is ever stored (NIST SP 800-63B-4 §3.1.1.2). */
export const passwordLengths = {
  shortest: 8,
  longest: 256,
  /** Where a password is the only factor. */
  shortestAlone: 15,
} as const;

/** What a new password has to be like. Only ASCII letters and digits count as such. */
export interface PasswordRule {
  readonly minLength: number;
  readonly minDigits: number;
  readonly minLowercase: number;
  readonly minUppercase: number;
  readonly minSymbols: number;
  readonly symbolCharacters: string;
  /** Whether it may not be on the list of common and breached passwords that comes with the product. */
  readonly checkCommon: boolean;
}

/** What holds wherever no policy judges a new password. */
export const builtInPasswordRule: PasswordRule = {
  minLength: passwordLengths.shortestAlone,
  minDigits: 0,
  minLowercase: 0,
  minUppercase: 0,
  minSymbols: 0,
  symbolCharacters: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ ',
  checkCommon: true,
};

export interface PasswordProblem {
  readonly code: 'TOO_SHORT' | 'TOO_LONG' | 'TOO_SIMPLE' | 'TOO_GUESSABLE' | 'TOO_COMMON';
  /** What is asked for, in a sentence for the person. */
  readonly message: string;
}

/**
 * What is wrong with a new password, or undefined. Length counts code points after normalisation. `contextWords` are what
 * anybody would try first who knows the person: what is left without them must be half of the shortest length.
 */
export async function passwordProblem(
  password: Secret,
  contextWords: readonly string[],
  rule: PasswordRule,
  strength: Pick<PasswordStrength, 'isCommon'>,
): Promise<PasswordProblem | undefined> {
  const wrong = lengthProblem(password, rule.minLength) ?? compositionProblem(password, rule);
  if (wrong) return wrong;
  const normal = password.reveal().normalize('NFC');
  const ofItsOwn = codePointLength(withoutWords(normal, contextWords));
  if (ofItsOwn < Math.ceil(rule.minLength / 2) || isRepetition(normal) || isSequence(normal)) {
    return { code: 'TOO_GUESSABLE', message: 'This consists of what anybody would try first.' };
  }
  if (rule.checkCommon && (await strength.isCommon(password))) {
    return { code: 'TOO_COMMON', message: 'This is on the list of passwords that many people have used.' };
  }
  return undefined;
}

/** Whether a password may be stored at all, whoever has judged it. */
export function lengthProblem(
  password: Secret,
  shortest: number = passwordLengths.shortest,
): PasswordProblem | undefined {
  const length = passwordLength(password);
  const { longest } = passwordLengths;
  if (length < shortest) {
    return { code: 'TOO_SHORT', message: `A password has at least ${shortest} characters.` };
  }
  if (length > longest) {
    return { code: 'TOO_LONG', message: `A password has at most ${longest} characters.` };
  }
  return undefined;
}

export function passwordLength(password: Secret): number {
  return codePointLength(password.reveal().normalize('NFC'));
}

/** What is longer is no name of anything: nobody has to keep clear of every word of an essay, or of a file. */
const LONGEST_NAME = 300;

/** What somebody would try first who knows the person, and what the person has just typed besides the password. */
export function wordsAbout(
  user: Pick<FlowUser, 'username' | 'email' | 'name'> | null,
  promptData: Readonly<Record<string, PromptValue>>,
): string[] {
  const typed = Object.values(promptData)
    .filter((value) => typeof value !== 'boolean')
    .map(String)
    .filter((value) => value.length <= LONGEST_NAME);
  return [user?.username ?? '', user?.email ?? '', user?.name ?? '', ...typed];
}

function compositionProblem(password: Secret, rule: PasswordRule): PasswordProblem | undefined {
  const characters = Array.from(password.reveal().normalize('NFC'));
  const symbols = new Set(Array.from(rule.symbolCharacters));
  const demands = [
    { least: rule.minDigits, one: 'digit', is: (character: string) => /[0-9]/.test(character) },
    { least: rule.minLowercase, one: 'small letter', is: (character: string) => /[a-z]/.test(character) },
    { least: rule.minUppercase, one: 'capital letter', is: (character: string) => /[A-Z]/.test(character) },
    { least: rule.minSymbols, one: 'symbol', is: (character: string) => symbols.has(character) },
  ].filter(({ least }) => least > 0);
  if (demands.every(({ least, is }) => characters.filter(is).length >= least)) return undefined;
  const asked = demands.map(({ least, one }) => `${least} ${one}${least === 1 ? '' : 's'}`);
  return { code: 'TOO_SIMPLE', message: `A password has at least ${asked.join(', ')}.` };
}

const PRODUCT = 'stagedoor';
/** Shorter ones are part of too many other words. */
const SHORTEST_WORD = 3;

function withoutWords(password: string, contextWords: readonly string[]): string {
  const words = [PRODUCT, ...contextWords]
    .map(canonical)
    .flatMap((word) => [word, ...word.split('@'), ...word.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length >= SHORTEST_WORD)
    .toSorted((a, b) => b.length - a.length);
  return words.reduce((rest, word) => rest.replaceAll(word, ''), canonical(password));
}

/** One short piece, over and over: `aaaaaaaaaaaaaaa`, `abcabcabcabcabc`. */
function isRepetition(password: string): boolean {
  return /^(.{1,4}?)\1+.{0,3}$/su.test(password);
}

/** Each character the next one after that before it, or the one before it: `abcdefghijklmnop`, `987654321`. */
function isSequence(password: string): boolean {
  const codes = Array.from(password, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] ?? 0)));
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}
