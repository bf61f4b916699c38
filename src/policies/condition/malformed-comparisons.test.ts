import { z } from 'zod';

import { problemsOf } from '../../../test/support/conditions.js';

const requiring = (when: unknown) => ({ actions: [{ type: 'require', when }] });
const yes = { variable: 'request.signedIn', operator: 'is_false' };
const email = (also: object) => requiring({ variable: 'user.email', operator: 'eq', value: 'x', ...also });
const when = (also: object) => requiring({ variable: 'user.createdAt', ...also });
const context = (parameter: unknown, also: object = {}) =>
  requiring({ variable: 'context', parameter, operator: 'is_set', ...also });

describe('a comparison is refused', () => {
  it.each<readonly [what: string, config: object, path: string, code: string]>([
    [
      'with an unknown variable',
      email({ variable: 'user.mail' }),
      'actions.0.when.variable',
      'UNKNOWN_VARIABLE',
    ],
    [
      'with a variable that objects have',
      email({ variable: 'constructor' }),
      'actions.0.when.variable',
      'UNKNOWN_VARIABLE',
    ],
    ['with an unknown operator', email({ operator: 'equals' }), 'actions.0.when.operator', 'INVALID_VALUE'],
    [
      'with an operator that objects have',
      email({ operator: 'toString' }),
      'actions.0.when.operator',
      'INVALID_VALUE',
    ],
    ['without an operator', requiring({ variable: 'user.email' }), 'actions.0.when.operator', 'REQUIRED'],
    [
      'with an unknown field in a comparison',
      email({ ignoreCase: true }),
      'actions.0.when.ignoreCase',
      'UNKNOWN_FIELD',
    ],
    [
      'with an operator that the type does not have',
      email({ operator: 'gt' }),
      'actions.0.when.operator',
      'WRONG_OPERATOR',
    ],
    [
      'with an operator that a moment does not have',
      when({ operator: 'contains', value: '2030' }),
      'actions.0.when.operator',
      'WRONG_OPERATOR',
    ],
    [
      'with an operator that an enum does not have',
      requiring({ variable: 'flow.designation', operator: 'contains', value: 'A' }),
      'actions.0.when.operator',
      'WRONG_OPERATOR',
    ],
    [
      'with an operator that the cast type does not have',
      context('a', { as: 'number', operator: 'is_url' }),
      'actions.0.when.operator',
      'WRONG_OPERATOR',
    ],

    ['without a value to compare with', email({ value: undefined }), 'actions.0.when.value', 'WRONG_OPERAND'],
    [
      'with a value that nothing is compared with',
      requiring({ ...yes, value: true }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    ['with a value for presence', email({ operator: 'is_set' }), 'actions.0.when.value', 'WRONG_OPERAND'],
    ['with a value of another type', email({ value: 1 }), 'actions.0.when.value', 'WRONG_OPERAND'],
    [
      'with a number as text',
      requiring({ variable: 'request.asn', operator: 'eq', value: '1' }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    ['with null as a value', email({ value: null }), 'actions.0.when.value', 'UNKNOWN_FORM'],
    ['with a list for one value', email({ value: ['x'] }), 'actions.0.when.value', 'WRONG_OPERAND'],
    ['with one value for a list', email({ operator: 'in' }), 'actions.0.when.value', 'WRONG_OPERAND'],
    ['with an empty list', email({ operator: 'in', value: [] }), 'actions.0.when.value', 'WRONG_OPERAND'],
    [
      'with a list of several types',
      email({ operator: 'in', value: ['x', 1] }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a list that is too long',
      email({ operator: 'in', value: Array(101).fill('x') }),
      'actions.0.when.value',
      'TOO_BIG',
    ],
    [
      'with a list of lists',
      email({ operator: 'in', value: ['x', ['y']] }),
      'actions.0.when.value.1',
      'UNKNOWN_FORM',
    ],
    ['with a value that is too long', email({ value: 'x'.repeat(1001) }), 'actions.0.when.value', 'TOO_BIG'],
    [
      'with something that an enum cannot be',
      requiring({ variable: 'request.client', operator: 'eq', value: 'PHONE' }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a moment that is none',
      when({ operator: 'gt', value: 'yesterday' }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a moment without a zone',
      when({ operator: 'gt', value: '2030-01-01T00:00:00' }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a duration that is none',
      when({ operator: 'within_last', value: '30 days' }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a duration of months',
      when({ operator: 'older_than', value: 'P1M' }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a range of one',
      requiring({ variable: 'request.asn', operator: 'between', value: [1] }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a range the wrong way round',
      requiring({ variable: 'request.asn', operator: 'between', value: [2, 1] }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with an address that is none',
      requiring({ variable: 'request.clientIp', operator: 'eq', value: '127.1' }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a network that is none',
      requiring({ variable: 'request.clientIp', operator: 'in_network', value: ['10.0.0.0/8', '10.0.0.1'] }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a length that is none',
      email({ operator: 'length_gt', value: -1 }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a regular expression that is none',
      email({ operator: 'matches', value: '(' }),
      'actions.0.when.value',
      'INVALID_PATTERN',
    ],
    [
      'with a regular expression of another dialect',
      email({ operator: 'matches', value: '(?P<name>x)' }),
      'actions.0.when.value',
      'INVALID_PATTERN',
    ],
    [
      'with a regular expression that is too long',
      email({ operator: 'matches', value: 'x'.repeat(257) }),
      'actions.0.when.value',
      'INVALID_PATTERN',
    ],
    [
      'with a variable as a regular expression',
      email({ operator: 'matches', value: { variable: 'user.name' } }),
      'actions.0.when.value',
      'INVALID_PATTERN',
    ],

    [
      'with an unknown variable to compare with',
      email({ value: { variable: 'user.mail' } }),
      'actions.0.when.value.variable',
      'UNKNOWN_VARIABLE',
    ],
    [
      'with a variable of another type to compare with',
      email({ value: { variable: 'user.createdAt' } }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with a variable of any type to compare with',
      email({ value: { variable: 'context', parameter: 'a' } }),
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'with an unknown field beside a variable to compare with',
      email({ value: { variable: 'user.name', operator: 'eq' } }),
      'actions.0.when.value.operator',
      'UNKNOWN_FIELD',
    ],
    [
      'with a parameter missing where it is compared with',
      email({ value: { variable: 'promptData' } }),
      'actions.0.when.value.parameter',
      'MISSING_PARAMETER',
    ],

    [
      'without a parameter that is needed',
      context(undefined),
      'actions.0.when.parameter',
      'MISSING_PARAMETER',
    ],
    [
      'with a parameter that is not needed',
      email({ parameter: 'x' }),
      'actions.0.when.parameter',
      'UNNEEDED_PARAMETER',
    ],
    ['with a path that is none', context('notes..a'), 'actions.0.when.parameter', 'WRONG_PARAMETER'],
    [
      'with a path that is too long',
      context(Array(11).fill('a').join('.')),
      'actions.0.when.parameter',
      'WRONG_PARAMETER',
    ],
    [
      'with a key that no prompt field has',
      requiring({ variable: 'promptData', parameter: 'a b', operator: 'is_set' }),
      'actions.0.when.parameter',
      'WRONG_PARAMETER',
    ],
    [
      'without a type for what can be anything',
      context('a', { operator: 'eq', value: 1 }),
      'actions.0.when.as',
      'MISSING_CAST',
    ],
    [
      'with a type that nothing is read as',
      context('a', { as: 'list' }),
      'actions.0.when.as',
      'INVALID_VALUE',
    ],
    [
      'with a type for what has another',
      when({ as: 'string', operator: 'is_set' }),
      'actions.0.when.as',
      'WRONG_CAST',
    ],

    [
      'with a negation that the operator does not have',
      email({ negate: true }),
      'actions.0.when.negate',
      'WRONG_OPTION',
    ],
    [
      'with case where there is none',
      when({ operator: 'gt', value: '2030-01-01', caseSensitive: false }),
      'actions.0.when.caseSensitive',
      'WRONG_OPTION',
    ],
  ])('%s', (_, config, path, code) => {
    expect(problemsOf(withoutUndefined(config))).toEqual([
      { path, code, message: expect.stringMatching(/\S/) },
    ]);
  });

  it('without what it says', () => {
    const problems = problemsOf(requiring({ ...yes, value: 'said' }));
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain('said');
  });
});

it.each([
  ['a list of a hundred', email({ operator: 'in', value: Array(100).fill('x') })],
  ['a regular expression of 256 characters', email({ operator: 'matches', value: 'x'.repeat(256) })],
  ['a type that it has anyway', when({ as: 'datetime', operator: 'is_set' })],
])('a comparison may have %s', (_, config) => {
  expect(problemsOf(config)).toEqual([]);
});

/** As it would arrive. */
function withoutUndefined(config: object): object {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(config)));
}
