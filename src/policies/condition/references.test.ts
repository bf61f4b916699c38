import { evaluateBindings } from '../../flow/policy-engine.js';
import { notesKey } from '../../flow/context-keys.js';
import { verdict } from '../../flow/policy-kind.js';
import type { PolicyKind } from '../../flow/policy-kind.js';
import type { JsonObject } from '../../kernel/json.js';
import { INPUT, SERVICES, fails, judge, passes } from '../../../test/support/conditions.js';
import { bound, policy } from '../../../test/support/definitions.js';
import { checkPolicyConfig } from '../configuration.js';
import { conditionPolicy } from './policy.js';

const no = { variable: 'request.signedIn', operator: 'is_true' };
const requiring = (when: JsonObject) => ({ actions: [{ type: 'require', when }] });

describe('a policy that a condition names', () => {
  const others = {
    open: passes,
    strict: verdict(false, ['Too weak.']),
    other: verdict(false, ['Not this.']),
  };
  const said = async (when: JsonObject) =>
    (await judge(requiring(when).actions, { others, config: { failureMessage: 'No.' } })).messages;

  it('holds where it passes', async () => {
    expect(await judge(requiring({ policy: 'open' }).actions, { others })).toMatchObject({ passing: true });
    expect(await judge(requiring({ policy: 'strict' }).actions, { others })).toMatchObject({
      passing: false,
      decidedBy: ['actions.0.when'],
      log: ['actions.0.when: false, strict fails'],
    });
  });

  it('has its messages told only where it has decided that the condition fails', async () => {
    expect(await said({ all: [{ policy: 'open' }, { policy: 'strict' }] })).toEqual(['No.', 'Too weak.']);
    expect(await said({ any: [{ policy: 'strict' }, { policy: 'other' }] })).toEqual([
      'No.',
      'Too weak.',
      'Not this.',
    ]);
    expect(await said({ any: [{ policy: 'strict' }, { policy: 'open' }] })).toEqual([]);
    expect(await said({ none: [{ policy: 'strict' }, { policy: 'open' }] })).toEqual(['No.', 'It passes.']);
    expect(await said({ all: [{ none: [{ policy: 'strict' }] }, no] })).toEqual(['No.']);
  });

  it('is not asked where something before it has decided', async () => {
    const actions = requiring({ all: [no, { policy: 'there is none' }] }).actions;
    expect((await judge(actions, { others: { open: fails } })).passing).toBe(false);
    await expect(judge(requiring({ none: [no, { policy: 'there is none' }] }).actions)).rejects.toThrow(
      'there is no policy',
    );
  });
});

describe('conditions that name each other', () => {
  const reader: PolicyKind = {
    name: 'fake',
    passwordsRemembered: () => 0,
    async evaluate({ policy: { name }, input: { context } }) {
      if (name === 'broken') throw new Error('out of order');
      return verdict(notesKey.read(context[notesKey.name])?.seen === true, [`${name} was here`]);
    },
  };
  const kinds = new Map([reader, conditionPolicy].map((kind): [string, PolicyKind] => [kind.name, kind]));

  /** Evaluates the first of these conditions, which can call the others. */
  async function asked(configs: Readonly<Record<string, JsonObject>>) {
    const policies = Object.entries(configs).map(([name, config]) => ({
      ...policy(name, 'condition'),
      config,
    }));
    const all = [...policies, policy('reader'), policy('broken')];
    const parts = {
      kinds,
      services: SERVICES,
      within: <T>(_seconds: number, promise: Promise<T>) => promise,
      stopwatch: () => () => 1,
    };
    const { evaluations } = await evaluateBindings(parts, {
      bindings: all.slice(0, 1).map((first) => bound(first)),
      mode: 'ALL',
      input: INPUT,
      passesWhenExpired: false,
      policyByName: (name) => all.find((candidate) => candidate.name === name),
    });
    return evaluations[0];
  }

  it('are asked about the same execution, and what they write is read afterwards', async () => {
    const writing = { actions: [{ type: 'set', target: 'notes.seen', value: true }] };
    const judged = await asked({
      first: requiring({ all: [{ policy: 'writing' }, { policy: 'reader' }] }),
      writing,
    });
    expect(judged).toMatchObject({ passing: true, error: null });
    expect(judged?.calls.map((call) => call.policy)).toEqual(['writing', 'reader']);
    const own = { variable: 'context', parameter: 'notes.seen', as: 'boolean', operator: 'is_true' };
    expect(await asked({ first: requiring({ all: [{ policy: 'writing' }, own] }), writing })).toMatchObject({
      passing: true,
    });
  });

  it.each([
    ['one that is not there', { first: requiring({ policy: 'gone' }) }, 'there is no policy gone'],
    ['itself', { first: requiring({ policy: 'first' }) }, 'without end'],
    [
      'each other',
      { first: requiring({ policy: 'next' }), next: requiring({ policy: 'first' }) },
      'without end',
    ],
    ['one that fails', { first: requiring({ none: [{ policy: 'broken' }] }) }, 'out of order'],
    [
      'one that names one that fails',
      { first: requiring({ policy: 'next' }), next: requiring({ policy: 'broken' }) },
      'out of order',
    ],
  ])('have no verdict where they name %s', async (_, configs, error) => {
    expect(await asked(configs)).toMatchObject({
      passing: false,
      messages: [],
      error: expect.stringContaining(error),
    });
  });
});

describe('saving a condition that names others', () => {
  const stored = { ...policy('other', 'condition'), calls: ['policy-own'] };
  const own = { ...policy('own', 'condition'), calls: [] };
  const free = policy('free');
  const all = [stored, own, free];
  const known = {
    policy: (id: string) => all.find((candidate) => candidate.id === id),
    policyByName: (name: string) => all.find((candidate) => candidate.name === name),
  };
  const deep = (name: string) => ({
    actions: [
      { type: 'stop', enabled: false, passing: true },
      {
        type: 'if',
        when: no,
        else: [{ type: 'require', when: { any: [no, { none: [{ policy: name }] }] } }],
      },
    ],
  });
  const path = 'actions.1.else.0.when.any.1.none.0.policy';

  it('keeps which ones it calls, however deep, also in what is disabled', () => {
    const checked = checkPolicyConfig(conditionPolicy, deep('free'), SERVICES, known, 'own');
    expect(checked).toMatchObject({ ok: true, calls: [{ id: free.id, name: free.name }] });
    const disabled = { actions: [{ type: 'require', enabled: false, when: { policy: 'free' } }] };
    expect(checkPolicyConfig(conditionPolicy, disabled, SERVICES, known)).toMatchObject({
      calls: [{ id: free.id, name: free.name }],
    });
  });

  it.each([
    ['one that is not there', 'gone', 'NOT_FOUND'],
    ['itself', 'own', 'LOOP'],
    ['one that names it', 'other', 'LOOP'],
  ])('is refused where it names %s, with the place', (_, name, code) => {
    const checked = checkPolicyConfig(conditionPolicy, deep(name), SERVICES, known, 'own');
    expect(checked).toMatchObject({ ok: false, problems: [{ path, code }] });
  });
});
