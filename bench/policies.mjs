// What a policy costs: evaluations one after the other as the engine does them, beside a call of an empty function.
import { createExpressions } from '../dist/src/adapters/sandbox/expressions.js';
import { evaluateBindings } from '../dist/src/flow/policy-engine.js';
import { policyKinds } from '../dist/src/policies/list.js';

/** Of each round; the first ones also compile and start threads. */
const EVALUATIONS = { condition: 5_000, expression: 500, floor: 100_000 };
const ROUNDS = 5;
const WARM_UPS = 1;

/** About two kilobytes of what prompts collect and stages note. */
const context = {
  pendingUser: { id: '4b0a1c2e-0000-4000-8000-000000000001', identifier: 'ada@example.com' },
  promptData: Object.fromEntries(
    Array.from({ length: 28 }, (_, index) => [
      `field${index}`,
      `what was typed into field ${index} `.repeat(2),
    ]),
  ),
  notes: { country: 'IS' },
};

const condition = {
  actions: [
    {
      type: 'require',
      when: {
        all: [
          { variable: 'user.email', operator: 'ends_with', value: '@example.com' },
          { variable: 'user.groups', operator: 'has_item', value: 'staff' },
          { variable: 'promptData', parameter: 'field23', operator: 'contains', value: 'field 23' },
          {
            any: [
              { variable: 'request.clientIp', operator: 'in_network', value: '10.0.0.0/8' },
              { variable: 'context', parameter: 'notes.country', as: 'string', operator: 'eq', value: 'IS' },
            ],
          },
        ],
      },
    },
  ],
};

/** The same in code. */
const expression = `
  user.email.endsWith('@example.com') && user.groups.includes('staff') &&
  context.promptData.field23.includes('field 23') &&
  (inNetwork(request.clientIp, '10.0.0.0/8') || context.notes.country === 'IS')`;

/**
 * How many evaluations a second there are of each, the median of a few rounds that take turns.
 *
 * @param {(values: number[]) => number} median
 */
export async function measurePolicies(median) {
  const expressions = createExpressions();
  const parts = {
    kinds: new Map(policyKinds.map((kind) => [kind.name, kind])),
    services: { expressions },
    within: (_seconds, promise) => promise,
    stopwatch: () => () => 0,
  };
  const evaluate = async (kind, config) => {
    const { passing, evaluations } = await evaluateBindings(parts, questionOf(kind, config));
    if (!passing) throw new Error(`the ${kind} does not pass: ${JSON.stringify(evaluations)}`);
  };
  const nothing = async () => {};
  const works = {
    condition: () => evaluate('condition', condition),
    expression: () => evaluate('expression', { expression }),
    floor: nothing,
  };
  const perSecond = { condition: [], expression: [], floor: [] };
  try {
    for (let round = -WARM_UPS; round < ROUNDS; round += 1) {
      for (const [name, work] of Object.entries(works)) {
        const begunAt = performance.now();
        for (let done = 0; done < EVALUATIONS[name]; done += 1) await work();
        const seconds = (performance.now() - begunAt) / 1000;
        if (round >= 0) perSecond[name].push(EVALUATIONS[name] / seconds);
      }
    }
  } finally {
    await expressions.close();
  }
  return {
    characters: JSON.stringify(context).length,
    rows: Object.entries(perSecond).map(([name, rounds]) => ({ name, perSecond: median(rounds) })),
  };
}

function questionOf(kind, config) {
  const policy = { id: kind, name: kind, kind, config, executionLogging: false, calls: [] };
  return {
    bindings: [
      {
        ...{ id: 'binding', target: { type: 'flow', flowId: 'flow' }, subject: { type: 'policy', policy } },
        ...{
          order: 0,
          enabled: true,
          negate: false,
          timeoutSeconds: 30,
          failureResult: false,
          expiresAt: null,
        },
      },
    ],
    mode: 'ANY',
    passesWhenExpired: false,
    policyByName: () => undefined,
    input: {
      flow: {
        slug: 'login',
        title: '',
        designation: 'AUTHENTICATION',
        layout: 'STACKED',
        backgroundUrl: null,
      },
      user: {
        ...{ id: context.pendingUser.id, username: 'ada', email: 'ada@example.com', name: 'Ada' },
        ...{ active: true, superuser: false, createdAt: new Date('2026-01-01T00:00:00Z') },
        ...{ emailVerifiedAt: null, kind: 'INTERNAL', path: 'users', attributes: {}, authenticators: [] },
        groups: [{ id: 'staff', name: 'staff', superuser: false }],
      },
      viewer: null,
      client: { kind: 'NATIVE', address: '192.0.2.1', userAgent: 'bench', location: null },
      now: new Date('2026-11-26T12:00:00Z'),
      context,
      newPasswords: {},
      proofs: [],
      redirectedFrom: null,
      restored: false,
      signedInRecently: false,
      mayWrite: true,
    },
  };
}
