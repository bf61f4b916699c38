import fc from 'fast-check';
import { parse } from 'yaml';

import { documentText } from './document-text.js';

/** Texts of what YAML takes for something else, where it stands in the wrong place. */
const treacherous = fc.string({
  unit: fc.constantFrom(
    ...[
      '\n',
      ' ',
      '\t',
      '\r',
      ':',
      '#',
      '-',
      '"',
      "'",
      '|',
      '>',
      '%',
      '---',
      '...',
      '\\',
      '{',
      '}',
      '[',
      ']',
    ],
    ...[
      ',',
      '&',
      '*',
      '!',
      '@',
      '`',
      '?',
      '~',
      '=',
      '<<',
      '\uFEFF',
      '\u0085',
      '\u2028',
      '\u200B',
      '\u007F',
      '\u0001',
    ],
    ...['yes', 'no', 'on', 'null', 'true', '0', '1', 'e', '.', '_', 'é', '漢', '😀', '$', '%(user)s'],
  ),
});
const text = fc.oneof(
  treacherous,
  fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed()),
);
const key = text.filter((value) => value !== '__proto__');
const document = fc.record({ a: fc.array(text), b: fc.dictionary(key, text), c: fc.jsonValue() });

describe('the text of a document', () => {
  test('is read as what was written, whatever texts stand in it', () => {
    fc.assert(
      fc.property(document, (written) => {
        const { a, b, c } = written;
        const held = { a, b, c: JSON.parse(JSON.stringify(c)) };
        for (const format of ['YAML', 'JSON'] as const) {
          const read: unknown = parse(documentText(held, format), { maxAliasCount: 0 });
          expect(JSON.stringify(read)).toBe(JSON.stringify(held));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('reads the same in versions of YAML in which more words mean true and false', () => {
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const read: unknown = parse(documentText({ texts }, 'YAML'), { version: '1.1' });
        expect(read).toEqual({ texts });
      }),
      { numRuns: 500 },
    );
  });

  test('has what is of several lines as it is, line by line', () => {
    const code = 'if (user.name === "x") {\n  return false;\n}\n\nreturn true;';
    expect(documentText({ code }, 'YAML')).toContain(
      'code: |-\n  if (user.name === "x") {\n    return false;\n  }\n\n  return true;\n',
    );
  });

  test('keeps a long line in one piece', () => {
    const long = 'word '.repeat(100) + 'end';
    expect(documentText({ long }, 'YAML')).toContain(`long: ${long}\n`);
  });
});
