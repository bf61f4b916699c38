import fc from 'fast-check';

import { bound, catalogueOf, flow, placed, policy, stage } from '../../test/support/definitions.js';
import { begin, engineOf, fakePolicies, fakeStage, visitOf } from '../../test/support/engine.js';
import { decide, policyInputOf } from '../../test/support/policy-questions.js';
import type { Json, JsonObject } from '../kernel/json.js';
import {
  denyMessageKey,
  notesKey,
  pendingUserKey,
  promptDataKey,
  redirectTargetKey,
} from './context-keys.js';
import { ask, pass } from './outcome.js';
import { contextAfter } from './policy-context.js';
import { verdict } from './policy-kind.js';
import type { PolicyInput } from './policy-kind.js';
import { isPolicyTarget, policyTargets, policyWrite } from './policy-writes.js';

const written = (target: string, value: Json, context: JsonObject = {}): JsonObject =>
  contextAfter(context, [policyWrite(context, target, value)]);

describe('what policies may write', () => {
  it.each([
    ['denyMessage', 'No.', { denyMessage: 'No.' }],
    ['redirectTarget', '/help', { redirectTarget: '/help' }],
    ['promptData.company', 'Acme', { promptData: { company: 'Acme' } }],
    ['promptData.age', 36, { promptData: { age: 36 } }],
    ['promptData.terms', false, { promptData: { terms: false } }],
    ['promptData.attributes.settings.locale', 'de', { promptData: { 'attributes.settings.locale': 'de' } }],
    ['notes.seen', { count: [1, null] }, { notes: { seen: { count: [1, null] } } }],
  ])('is %s', (target, value, expected) => {
    expect(isPolicyTarget(target)).toBe(true);
    expect(written(target, value)).toEqual(expected);
  });

  it('leaves the rest as it was', () => {
    const context = {
      promptData: { a: '1' },
      notes: { a: 1 },
      pendingUser: { id: 'ada', identifier: 'ada' },
    };
    expect(written('promptData.b', '2', context)).toEqual({ ...context, promptData: { a: '1', b: '2' } });
    expect(written('notes.a', 2, context)).toEqual({ ...context, notes: { a: 2 } });
  });

  const names = [
    '',
    'pendingUser',
    'pendingUser.id',
    'flowToken',
    'flowToken.consumed',
    'loginHint',
    'promptPasswords',
    'promptPasswords.password',
    'promptData',
    'notes',
    'notes.',
    'promptData.',
    'notes.a.b',
    'notes.a b',
    'notes.1',
    `notes.${'x'.repeat(101)}`,
    'notes.__proto__',
    'promptData.__proto__',
    'promptData.a.__proto__',
    'promptData.a..b',
    'promptData.a.',
    `promptData.a.${'x'.repeat(99)}`,
    '__proto__',
    '__proto__.polluted',
    'constructor',
    'constructor.prototype',
    'denyMessage.x',
    'DenyMessage',
    ' denyMessage',
    'notes.a\n',
  ];

  it.each(names)('is nothing else: %j', (target) => {
    expect(isPolicyTarget(target)).toBe(false);
    expect(() => policyWrite({}, target, 'x')).toThrow(/not something that a policy may write/);
  });

  it.each([
    ['denyMessage', 'x'.repeat(501)],
    ['denyMessage', ''],
    ['denyMessage', 7],
    ['denyMessage', 'a\0b'],
    ['redirectTarget', 'x'.repeat(2049)],
    ['redirectTarget', ''],
    ['redirectTarget', null],
    ['promptData.a', 'x'.repeat(2001)],
    ['promptData.a', ['x']],
    ['promptData.a', null],
    ['promptData.a', '\uD800'],
    ['notes.a', 'x'.repeat(10_000)],
    ['notes.a', { b: ['\0'] }],
  ])('is nothing that does not fit: %s', (target, value) => {
    expect(() => policyWrite({}, target, value)).toThrow(`this value does not fit ${target}`);
  });

  it.each([
    ['denyMessage', 'x'.repeat(500)],
    ['redirectTarget', 'x'.repeat(2048)],
    ['promptData.a', 'x'.repeat(2000)],
    // Its quotes count.
    ['notes.a', 'x'.repeat(9998)],
  ])('is as much as is said: %s', (target, value) => {
    expect(() => policyWrite({}, target, value)).not.toThrow();
  });

  it.each(['promptData', 'notes'])('is a hundred entries of %s, and no more', (where) => {
    const full = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 'x']));
    expect(written(`${where}.k0`, 'y', { [where]: full })).toEqual({ [where]: { ...full, k0: 'y' } });
    expect(() => policyWrite({ [where]: full }, `${where}.one`, 'y')).toThrow(/too many entries/);
  });

  it('is described, target by target', () => {
    const exampleOf = (target: string) => (target.endsWith('.') ? `${target}key` : target);
    expect(Object.keys(policyTargets).map(exampleOf).every(isPolicyTarget)).toBe(true);
  });

  it('is never anything but those entries, whatever target and value', () => {
    const target = fc.oneof(
      fc.string(),
      fc.constantFrom(...names),
      fc
        .tuple(fc.constantFrom('notes.', 'promptData.', 'denyMessage', 'redirectTarget'), fc.string())
        .map((parts) => parts.join('')),
      fc.stringMatching(/^(notes|promptData)\.[a-zA-Z]\w{0,5}$/),
    );
    const context = {
      pendingUser: { id: 'ada', identifier: 'ada' },
      flowToken: { id: 't', consumed: false, user: null },
    };
    const allowed = [denyMessageKey, redirectTargetKey, promptDataKey, notesKey];
    let kept = 0;
    fc.assert(
      fc.property(target, fc.jsonValue(), (where, value) => {
        const json: Json = JSON.parse(JSON.stringify(value));
        const attempt = () => written(where, json, context);
        if (!isPolicyTarget(where)) return expect(attempt).toThrow();
        let after: JsonObject;
        try {
          after = attempt();
        } catch {
          return undefined;
        }
        kept += 1;
        const others = Object.entries(after).filter(([name]) => !allowed.some((key) => key.name === name));
        expect(Object.fromEntries(others)).toEqual(context);
        expect(allowed.every((key) => key.accepts(after[key.name]))).toBe(true);
        expect(Object.getPrototypeOf(after)).toBe(Object.prototype);
        expect(Object.keys(Object.prototype)).toEqual([]);
        return undefined;
      }),
      { numRuns: 1000 },
    );
    expect(kept).toBeGreaterThan(0);
  });
});

