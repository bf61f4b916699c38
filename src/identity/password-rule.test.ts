import { Secret } from '../kernel/secret.js';
import { passwordProblem } from './password-rule.js';

function codeOf(password: string, contextWords: readonly string[] = []): string | undefined {
  return passwordProblem(new Secret(password), contextWords)?.code;
}

describe('the length of a password', () => {
  it('is at least 15 and at most 256 characters', () => {
    expect(codeOf('q7#kd0!mzP4vbn')).toBe('TOO_SHORT');
    expect(codeOf('q7#kd0!mzP4vbnw')).toBeUndefined();
    const long = Array.from({ length: 64 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
    expect(codeOf(long.repeat(4))).toBeUndefined();
    expect(codeOf(`${long.repeat(4)}x`)).toBe('TOO_LONG');
  });

  it('counts characters, not bytes, after they were put together', () => {
    expect(codeOf('\u{1f600}\u{1f601}\u{1f602}\u{1f603}\u{1f604}\u{1f605}\u{1f606}')).toBe('TOO_SHORT');
    // Ten letters, each typed as a letter and an accent.
    expect(codeOf('e\u0301a\u0301o\u0301u\u0301i\u0301e\u0300a\u0300o\u0300u\u0300i\u0300')).toBe(
      'TOO_SHORT',
    );
  });
});

describe('a password that anybody would try', () => {
  it.each(['aaaaaaaaaaaaaaaa', 'abcabcabcabcabca', '12341234123412345', '\u{1f600}'.repeat(15)])(
    'is one that repeats itself: %s',
    (password) => expect(codeOf(password)).toBe('TOO_GUESSABLE'),
  );

  it('is one that consists of the name of the person or of this service', () => {
    const words = ['ada.lovelace', 'ada.lovelace@example.org'];
    expect(codeOf('Ada.Lovelace2026', words)).toBe('TOO_GUESSABLE');
    expect(codeOf('ADA.LOVELACE@EXAMPLE.ORG!', words)).toBe('TOO_GUESSABLE');
    expect(codeOf('StagedoorStagedoor1')).toBe('TOO_GUESSABLE');
    expect(codeOf('ada.lovelace likes difference engines', words)).toBeUndefined();
  });

  it('is not one that only has a short name in it', () => {
    expect(codeOf('lalalo pepepe tititi', ['la'])).toBeUndefined();
  });
});

it('needs no kind of character', () => {
  expect(codeOf('correct horse battery staple')).toBeUndefined();
  expect(codeOf('918273645546372')).toBeUndefined();
});
