import { Secret } from '../kernel/secret.js';
import { builtInPasswordRule, passwordProblem, wordsAbout } from './password-rule.js';
import type { PasswordRule } from './password-rule.js';

const LISTED = 'the worst password';
const list = { isCommon: async (password: Secret) => password.reveal() === LISTED };

async function problemOf(password: string, words: readonly string[] = [], rule: Partial<PasswordRule> = {}) {
  return passwordProblem(new Secret(password), words, { ...builtInPasswordRule, ...rule }, list);
}

async function codeOf(...given: Parameters<typeof problemOf>): Promise<string | undefined> {
  return (await problemOf(...given))?.code;
}

describe('the length of a password', () => {
  it('is at least 15 and at most 256 characters', async () => {
    expect(await codeOf('q7#kd0!mzP4vbn')).toBe('TOO_SHORT');
    expect(await codeOf('q7#kd0!mzP4vbnw')).toBeUndefined();
    const long = Array.from({ length: 64 }, (_, index) => String.fromCodePoint(0x4e00 + 2 * index)).join('');
    expect(await codeOf(`${long.repeat(3)}${long.slice(1)}x`)).toBeUndefined();
    expect(await codeOf(`${long.repeat(4)}x`)).toBe('TOO_LONG');
  });

  it('counts characters, not bytes, after they were put together', async () => {
    expect(await codeOf('\u{1f600}\u{1f601}\u{1f603}\u{1f602}\u{1f604}\u{1f605}\u{1f606}')).toBe('TOO_SHORT');
    // Ten letters, each typed as a letter and an accent.
    expect(await codeOf('e\u0301a\u0301o\u0301u\u0301i\u0301e\u0300a\u0300o\u0300u\u0300i\u0300')).toBe(
      'TOO_SHORT',
    );
  });
});

describe('a password that anybody would try', () => {
  it('is one that repeats itself, however its letters were typed', async () => {
    const typed = Array.from({ length: 17 }, (_, index) =>
      index % 3 === 0 || index % 7 === 0 ? '\u00e9' : 'e\u0301',
    );
    expect(await codeOf(typed.join(''))).toBe('TOO_GUESSABLE');
  });

  it.each(['aaaaaaaaaaaaaaaa', 'abcabcabcabcabca', '12341234123412345', '\u{1f600}'.repeat(15)])(
    'is one that repeats itself: %s',
    async (password) => expect(await codeOf(password)).toBe('TOO_GUESSABLE'),
  );

  it.each(['abcdefghijklmno', 'zyxwvutsrqponml', '0123456789:;<=>'])(
    'is one whose characters follow each other: %s',
    async (password) => expect(await codeOf(password)).toBe('TOO_GUESSABLE'),
  );

  it('is one that consists of the name of the person or of this service', async () => {
    const words = ['ada.lovelace', 'ada.lovelace@example.org'];
    expect(await codeOf('Ada.Lovelace2026', words)).toBe('TOO_GUESSABLE');
    expect(await codeOf('LovelaceAda2026!', words)).toBe('TOO_GUESSABLE');
    expect(await codeOf('ADA.LOVELACE@EXAMPLE.ORG!', words)).toBe('TOO_GUESSABLE');
    expect(await codeOf('example example 1', words)).toBe('TOO_GUESSABLE');
    expect(await codeOf('StagedoorStagedoor1')).toBe('TOO_GUESSABLE');
    expect(await codeOf('ada.lovelace likes difference engines', words)).toBeUndefined();
  });

  it('is not one that only has a short name in it', async () => {
    expect(await codeOf('lalalo pepepe tititi', ['la'])).toBeUndefined();
  });

  it('is one that is known to have been used, where the list is asked', async () => {
    expect(await problemOf(LISTED)).toEqual({
      code: 'TOO_COMMON',
      message: 'This is on the list of passwords that many people have used.',
    });
    expect(await codeOf(LISTED, [], { checkCommon: false })).toBeUndefined();
  });

  it('may be short where a second factor is required, and needs half of that of its own', async () => {
    const rule = { minLength: 8 };
    expect(await codeOf('q7#kd0!m', [], rule)).toBeUndefined();
    expect(await codeOf('lovelac7', ['lovelac'], rule)).toBe('TOO_GUESSABLE');
    expect(await codeOf('ada7#kd0', ['ada'], rule)).toBeUndefined();
  });
});

describe('kinds of characters', () => {
  it('are not asked for', async () => {
    expect(await codeOf('correct horse battery staple')).toBeUndefined();
    expect(await codeOf('918273645546372')).toBeUndefined();
  });

  it('are all named where a rule asks for some and one is missing', async () => {
    const rule = { minDigits: 1, minLowercase: 2, minSymbols: 3, symbolCharacters: '!? ' };
    expect(await problemOf('correct-horse-battery-staple-7', [], rule)).toEqual({
      code: 'TOO_SIMPLE',
      message: 'A password has at least 1 digit, 2 small letters, 3 symbols.',
    });
    expect(await codeOf('correct horse battery staple 7', [], rule)).toBeUndefined();
  });

  it('are those of ASCII', async () => {
    expect(await codeOf('correct horse battery staple \u0667', [], { minDigits: 1 })).toBe('TOO_SIMPLE');
    expect(await codeOf('correct horse battery stapl\u00c9', [], { minUppercase: 1 })).toBe('TOO_SIMPLE');
  });
});

it('knows what people are called, and what they have typed', () => {
  const user = { username: 'ada', email: null, name: 'Ada Lovelace' };
  expect(wordsAbout(user, { nickname: 'Countess' }).filter(Boolean)).toEqual([
    'ada',
    'Ada Lovelace',
    'Countess',
  ]);
  expect(wordsAbout(null, {}).filter(Boolean)).toEqual([]);
});

it('keeps nobody from the words of essays and files, nor from true and false', () => {
  const typed = { about: 'word '.repeat(100), terms: true, born: 1815 };
  expect(wordsAbout(null, typed).filter(Boolean)).toEqual(['1815']);
});
