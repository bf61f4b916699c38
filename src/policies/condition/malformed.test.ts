import { problemsOf } from '../../../test/support/conditions.js';

const requiring = (when: unknown) => ({ actions: [{ type: 'require', when }] });
const stop = { type: 'stop', passing: true };
const yes = { variable: 'request.signedIn', operator: 'is_false' };
const nested = (levels: number): object => (levels === 1 ? yes : { all: [nested(levels - 1)] });
const branching = (levels: number): object =>
  levels === 1 ? stop : { type: 'if', when: yes, then: [branching(levels - 1)] };
const wide = (count: number) => requiring({ any: Array(count).fill(yes) });
const email = (also: object) => requiring({ variable: 'user.email', operator: 'eq', value: 'x', ...also });
const set = (target: unknown, value: unknown) => ({ actions: [{ type: 'set', target, value }] });

describe('a condition is refused', () => {
  it.each<readonly [what: string, config: object, path: string, code: string]>([
    ['without actions', {}, 'actions', 'REQUIRED'],
    ['with no action at all', { actions: [] }, 'actions', 'TOO_SMALL'],
    ['with an action that is no object', { actions: ['stop'] }, 'actions.0', 'INVALID_TYPE'],
    ['with an action of no kind', { actions: [{ passing: true }] }, 'actions.0.type', 'UNKNOWN_FORM'],
    [
      'with an action of an unknown kind',
      { actions: [stop, { type: 'jump' }] },
      'actions.1.type',
      'UNKNOWN_FORM',
    ],
    [
      'with a field that an action does not have',
      { actions: [{ ...stop, then: [] }] },
      'actions.0.then',
      'UNKNOWN_FIELD',
    ],
    [
      'with a field that it does not have itself',
      { actions: [stop], mode: 'ALL' },
      'mode',
      'UNRECOGNIZED_KEYS',
    ],
    ['with a stop that does not say how', { actions: [{ type: 'stop' }] }, 'actions.0.passing', 'REQUIRED'],
    [
      'with a message that is too long',
      { actions: [{ ...stop, message: 'x'.repeat(501) }] },
      'actions.0.message',
      'TOO_BIG',
    ],
    [
      'with a failure message that is too long',
      { actions: [stop], failureMessage: 'x'.repeat(501) },
      'failureMessage',
      'TOO_BIG',
    ],
    [
      'with an unknown meaning of missing values',
      { actions: [stop], missing: 'PASS' },
      'missing',
      'INVALID_VALUE',
    ],
    [
      'with something that is neither enabled nor disabled',
      { actions: [{ ...stop, enabled: 1 }] },
      'actions.0.enabled',
      'INVALID_TYPE',
    ],
    ['with a requirement of nothing', { actions: [{ type: 'require' }] }, 'actions.0.when', 'REQUIRED'],
    ['with a requirement that is no object', requiring('always'), 'actions.0.when', 'UNKNOWN_FORM'],
    [
      'with a choice that has no list',
      { actions: [{ type: 'if', when: yes, then: stop }] },
      'actions.0.then',
      'INVALID_TYPE',
    ],
    [
      'with a mistake within a choice',
      { actions: [{ type: 'if', when: yes, else: [{ type: 'stop' }] }] },
      'actions.0.else.0.passing',
      'REQUIRED',
    ],

    ['with a group of none', requiring({ all: [] }), 'actions.0.when.all', 'TOO_SMALL'],
    ['with a group that is no list', requiring({ any: yes }), 'actions.0.when.any', 'INVALID_TYPE'],
    [
      'with a group of two sorts',
      requiring({ all: [yes], any: [yes] }),
      'actions.0.when.any',
      'UNKNOWN_FIELD',
    ],
    [
      'with an unknown field in a group',
      requiring({ none: [yes], negate: true }),
      'actions.0.when.negate',
      'UNKNOWN_FIELD',
    ],
    [
      'with a mistake deep within groups',
      requiring({ all: [yes, { any: [yes, { none: [{ ...yes, operator: 'equals' }] }] }] }),
      'actions.0.when.all.1.any.1.none.0.operator',
      'INVALID_VALUE',
    ],
    [
      'with a reference to a policy without a name',
      requiring({ policy: '' }),
      'actions.0.when.policy',
      'TOO_SMALL',
    ],
    [
      'with a reference to a policy that is no name',
      requiring({ policy: 1 }),
      'actions.0.when.policy',
      'INVALID_TYPE',
    ],

    ['with an unknown target', set('pendingUser', 'x'), 'actions.0.target', 'UNKNOWN_TARGET'],
    ['with a target without its key', set('notes.', 'x'), 'actions.0.target', 'UNKNOWN_TARGET'],
    ['with a value that does not fit the target', set('denyMessage', 1), 'actions.0.value', 'WRONG_OPERAND'],
    [
      'with an unknown variable to write',
      set('notes.a', { variable: 'user.password' }),
      'actions.0.value.variable',
      'UNKNOWN_VARIABLE',
    ],
    ['with nothing to write', set('notes.a', undefined), 'actions.0.value', 'REQUIRED'],

    [
      'with nodes that are nested too deep',
      requiring(nested(11)),
      `actions.0.when${'.all.0'.repeat(10)}`,
      'TOO_DEEP',
    ],
    [
      'with actions that are nested too deep',
      { actions: [branching(11)] },
      `actions.0${'.then.0'.repeat(10)}`,
      'TOO_DEEP',
    ],
    ['with a nesting without end', requiring(nested(2000)), 'actions', 'TOO_DEEP'],
    ['with too many nodes', wide(199), 'actions', 'TOO_MANY'],
    ['with a group that is too large', wide(201), 'actions.0.when.any', 'TOO_BIG'],
    ['with too many actions', { actions: Array(201).fill(stop) }, 'actions', 'TOO_BIG'],
    ['with text that cannot be stored', email({ value: 'x\0' }), 'actions.0.when.value', 'NOT_STORABLE'],
  ])('%s', (_, config, path, code) => {
    expect(problemsOf(config)).toEqual([{ path, code, message: expect.stringMatching(/\S/) }]);
  });

  it('with every problem that it has, and without what it says', () => {
    const actions = [
      {
        type: 'require',
        when: {
          all: [
            { variable: 'user.mail', operator: 'is_set' },
            { ...yes, value: 'said' },
          ],
        },
      },
      { type: 'set', target: 'said', value: 'said' },
    ];
    const problems = problemsOf({ actions });
    expect(problems.map(({ path }) => path)).toEqual([
      'actions.1.target',
      'actions.0.when.all.0.variable',
      'actions.0.when.all.1.value',
    ]);
    expect(JSON.stringify(problems)).not.toContain('said');
  });

  it('with no more problems than anybody reads', () => {
    expect(
      problemsOf(requiring({ all: Array(150).fill({ variable: 'user.mail', operator: 'is_set' }) })),
    ).toHaveLength(100);
  });
});

it.each([
  ['nodes that are nested ten deep', requiring(nested(10))],
  ['actions that are nested ten deep', { actions: [branching(10)] }],
  ['two hundred nodes and actions', wide(198)],
])('a condition may have %s', (_, config) => {
  expect(problemsOf(config)).toEqual([]);
});
