import fc from 'fast-check';

import { secondsAfter } from '../../kernel/clock.js';
import type { Json, JsonObject } from '../../kernel/json.js';
import type { PolicyInput } from '../../flow/policy-kind.js';
import {
  INPUT,
  SERVICES,
  fails,
  judge,
  judgeStored,
  passes,
  problemsOf,
} from '../../../test/support/conditions.js';
import type { Given } from '../../../test/support/conditions.js';
import { person } from '../../../test/support/definitions.js';
import { NOW } from '../../../test/support/engine.js';
import type { OperandForm } from './operands.js';
import { operators } from './operators.js';
import { castTypes } from './values.js';
import type { ValueType } from './values.js';
import { variables } from './variables.js';
import type { Variable } from './variables.js';

const words = fc.constantFrom(
  '',
  'a',
  'Ada',
  'staff',
  'ada@example.org',
  'https://example.org',
  '42',
  'true',
);
const moments = fc
  .integer({ min: -5000, max: 5000 })
  .map((seconds) => secondsAfter(NOW, seconds).toISOString());
const addresses = fc.constantFrom('192.0.2.1', '10.0.0.1', '8.8.8.8', '2001:db8::1');
const numbers = fc.integer({ min: -5, max: 5 });

/** Literals of a type, as they are written. */
function literals(
  type: ValueType,
  options: readonly string[] | undefined,
): fc.Arbitrary<string | number | boolean> {
  switch (type) {
    case 'number':
      return numbers;
    case 'boolean':
      return fc.boolean();
    case 'datetime':
      return moments;
    case 'ip':
      return addresses;
    case 'enum':
      return fc.constantFrom(...(options ?? []));
    case 'string':
    case 'list':
    case 'any':
      return words;
  }
}

/** What can be compared with; undefined is nothing. */
function operands(form: OperandForm, type: ValueType, { options }: Variable): fc.Arbitrary<Json | undefined> {
  const one = literals(type, options);
  switch (form) {
    case 'none':
      return fc.constant(undefined);
    case 'same':
      return one;
    case 'list':
      return fc.array(one, { minLength: 1, maxLength: 3 });
    case 'text':
    case 'item':
      return fc.oneof(words, fc.constant({ variable: 'user.username' }));
    case 'pattern':
      return fc.constantFrom('a', '^A.a$', '\\d+');
    case 'range':
      return fc.tuple(one, one).map(([low, high]) => (low <= high ? [low, high] : [high, low]));
    case 'duration':
      return fc.constantFrom('PT1H', 'P1D');
    case 'networks':
      return fc.constantFrom('10.0.0.0/8', ['192.0.2.0/24', '::/0']);
    case 'items':
      return fc.oneof(
        fc.array(words, { minLength: 1, maxLength: 3 }),
        fc.constant({ variable: 'user.groups' }),
      );
    case 'count':
      return fc.nat(5);
  }
}

const parameters = fc.constantFrom('town', 'age', 'when', 'nothing');

const comparisons: fc.Arbitrary<JsonObject> = fc.constantFrom(...variables).chain((variable) =>
  fc.constantFrom(...(variable.type === 'any' ? castTypes : [variable.type])).chain((type) => {
    const fitting = Object.entries(operators).filter(([, { types }]) => types.some((each) => each === type));
    return fc.constantFrom(...fitting).chain(([operator, { operand, negatable, folds }]) =>
      fc
        .record({
          parameter: parameters,
          negate: fc.boolean(),
          caseSensitive: fc.boolean(),
          value: operands(operand, type, variable),
        })
        .map(({ parameter, negate, caseSensitive, value }) => ({
          variable: variable.name,
          ...(variable.parameter && {
            parameter: variable.type === 'any' ? `notes.${parameter}` : parameter,
          }),
          ...(variable.type === 'any' && { as: type }),
          operator,
          ...(negatable && { negate }),
          ...(folds && { caseSensitive }),
          ...(value !== undefined && operator !== 'is_set' && operator !== 'is_not_set' && { value }),
        })),
    );
  }),
);

const { node: nodes } = fc.letrec<{ node: JsonObject }>((tie) => {
  const children = fc.array(tie('node'), { minLength: 1, maxLength: 3 });
  return {
    node: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      comparisons,
      fc.constantFrom<JsonObject>({ policy: 'open' }, { policy: 'closed' }),
      children.map((all) => ({ all })),
      children.map((any) => ({ any })),
      children.map((none) => ({ none })),
    ),
  };
});

