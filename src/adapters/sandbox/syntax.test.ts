import { createExpressions } from './expressions.js';

const { check } = createExpressions();

describe('the syntax of expressions', () => {
  it.each([
    ['an expression', 'user.active && user.age >= 18'],
    ['an expression with a semicolon', 'user.active;'],
    ['an expression with a comment behind it', 'user.active // yes'],
    ['an object', '{ allowed: true, reason: null }'],
    ['a body', 'const age = user.age;\nif (age < 18) return false;\nreturn true;'],
    ['a body that only throws', 'throw new Error("never")'],
    ['a property named import', 'user.import'],
    ['generators and async functions', 'function* a() { yield 1 }\nasync function b() { await 1 }\nreturn 1'],
  ])('accepts %s', (_, source) => {
    expect(check(source)).toBeUndefined();
  });

  it.each([
    ['an operator without operand', 'user.active &&', 1, 15],
    ['an error on the third line', 'const a = 1;\nif (a) {\n  return foo(;\n}', 3, 14],
    ['an error within an object', '{ "a": 1, "b": }', 1, 16],
    ['an error on the second line of an object', '{\n  a: 1 2\n}', 2, 8],
    ['an object that is not closed', '{ a: 1', 1, 7],
    ['an unterminated string', '  "abc', 1, 3],
    ['an unterminated comment', 'a /* b', 1, 3],
    ['a character that is none', 'a ? @ : b', 1, 5],
    ['lines that end as on Windows', 'const a = 1;\r\nreturn a +;', 2, 11],
  ])('says where the problem is: %s', (_, source, line, column) => {
    expect(check(source)).toMatchObject({ line, column });
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n\t '],
    ['only a comment', '// nothing'],
    ['more than 20,000 characters', `"${'x'.repeat(20_000)}"`],
    ['import()', 'import("node:fs")'],
    ['import() deep within', 'return [() => { a?.b(`${import("x")}`) }]'],
    ['import', 'import fs from "node:fs"'],
    ['import.meta', 'import.meta.url'],
    ['export', 'export const a = 1'],
    ['await outside of functions', 'await user'],
    ['sloppy code', 'with (user) { return name }'],
    ['octal numbers', '017'],
    ['a hash bang', '#!node\n1'],
    ['HTML comments', 'user.age <!-- 1'],
    ['HTML comments that close', '1\n--> 2'],
    ['an opened regular expression', '/('],
    ['what is nested too deeply', '('.repeat(9_000) + ')'.repeat(9_000)],
    ['regular expressions that are nested too deeply', `/${'('.repeat(9_000)}${')'.repeat(9_000)}/`],
  ])('refuses %s', (_, source) => {
    expect(check(source)).toEqual({
      message: expect.any(String),
      line: expect.any(Number),
      column: expect.any(Number),
    });
  });

  it.each([
    'true) || (false',
    'true); (false',
    'true), (false',
    'true) => (false',
    'a)(b',
    ')',
    '})',
    '}); (() => {',
    '} return true; {',
    '} finally {} }); (function () { try {',
    'true)][0]; }); (function () { return [(1',
    'true); }) // ',
    'true /*',
    '`',
    '*/ true',
  ])('refuses what would close the words around it: %s', (source) => {
    expect(check(source)).toBeDefined();
  });

  it('keeps its messages short', () => {
    expect(check(`/${'(?<a'.repeat(3_000)}/`)?.message.length).toBeLessThanOrEqual(200);
  });
});
