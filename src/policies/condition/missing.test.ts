import type { JsonObject } from '../../kernel/json.js';
import { fails, holds, judge, passes } from '../../../test/support/conditions.js';

const missing = { variable: 'user.email', operator: 'eq', value: 'ada@example.org' };
const wrongCast = { variable: 'context', parameter: 'notes.word', as: 'number', operator: 'gt', value: 0 };
const missingOperand = {
  variable: 'request.userAgent',
  operator: 'eq',
  value: { variable: 'user.username' },
};
const yes = { variable: 'request.signedIn', operator: 'is_false' };
const no = { variable: 'request.signedIn', operator: 'is_true' };
const input = { context: { notes: { word: 'no number' } } };

const failing = { input };
const ignoring = { input, config: { missing: 'FALSE' as const } };

describe.each([
  ['a variable without a value', missing],
  ['what cannot be read as its type', wrongCast],
  ['what it is compared with', missingOperand],
])('where something is missing: %s', (_, node: JsonObject) => {
  it.each([
    ['by itself', node],
    ['turned round', { variable: 'user.email', operator: 'contains', value: '@', negate: true }],
    ['in all', { all: [yes, node] }],
    ['in any, before what holds', { any: [node, yes] }],
    ['in none', { none: [node] }],
    ['in none within none', { none: [{ none: [node] }] }],
    ['in none of none that would hold', { none: [{ all: [node, yes] }] }],
  ])('nothing holds that it is part of: %s', async (_where, part) => {
    expect(await holds(part, failing)).toBe(false);
  });

  it('it does not matter where something before it has decided', async () => {
    expect(await holds({ any: [yes, node] }, failing)).toBe(true);
    expect(await holds({ none: [{ all: [no, node] }] }, failing)).toBe(true);
  });

  it('just the comparison does not hold, where that is wanted', async () => {
    expect(await holds(node, ignoring)).toBe(false);
    expect(await holds({ any: [node, yes] }, ignoring)).toBe(true);
    expect(await holds({ none: [node] }, ignoring)).toBe(true);
    expect(await holds({ all: [yes, node] }, ignoring)).toBe(false);
  });

  it('an if does what it does where it does not hold', async () => {
    const branches = { then: [{ type: 'stop', passing: true }], else: [{ type: 'stop', passing: false }] };
    const actions = [{ type: 'if', when: { none: [node] }, ...branches }];
    expect(await judge(actions, failing)).toMatchObject({ passing: false, decidedBy: ['actions.0.else.0'] });
    expect(await judge(actions, ignoring)).toMatchObject({ passing: true, decidedBy: ['actions.0.then.0'] });
  });

  it('it is told what was missing', async () => {
    const { decidedBy, log } = await judge([{ type: 'require', when: { none: [no, node] } }], failing);
    expect(decidedBy).toEqual(['actions.0.when.none.1']);
    expect(log).toContainEqual(expect.stringMatching(/^actions\.0\.when\.none\.1: missing/));
  });
});

it('negating does not make a missing value pass, whatever missing values mean', async () => {
  for (const operator of ['contains', 'starts_with', 'ends_with', 'matches']) {
    for (const given of [failing, ignoring]) {
      const node = { variable: 'user.email', operator, value: 'x', negate: true };
      expect(await holds(node, given)).toBe(false);
    }
  }
});

it.each(['ne', 'not_in'])(
  '%s does not hold of a missing value, whatever missing values mean',
  async (operator) => {
    const node = { variable: 'user.email', operator, value: operator === 'ne' ? 'x' : ['x'] };
    expect(await holds(node, failing)).toBe(false);
    expect(await holds(node, ignoring)).toBe(false);
  },
);

it('whether there is a value is always answered', async () => {
  for (const given of [failing, ignoring]) {
    expect(await holds({ variable: 'user.email', operator: 'is_not_set' }, given)).toBe(true);
    expect(await holds({ none: [{ variable: 'user.email', operator: 'is_set' }] }, given)).toBe(true);
    const { value: _value, ...uncastable } = wrongCast;
    expect(await holds({ ...uncastable, operator: 'is_not_set' }, given)).toBe(true);
  }
});

it('what a policy says is never missing', async () => {
  const others = { open: passes, closed: fails };
  expect(await holds({ none: [{ policy: 'closed' }] }, { others })).toBe(true);
  expect(await holds({ none: [{ policy: 'open' }] }, { others })).toBe(false);
});
