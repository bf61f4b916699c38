import { READER } from '../support/blueprints.js';
import { readTree } from '../../src/blueprints/read.js';
import { Tagged } from '../../src/blueprints/tree.js';

const codes = async (text: string) => {
  const read = await readTree(READER, text);
  return read.ok ? [] : read.problems.map(({ path, code }) => `${path} ${code}`);
};

const treeOf = async (text: string) => {
  const read = await readTree(READER, text);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.tree;
};

describe('reading a document', () => {
  it('takes YAML and JSON alike', async () => {
    expect(await treeOf('a: 1\nb: [x, null, true, 1.5]')).toEqual({ a: 1, b: ['x', null, true, 1.5] });
    expect(await treeOf('{"a": 1, "b": ["x", null, true, 1.5]}')).toEqual({
      a: 1,
      b: ['x', null, true, 1.5],
    });
  });

  it('leaves tags to whoever knows what they mean', async () => {
    expect(await treeOf('a: !KeyOf flow\nb: !Find [x, [y, !Context z]]')).toEqual({
      a: new Tagged('!KeyOf', 'flow'),
      b: new Tagged('!Find', ['x', ['y', new Tagged('!Context', 'z')]]),
    });
  });

  it('repeats what aliases stand for', async () => {
    expect(await treeOf('a: &x {b: 1}\nc: *x\nd: &x 2\ne: *x')).toEqual({
      a: { b: 1 },
      c: { b: 1 },
      d: 2,
      e: 2,
    });
    expect(await codes('a: *nobody')).toEqual(['a NOT_FOUND']);
  });

  it('says where a key stands twice, or cannot be one', async () => {
    expect(await codes('a: 1\nb: {c: 1, c: 2}\nd: [{e: 1, e: 1}]')).toEqual([
      'b.c REPEATED',
      'd[0].e REPEATED',
    ]);
    expect(await codes('a: {__proto__: 1}\n? [x]\n: 1')).toEqual([
      'a.__proto__ FORBIDDEN_KEY',
      ' INVALID_TYPE',
    ]);
  });

  it('takes no number that would become another one', async () => {
    expect(await codes('a: 9007199254740993\nb: .inf\nc: .nan')).toEqual([
      'a OUT_OF_RANGE',
      'b OUT_OF_RANGE',
      'c OUT_OF_RANGE',
    ]);
  });

  it.each([
    ['a mapping that is not closed', '{a: 1'],
    ['tabs for indentation', 'a:\n\t- b'],
    ['two documents', 'a: 1\n---\nb: 2'],
    ['control characters', 'a: "\u0000'],
  ])('refuses %s, and quotes nothing of it', async (_, text) => {
    const read = await readTree(READER, text);
    expect(read).toMatchObject({ ok: false, problems: [{ path: '', code: 'MALFORMED' }] });
  });

  it('refuses more than a megabyte before it looks at it', async () => {
    expect(await codes(`a: ${'x'.repeat(1024 * 1024)}`)).toEqual([' TOO_LARGE']);
  });

  it('refuses what lies too deep, however it is written', async () => {
    expect(await codes(`${'['.repeat(102)}${']'.repeat(102)}`)).toHaveLength(1);
    expect(await codes(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toEqual([' TOO_DEEP']);
    expect(await codes('- '.repeat(100_000))).toEqual([' TOO_DEEP']);
    expect(await codes('? '.repeat(100_000))).toEqual([' TOO_DEEP']);
    expect(await codes('{a: ['.repeat(50_000))).toEqual([' TOO_DEEP']);
    expect(
      await codes(Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')),
    ).toEqual([' TOO_DEEP']);
    expect((await codes(`a: ${'{b: '.repeat(110)}1${'}'.repeat(110)}`))[0]).toMatch(/TOO_DEEP$/);
    expect((await codes('&a [*a]'))[0]).toMatch(/TOO_DEEP$/);
  });

  it('gives up on one that takes for ever, and reads the next', async () => {
    expect(await codes(`a: ${'&a '.repeat(300_000)}`)).toEqual([' TOO_LARGE']);
    expect(await treeOf('a: 1')).toEqual({ a: 1 });
  });

  it('refuses a small document that aliases make a large one of', async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const before = level === 0 ? 'x' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 10 }, () => before).join(', ')}]`;
    });
    expect(await codes(levels.join('\n'))).toEqual([' TOO_MANY']);
    const many = `a: &a x\nb: [${'*a, '.repeat(51_000)}x]`;
    expect(await codes(many)).toEqual([' TOO_MANY']);
  });
});
