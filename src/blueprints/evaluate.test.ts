import type { Json } from '../kernel/json.js';
import { Evaluation, looksComputed } from './evaluate.js';
import { Tagged } from './tree.js';
import type { Tree } from './tree.js';

const PARAMETERS = new Map<string, Json>([
  ['slug', 'login'],
  ['count', 3],
  ['on', true],
  ['off', false],
  ['list', ['a', { $parameter: 'slug' }]],
]);

function evaluated(tree: Tree) {
  const evaluation = new Evaluation(PARAMETERS);
  const value = evaluation.value(tree, []);
  return { value, problems: evaluation.problems.map(({ path, code }) => `${path} ${code}`) };
}

const valueOf = (tree: Tree) => {
  const { value, problems } = evaluated(tree);
  expect(problems).toEqual([]);
  return value;
};

describe('computed values', () => {
  it('put parameters in their places, as they are', () => {
    expect(valueOf({ a: [{ $parameter: 'slug' }], b: { $parameter: 'count' } })).toEqual({
      a: ['login'],
      b: 3,
    });
    expect(valueOf({ $parameter: 'list' })).toEqual(['a', { $parameter: 'slug' }]);
  });

  it('join text, numbers, true and false', () => {
    expect(valueOf({ $join: ['users/', { $parameter: 'slug' }, '-', 1, true] })).toBe('users/login-1true');
  });

  it('choose, and look only at what is chosen', () => {
    expect(valueOf({ $if: [{ $parameter: 'on' }, 1, { $parameter: 'missing' }] })).toBe(1);
    expect(valueOf({ $if: [{ $parameter: 'off' }, { $parameter: 'missing' }, [2]] })).toEqual([2]);
  });

  it('come to true or false where they are conditions', () => {
    expect(
      valueOf({
        $equals: [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      }),
    ).toBe(true);
    expect(valueOf({ $equals: ['1', 1] })).toBe(false);
    expect(valueOf({ $not: { $parameter: 'off' } })).toBe(true);
    expect(valueOf({ $all: [true, { $equals: ['a', 'a'] }] })).toBe(true);
    expect(valueOf({ $any: [false, { $parameter: 'off' }] })).toBe(false);
  });

  it('leave alone what is no object with a dollar alone', () => {
    const tree = { parameter: 'slug', a: { $x: 1, y: 2 }, ref: '$parameter' };
    expect(valueOf(tree)).toEqual(tree);
    expect(valueOf({ $literal: { $parameter: 'slug' } })).toEqual({ $parameter: 'slug' });
    expect(looksComputed({ $x: 1 })).toBe(true);
    expect(looksComputed({ $x: 1, y: 2 })).toBe(false);
    expect(looksComputed({})).toBe(false);
  });

  it.each<[string, Tree, string]>([
    ['a parameter that is not declared', { a: { $parameter: 'nothing' } }, 'a.$parameter NOT_FOUND'],
    ['one that objects inherit', { $parameter: 'constructor' }, '$parameter NOT_FOUND'],
    ['a name that is none', { $parameter: 1 }, '$parameter NOT_FOUND'],
    ['a form that there is not', { a: { $paramter: 'slug' } }, 'a.$paramter UNKNOWN_FORM'],
    ['what cannot be joined', { $join: ['a', ['b']] }, '$join[1] INVALID_TYPE'],
    ['nothing to join', { $join: [] }, '$join INVALID_TYPE'],
    ['a choice without an alternative', { $if: [true, 1] }, '$if INVALID_TYPE'],
    ['text as a condition', { $not: 'false' }, '$not INVALID_TYPE'],
    ['numbers as conditions', { $all: [0, true] }, '$all[0] INVALID_TYPE'],
    ['a comparison of one', { $equals: [1] }, '$equals INVALID_TYPE'],
    ['tags', { a: [new Tagged('!Env', 'HOME')] }, 'a[0] UNKNOWN_FORM'],
    ['tags that are hidden', { $literal: new Tagged('!Env', 'HOME') }, '$literal UNKNOWN_FORM'],
  ])('refuse %s, and say where', (_, tree, problem) => {
    expect(evaluated(tree).problems).toEqual([problem]);
  });

  it('do not make a large document of a small one', () => {
    const long = new Evaluation(new Map([['long', Array.from({ length: 1000 }, () => 'x')]]));
    long.value(
      Array.from({ length: 1000 }, () => ({ $parameter: 'long' })),
      [],
    );
    expect(long.problems.map(({ code }) => code)).toEqual(['TOO_MANY']);
  });
});