const { actions: documents } = fc.letrec<{ action: JsonObject; actions: JsonObject[] }>((tie) => ({
  actions: fc.array(tie('action'), { minLength: 1, maxLength: 3 }),
  action: fc.oneof(
    { depthSize: 'small', maxDepth: 2 },
    nodes.map((when) => ({ type: 'require', when })),
    fc.record({ type: fc.constant('set'), target: fc.constant('notes.town'), value: words }),
    fc.constantFrom(...variables.filter(({ parameter }) => !parameter)).map(({ name }) => ({
      type: 'set',
      target: 'notes.age',
      value: { variable: name },
    })),
    fc.record({ type: fc.constant('stop'), passing: fc.boolean(), enabled: fc.boolean() }),
    fc.record({ type: fc.constant('if'), when: nodes, then: tie('actions'), else: tie('actions') }),
  ),
}));

const people = fc.option(
  fc.record({
    username: words,
    email: fc.option(words),
    superuser: fc.boolean(),
    groups: fc.array(
      words.map((name) => ({ id: name, name, superuser: false })),
      { maxLength: 3 },
    ),
  }),
);
const entries = fc.dictionary(
  parameters,
  fc.oneof(words, moments, numbers, fc.boolean(), fc.constant(null), fc.constant([])),
);

const inputs: fc.Arbitrary<Partial<PolicyInput>> = fc
  .record({
    user: people,
    signedIn: fc.boolean(),
    address: addresses,
    notes: fc.option(entries),
    proved: fc.boolean(),
  })
  .map(({ user, signedIn, address, notes, proved }) => ({
    user: user && person('ada', user),
    viewer: signedIn ? person('eve') : null,
    client: { ...INPUT.client, address },
    context: {
      ...(notes && { notes }),
      promptData: { town: 'a', age: '42' },
    },
    proofs: proved ? ['pwd'] : [],
  }));

const services = {
  ...SERVICES,
  expressions: {
    ...SERVICES.expressions,
    evaluate: async () => ({ ok: true, value: true, messages: [], log: [], writes: [], events: [] }) as const,
  },
};
const given = (input: Partial<PolicyInput>, missing: 'FAIL' | 'FALSE'): Given => ({
  input,
  services,
  config: { missing },
  others: { open: passes, closed: fails },
});

const requiring = (when: JsonObject) => [{ type: 'require', when }];
const hasMissed = (log: readonly string[]): boolean => log.some((line) => / ?: missing/.test(line));

it('what has missed a value makes nothing hold that it is part of, where that is to fail', () =>
  fc.assert(
    fc.asyncProperty(nodes, inputs, async (node, input) => {
      const judged = await judge(requiring(node), given(input, 'FAIL'));
      const around = [{ none: [node] }, { any: [node, { policy: 'open' }] }, { none: [{ all: [node] }] }];
      for (const part of around) {
        const { passing, log } = await judge(requiring(part), given(input, 'FAIL'));
        expect(hasMissed(log)).toBe(hasMissed(judged.log));
        if (hasMissed(log)) expect(passing).toBe(false);
      }
      if (hasMissed(judged.log)) expect(judged.passing).toBe(false);
    }),
    { numRuns: 300 },
  ));

it('none is the opposite, and the same thing twice is the same, where nothing is missing', () =>
  fc.assert(
    fc.asyncProperty(
      nodes,
      inputs,
      fc.constantFrom('FAIL' as const, 'FALSE' as const),
      async (node, input, missing) => {
        const holds = async (part: JsonObject) => {
          const { passing, log } = await judge(requiring(part), given(input, missing));
          return missing === 'FAIL' && hasMissed(log) ? undefined : passing;
        };
        const held = await holds(node);
        if (held === undefined) return;
        expect(await holds({ none: [node] })).toBe(!held);
        expect(await holds({ none: [{ none: [node] }] })).toBe(held);
        expect(await holds({ all: [node, node] })).toBe(held);
        expect(await holds({ any: [node, node] })).toBe(held);
      },
    ),
    { numRuns: 300 },
  ));

it('every document that can be saved has a verdict, and the same one the next time', () =>
  fc.assert(
    fc.asyncProperty(
      documents,
      inputs,
      fc.constantFrom('FAIL' as const, 'FALSE' as const),
      async (actions, input, missing) => {
        // By chance, some are larger than is allowed.
        fc.pre(problemsOf({ actions }).every(({ code }) => code !== 'TOO_MANY'));
        const judged = await judge(actions, given(input, missing));
        expect(await judge(actions, given(input, missing))).toEqual(judged);
        expect(JSON.parse(JSON.stringify(judged.read))).toEqual(judged.read);
      },
    ),
    { numRuns: 300 },
  ));

it('every document at all is either refused, or has a verdict', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          documents.map(([first]) => first),
          fc.jsonValue(),
        ),
        { maxLength: 3 },
      ),
      async (actions) => {
        const config: JsonObject = { actions: JSON.parse(JSON.stringify(actions)) };
        const refused = problemsOf(config).length > 0;
        const judged = judgeStored(config, given({}, 'FAIL'));
        if (refused) await expect(judged).rejects.toThrow('wrongly configured');
        else expect(typeof (await judged).passing).toBe('boolean');
      },
    ),
    { numRuns: 300 },
  ));
