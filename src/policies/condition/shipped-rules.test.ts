import type { PolicyInput } from '../../flow/policy-kind.js';
import type { JsonObject } from '../../kernel/json.js';
import { holds, judge, problemsOf } from '../../../test/support/conditions.js';
import type { Given } from '../../../test/support/conditions.js';
import { person } from '../../../test/support/definitions.js';

// The rules of spec/blueprints.md section 14, by its numbers. Not here: P3, since there are no external sources.

const ada = person('ada', { email: 'ada@example.org' });
const group = (name: string) => ({ id: name, name, superuser: false });
const input = (also: Partial<PolicyInput>): Given => ({ input: also });

it('P1: the password is asked for unless the execution knows the person already', async () => {
  const rule = { variable: 'execution.authenticated', operator: 'is_false' };
  expect(await holds(rule, input({ proofs: [] }))).toBe(true);
  expect(await holds(rule, input({ proofs: ['pwd'] }))).toBe(false);
});

it.each([
  ['P2', 'pwd'],
  ['P8', 'token'],
] as const)('%s: a step is left out after a certain way of signing in', async (_, method) => {
  // P2 means passkeys, which are no proof here yet: the rule is the same for every method.
  const rule = { variable: 'execution.methods', operator: 'has_item', value: method, negate: true };
  expect(await holds(rule, input({ proofs: ['enrollment'] }))).toBe(true);
  expect(await holds(rule, input({ proofs: [] }))).toBe(true);
  expect(await holds(rule, input({ proofs: ['enrollment', method] }))).toBe(false);
});

it('P4: a username is asked for where none has been filled in', async () => {
  const rule = { variable: 'promptData', parameter: 'username', operator: 'is_not_set' };
  expect(await holds(rule, input({ context: { promptData: { email: 'a@example.org' } } }))).toBe(true);
  expect(await holds(rule)).toBe(true);
  expect(await holds(rule, input({ context: { promptData: { username: 'ada' } } }))).toBe(false);
});

it('P5: what somebody may not change stays as it is', async () => {
  // Who may is a group here: people have no attributes.
  const unchanged = (field: string): JsonObject => {
    const filledIn = { variable: 'promptData', parameter: field };
    return {
      type: 'if',
      when: {
        any: [
          { variable: 'user.groups', operator: 'has_item', value: `may-change-${field}` },
          { ...filledIn, operator: 'is_not_set' },
          { ...filledIn, operator: 'eq', value: { variable: `user.${field}` } },
        ],
      },
      else: [{ type: 'stop', passing: false, message: `You may not change your ${field}.` }],
    };
  };
  const rule = ['email', 'name', 'username'].map(unchanged);
  const submitted = (promptData: JsonObject, user = ada) =>
    judge(rule, input({ user, context: { promptData } }));
  expect(await submitted({ email: 'ada@example.org', username: ada.username })).toMatchObject({
    passing: true,
  });
  expect(await submitted({ email: 'eve@example.org' })).toMatchObject({
    passing: false,
    messages: ['You may not change your email.'],
  });
  const allowed = person('ada', { email: 'ada@example.org', groups: [group('may-change-email')] });
  expect(await submitted({ email: 'eve@example.org' }, allowed)).toMatchObject({ passing: true });
  expect(await submitted({ email: 'eve@example.org', name: 'Eve' }, allowed)).toMatchObject({
    messages: ['You may not change your name.'],
  });
});

it('P6: setting up is for those who come with its secret, and for accounts without a password', async () => {
  // The flow is opened with a secret, or is not; the account that is asked about is the one that the flow is about.
  const rule = [
    {
      type: 'if',
      when: { variable: 'execution.restored', operator: 'is_false' },
      then: [{ type: 'stop', passing: false, message: 'Open the address that the first start has printed.' }],
    },
    { type: 'require', when: { none: [{ variable: 'user.hasPassword', operator: 'is_true' }] } },
  ];
  const config = { missing: 'FALSE' as const };
  const passwordHistory = { changedAt: async () => new Date(0), isOneOfLast: async () => false };
  expect(await judge(rule, { config })).toMatchObject({ passing: false, messages: [expect.any(String)] });
  expect(await judge(rule, { config, input: { restored: true } })).toMatchObject({ passing: true });
  expect(await judge(rule, { config, input: { restored: true, user: ada } })).toMatchObject({
    passing: true,
  });
  const withPassword = { config, input: { restored: true, user: ada }, services: { passwordHistory } };
  expect(await judge(rule, withPassword)).toMatchObject({ passing: false });
});

it('P7: whom a flow is about is not for policies to say', () => {
  const rule = [{ type: 'set', target: 'pendingUser', value: 'ada' }];
  expect(problemsOf({ actions: rule })).toMatchObject([{ path: 'actions.0.target', code: 'UNKNOWN_TARGET' }]);
});

it('P9: those with a bad reputation are asked for more', async () => {
  const rule = { variable: 'reputation.both', operator: 'lte', value: -5 };
  const scored = (score: number): Given => ({ services: { reputations: { score: async () => score } } });
  expect(await holds(rule, scored(-5))).toBe(true);
  expect(await holds(rule, scored(-4))).toBe(false);
});

it('P10: who they are is asked of those who have not come with a link', async () => {
  const rule = { variable: 'execution.restored', operator: 'is_false' };
  expect(await holds(rule)).toBe(true);
  expect(await holds(rule, input({ restored: true }))).toBe(false);
});

it('P11: an account is locked by somebody else than its owner', async () => {
  const rule = { variable: 'user.id', operator: 'ne', value: { variable: 'viewer.id' } };
  expect(await holds(rule, input({ user: ada, viewer: person('eve') }))).toBe(true);
  expect(await holds(rule, input({ user: ada, viewer: ada }))).toBe(false);
  expect(await holds(rule, input({ user: null, viewer: ada }))).toBe(false);
  expect(await holds(rule, input({ user: ada, viewer: null }))).toBe(false);
});
