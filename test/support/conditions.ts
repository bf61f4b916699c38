import { createExpressions } from '../../src/adapters/sandbox/expressions.js';
import { verdict } from '../../src/flow/policy-kind.js';
import type { PolicyInput, PolicyRun, PolicyServices, PolicyVerdict } from '../../src/flow/policy-kind.js';
import type { FieldProblem } from '../../src/kernel/refusal.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { conditionPolicy } from '../../src/policies/condition/policy.js';
import { checkPolicyConfig } from '../../src/policies/configuration.js';
import { flow, policy } from './definitions.js';
import { policyInputOf } from './policy-questions.js';

/** Nobody, with a browser that nothing is known of, in a flow that has just begun. */
export const INPUT: PolicyInput = policyInputOf({
  flow: flow([]),
  client: {
    kind: 'BROWSER',
    address: '192.0.2.1',
    userAgent: 'test',
    languages: [],
    browser: null,
    location: null,
  },
});

/** The real sandbox, and a past in which nothing has happened. */
export const SERVICES: PolicyServices = {
  expressions: createExpressions({ workers: 1 }),
  passwordStrength: {
    knowsBreaches: true,
    isCommon: async () => false,
    estimate: async () => ({ score: 4, advice: [] }),
    breaches: async () => 0,
  },
  passwordHistory: { changedAt: async () => null, isOneOfLast: async () => false },
  reputations: { score: async () => 0 },
  auditLog: { lastLogins: async () => [], count: async () => 0 },
};

export interface Given {
  readonly input?: Partial<PolicyInput>;
  readonly services?: Partial<PolicyServices>;
  readonly config?: { readonly missing?: 'FAIL' | 'FALSE'; readonly failureMessage?: string };
  /** What other policies come to, by name. */
  readonly others?: Readonly<Record<string, PolicyVerdict>>;
}

/** What is wrong with a condition, as it would be told when it is saved; empty where nothing is. */
export function problemsOf(config: object): readonly FieldProblem[] {
  const known = { policy: () => undefined, policyByName: (name: string) => policy(name) };
  const checked = checkPolicyConfig(conditionPolicy, config, SERVICES, known, 'under test');
  return checked.ok ? [] : checked.problems;
}

/** Evaluates a condition that could not have been saved, or could. */
export function judgeStored(config: JsonObject, given: Given = {}): Promise<PolicyVerdict> {
  const run: PolicyRun = {
    policy: { ...policy('under test', 'condition'), config },
    input: { ...INPUT, ...given.input },
    services: { ...SERVICES, ...given.services },
    timeoutSeconds: 10,
    async call(name) {
      const other = given.others?.[name];
      if (!other) throw new Error(`there is no policy ${name}`);
      return other;
    },
  };
  return conditionPolicy.evaluate(run);
}

/** Saves a condition of these actions, and evaluates it. */
export async function judge(actions: readonly JsonObject[], given: Given = {}): Promise<PolicyVerdict> {
  const config = { actions, ...given.config };
  const problems = problemsOf(config);
  if (problems.length > 0) throw new Error(`it cannot be saved: ${JSON.stringify(problems)}`);
  return judgeStored(config, given);
}

/** Whether a condition passes that requires just this. */
export async function holds(node: JsonObject, given: Given = {}): Promise<boolean> {
  return (await judge([{ type: 'require', when: node }], given)).passing;
}

export const passes = verdict(true, ['It passes.']);
export const fails = verdict(false, ['It fails.']);
