import type { JsonObject } from '../kernel/json.js';
import { differences } from './differences.js';

const documentOf = (...entries: readonly JsonObject[]): JsonObject => ({ stagedoor: 1, name: 'n', entries });
const flow = (also: JsonObject = {}): JsonObject => ({
  flow: 'login',
  title: 'Sign in',
  policies: [],
  stages: [],
  ...also,
});
const place = (stage: string, order: number, also: JsonObject = {}): JsonObject => ({
  ...{ stage, order, evaluateOnPlan: false, policies: [] },
  ...also,
});
const guard = (policy: string, order: number, also: JsonObject = {}): JsonObject => ({
  ...{ policy, order, negate: false },
  ...also,
});
const stage = (config: JsonObject): JsonObject => ({ stage: 'captcha', kind: 'captcha', config });

/** As `+ path`, `- path` or `path: before → after`. */
const told = (before: JsonObject, after: JsonObject, called: Record<string, string> = {}): string[] =>
  differences(before, after, (subject) => called[subject] ?? subject).map(
    ({ path, kind, before: was, after: is }) => {
      if (kind === 'ADDED') return `+ ${path}`;
      if (kind === 'REMOVED') return `- ${path}`;
      return `${path}: ${JSON.stringify(was)} → ${JSON.stringify(is)}`;
    },
  );

describe('the differences between two documents', () => {
  it('are none between equal ones, whatever stands in which order', () => {
    const one = documentOf(flow({ stages: [place('a', 1), place('b', 2)] }), stage({ a: { b: 1, c: [2] } }));
    const other = documentOf(
      stage({ a: { c: [2], b: 1 } }),
      flow({ stages: [place('b', 2), place('a', 1)] }),
    );
    expect(told(one, other)).toEqual([]);
  });

  it('are the fields that have another value, however deep they lie', () => {
    const before = stage({ siteKey: 'a', widget: { theme: 'dark', size: 1 }, fields: ['A'], old: null });
    const after = stage({ siteKey: 'b', widget: { theme: 'light', size: 1 }, fields: ['A', 'B'], new: 1 });
    expect(told(documentOf(before), documentOf(after))).toEqual([
      'stage:captcha.config.siteKey: "a" → "b"',
      'stage:captcha.config.widget.theme: "dark" → "light"',
      'stage:captcha.config.fields: ["A"] → ["A","B"]',
      '+ stage:captcha.config.new',
      '- stage:captcha.config.old',
    ]);
  });

  it('tell what stands for something else as a whole', () => {
    const was = stage({ a: { ref: 'stage:a' }, b: { secret: 'A' }, c: { $literal: { $if: 1 } }, d: null });
    const is = stage({ a: { ref: 'stage:b' }, b: { secret: 'B' }, c: { $literal: { $if: 2 } }, d: { x: 1 } });
    expect(told(documentOf(was), documentOf(is))).toEqual([
      'stage:captcha.config.a: {"ref":"stage:a"} → {"ref":"stage:b"}',
      'stage:captcha.config.b: {"secret":"A"} → {"secret":"B"}',
      'stage:captcha.config.c: {"$literal":{"$if":1}} → {"$literal":{"$if":2}}',
      'stage:captcha.config.d: null → {"x":1}',
    ]);
  });

  it('tell what has come and what is gone as wholes, the latter last', () => {
    const before = documentOf({ policy: 'old', kind: 'dummy' }, flow({ policies: [guard('old', 0)] }));
    const flowAfter = flow({ stages: [place('a', 1, { policies: [guard('new', 0)] })] });
    const after = documentOf(flowAfter);
    expect(differences(before, after)).toEqual([
      {
        path: 'flow:login / stage:a @ 1',
        kind: 'ADDED',
        before: null,
        after: place('a', 1, { policies: [guard('new', 0)] }),
      },
      { path: 'flow:login / policy:old @ 0', kind: 'REMOVED', before: guard('old', 0), after: null },
      { path: 'policy:old', kind: 'REMOVED', before: { policy: 'old', kind: 'dummy' }, after: null },
    ]);
    expect(differences({}, after)).toEqual([
      { path: 'flow:login', kind: 'ADDED', before: null, after: flowAfter },
    ]);
  });

  it('know what has another name, and a place or a guard under another order', () => {
    const guarded = (negate: boolean, order: number) => ({ policies: [guard('p', order, { negate })] });
    const before = documentOf(flow({ stages: [place('a', 1, guarded(false, 0)), place('b', 2)] }));
    const after = documentOf(
      flow({ flow: 'sign-in', stages: [place('b', 2), place('a', 3, guarded(true, 5))] }),
    );
    expect(told(before, after, { 'flow:login': 'flow:sign-in' })).toEqual([
      'flow:sign-in.slug: "login" → "sign-in"',
      'flow:sign-in / stage:a @ 3.order: 1 → 3',
      'flow:sign-in / stage:a @ 3 / policy:p @ 5.order: 0 → 5',
      'flow:sign-in / stage:a @ 3 / policy:p @ 5.negate: false → true',
    ]);
  });

  it('know a stage and a policy that have another name, wherever they stand', () => {
    const named = (a: string, p: string) =>
      documentOf({ stage: a, kind: 'deny' }, flow({ stages: [place(a, 1, { policies: [guard(p, 0)] })] }));
    const called = { 'stage:a': 'stage:b', 'policy:p': 'policy:q' };
    expect(told(named('a', 'p'), named('b', 'q'), called)).toEqual(['stage:b.name: "a" → "b"']);
    expect(told(named('a', 'p'), named('b', 'q'))).toHaveLength(4);
  });

  it('take a stage that has kept one of its places for the one that it has kept', () => {
    const before = documentOf(flow({ stages: [place('a', 1), place('a', 2)] }));
    const after = documentOf(flow({ stages: [place('a', 0), place('a', 1)] }));
    expect(told(before, after)).toEqual(['flow:login / stage:a @ 0.order: 2 → 0']);
    const fewer = documentOf(flow({ stages: [place('a', 2)] }));
    expect(told(before, fewer)).toEqual(['- flow:login / stage:a @ 1']);
  });

  it('tell a policy, a group and a person of one name apart', () => {
    const subjects = (...guards: readonly JsonObject[]) => documentOf(flow({ policies: guards }));
    expect(told(subjects({ group: 'x', order: 0 }), subjects({ user: 'x', order: 0 }))).toEqual([
      '+ flow:login / user:x @ 0',
      '- flow:login / group:x @ 0',
    ]);
  });
});