const note = (name: string, value: Json) => (input: PolicyInput) =>
  verdict(true, [], { changes: [policyWrite(input.context, `notes.${name}`, value)] });
const seen: Json[] = [];
const kind = fakePolicies({
  one: note('one', 1),
  other: note('other', 2),
  objects: (input) => ({ ...note('objects', 3)(input), passing: false }),
  look: ({ context }) => {
    seen.push(context.notes ?? null);
    return verdict(true);
  },
  writesAndThrows: (input) => {
    note('lost', 4)(input);
    throw new Error('full');
  },
});
const question = fakeStage('question', {
  present: async () => ask({}),
  answer: async (run) => {
    const judgement = await run.judge(['policy-one'], []);
    return judgement.broken ? pass({ changes: [notesKey.to({ judged: 'broken' })] }) : pass();
  },
});
const parts = engineOf({ policies: kind, stages: [question] });
const boundTo = (...names: readonly string[]) =>
  names.map((name, order) => bound(policy(name), { id: `binding-${order}`, order }));

beforeEach(() => seen.splice(0));

describe('what a policy writes', () => {
  it('is read by those after it, and not by those before', async () => {
    await decide(parts.policies, boundTo('look', 'one', 'look', 'objects', 'look'));
    expect(seen).toEqual([null, { one: 1 }, { one: 1, objects: 3 }]);
  });

  it('is lost where it ends in an error, and only that', async () => {
    const decision = await decide(parts.policies, boundTo('one', 'writesAndThrows', 'look'));
    expect(seen).toEqual([{ one: 1 }]);
    expect(decision.changes).toEqual([notesKey.to({ one: 1 })]);
  });

  it('is an error where it is asked who may use a flow', async () => {
    const input = policyInputOf({ mayWrite: false });
    expect(await decide(parts.policies, boundTo('one'), { input })).toMatchObject({
      passing: false,
      broken: true,
      changes: [],
    });
    const under = flow([placed(stage('a', 'question'))], { policyBindings: boundTo('one') });
    const { execution } = await begin(parts, visitOf(catalogueOf(under)));
    expect(execution.step).toMatchObject({ type: 'denied', code: 'POLICY_DENIED' });
  });

  it('is remembered where the plan is made and where a stage has its turn, also of a stage that is left out', async () => {
    const under = flow([
      placed(stage('a', 'question'), { reEvaluatePolicies: true, policyBindings: boundTo('objects') }),
      placed(stage('b', 'question'), {
        evaluateOnPlan: true,
        reEvaluatePolicies: false,
        policyBindings: boundTo('one'),
      }),
      placed(stage('c', 'question'), { policyBindings: boundTo('other') }),
    ]);
    const { execution } = await begin(parts, visitOf(catalogueOf(under)));
    expect(execution.step).toMatchObject({ stageName: 'b' });
    expect(execution.context.get(notesKey)).toEqual({ one: 1, objects: 3 });
    expect(execution.context.get(pendingUserKey)).toBeUndefined();
  });

  it('is refused where it judges an answer', async () => {
    const under = flow([placed(stage('a', 'question'), { policyBindings: boundTo('one') })]);
    const request = { responses: [{ kind: 'question', data: {} }] };
    const { execution } = await begin(parts, visitOf(catalogueOf(under)), request);
    expect(execution.context.get(notesKey)).toEqual({ judged: 'broken' });
  });
});
