import { existsSync, readFileSync } from 'node:fs';

import ts from 'typescript';

/** What is listed where, and how many cases there are. */
const LISTS = [
  ['flows', 'test/e2e/SPEC-CASES.md', 75],
  ['policies', 'test/e2e/SPEC-CASES-POLICIES.md', 140],
  ['stages', 'test/e2e/SPEC-CASES-STAGES.md', 166],
] as const;

const addressOf = (path: string): URL => new URL(`../../${path}`, import.meta.url);

interface Case {
  readonly number: number;
  /** The tests that show it: a file, and the names of groups and test in it. */
  readonly shown: readonly (readonly [file: string, name: string])[];
  readonly remark: string;
}

/** The lines of the list's tables: number, what it is about, tests, remark. */
function casesIn(text: string): Case[] {
  const lines = text.split('\n').filter((line) => /^\|\s*\d+\s*\|/.test(line));
  return lines.map((line) => {
    const [, number, , tests = '', remark = ''] = line.split('|').map((cell) => cell.trim());
    const shown = tests.split('<br>').flatMap((test): [string, string][] => {
      const [file = '', ...names] = test.split(' › ').map((name) => name.trim());
      return file === '' ? [] : [[file.includes('/') ? file : `test/e2e/${file}`, names.join(' › ')]];
    });
    return { number: Number(number), shown, remark };
  });
}

/** The names of the tests in a file, each after the names of the groups that it is in. */
function testsIn(path: string): readonly string[] {
  const address = addressOf(path);
  if (!existsSync(address)) return [];
  const names: string[] = [];
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    const [word, name] = ts.isCallExpression(node) ? [wordOf(node.expression), nameOf(node)] : [];
    if (word === 'it' && name !== undefined) names.push([...groups, name].join(' › '));
    const within = word === 'describe' && name !== undefined ? [...groups, name] : groups;
    ts.forEachChild(node, (child) => visit(child, within));
  };
  visit(ts.createSourceFile(path, readFileSync(address, 'utf8'), ts.ScriptTarget.Latest), []);
  return names;
}

/** What an expression begins with: `it` of `it.each([…])`. */
function wordOf(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) {
    return wordOf(expression.expression);
  }
  return undefined;
}

function nameOf({ arguments: [first, second] }: ts.CallExpression): string | undefined {
  return first && ts.isStringLiteral(first) && second && ts.isArrowFunction(second) ? first.text : undefined;
}

describe.each(LISTS)("the list of the relative's cases about %s", (_, list, count) => {
  const cases = casesIn(readFileSync(addressOf(list), 'utf8'));

  it('has each of them once, in order', () => {
    expect(cases.map(({ number }) => number)).toEqual(
      Array.from({ length: count }, (_case, index) => index + 1),
    );
  });

  it('says of each where it is shown, or why nowhere', () => {
    const untold = cases.filter(({ shown, remark }) => shown.length === 0 && remark === '');
    expect(untold).toEqual([]);
  });

  it('names no test that is not there', () => {
    const tests = new Map<string, readonly string[]>();
    const missing = cases.flatMap(({ number, shown }) =>
      shown.flatMap(([file, name]) => {
        const present = tests.get(file) ?? testsIn(file);
        tests.set(file, present);
        return present.includes(name) ? [] : [`case ${number}: ${file} › ${name}`];
      }),
    );
    expect(missing).toEqual([]);
  });
});
