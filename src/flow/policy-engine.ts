import { z } from 'zod';

import { storableText } from '../kernel/text.js';
import type { PolicyBindingDefinition, PolicyEngineMode, PolicySubject } from './definition.js';
import type { PolicyInput, PolicyKind, PolicyServices, PolicyVerdict } from './policy-kind.js';

/** What a set of bindings decides together. */
export interface PolicyDecision {
  readonly passing: boolean;
  /** Some binding ended in an error that counts as failed: not passing then is a denial, never a skipped stage. */
  readonly broken: boolean;
  /** Of every verdict, passing or not, in order. */
  readonly messages: readonly string[];
  /** What each of them came to, in order. */
  readonly evaluations: readonly PolicyEvaluation[];
}

/** What one binding came to. */
export interface PolicyEvaluation {
  readonly bindingId: string;
  /** The policy's name, or which person or group was asked for. */
  readonly policy: string;
  readonly passing: boolean;
  readonly messages: readonly string[];
  /** Why there was no verdict, for administrators only; then `passing` is the binding's failure result. */
  readonly error: string | null;
  /** Whether the policy is to be recorded each time, and not only where it fails. */
  readonly recorded: boolean;
  readonly milliseconds: number;
}

export interface PolicyEngineParts {
  readonly kinds: ReadonlyMap<string, PolicyKind>;
  readonly services: PolicyServices;
  /** Settles as the promise does, or rejects once the time is over. */
  within<T>(seconds: number, promise: Promise<T>): Promise<T>;
  /** Says, whenever it is asked, how many milliseconds have gone by since it was made. */
  stopwatch(): () => number;
}

/**
 * Evaluates bindings one after the other in their order, all of them. No enabled binding means that nothing
 * objects. Whatever a policy throws, returns by mistake or takes too long for is an error, and counts as the
 * binding's failure result says; negating does not apply to it.
 */
export async function evaluateBindings(
  parts: PolicyEngineParts,
  bindings: readonly PolicyBindingDefinition[],
  mode: PolicyEngineMode,
  input: PolicyInput,
): Promise<PolicyDecision> {
  const evaluations: PolicyEvaluation[] = [];
  for (const binding of bindings) {
    if (binding.enabled) evaluations.push(await evaluateBinding(parts, binding, input));
  }
  const passing = (evaluation: PolicyEvaluation) => evaluation.passing;
  return {
    passing:
      evaluations.length === 0 || (mode === 'ANY' ? evaluations.some(passing) : evaluations.every(passing)),
    broken: evaluations.some(({ error, passing: passed }) => error !== null && !passed),
    messages: evaluations.flatMap(({ messages }) => messages),
    evaluations,
  };
}

async function evaluateBinding(
  parts: PolicyEngineParts,
  binding: PolicyBindingDefinition,
  input: PolicyInput,
): Promise<PolicyEvaluation> {
  const elapsed = parts.stopwatch();
  const { subject } = binding;
  const which = {
    bindingId: binding.id,
    policy: nameOf(subject),
    recorded: subject.type === 'policy' && subject.policy.executionLogging,
  };
  try {
    const { passing, messages } = await evaluateSubject(parts, binding, input);
    return { ...which, passing, messages, error: null, milliseconds: elapsed() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'the policy failed';
    const { failureResult: passing } = binding;
    return { ...which, passing, messages: [], error: storableText(reason), milliseconds: elapsed() };
  }
}

async function evaluateSubject(
  parts: PolicyEngineParts,
  binding: PolicyBindingDefinition,
  input: PolicyInput,
): Promise<PolicyVerdict> {
  const { subject } = binding;
  switch (subject.type) {
    case 'policy': {
      const kind = parts.kinds.get(subject.policy.kind);
      if (!kind) throw new Error(`there is no policy kind ${subject.policy.kind} in this installation`);
      const { timeoutSeconds } = binding;
      const run = { policy: subject.policy, input, services: parts.services, timeoutSeconds };
      const verdict = checkedVerdict(await parts.within(timeoutSeconds, kind.evaluate(run)));
      return { ...verdict, passing: verdict.passing !== binding.negate };
    }
    case 'user':
      return staticVerdict(binding, input, (user) => user.id === subject.userId);
    case 'group':
      return staticVerdict(binding, input, (user) =>
        user.groups.some((group) => group.id === subject.groupId),
      );
  }
}

/** A message that is cut in the middle of a character is still a message. */
const verdictForm = z.object({ passing: z.boolean(), messages: z.array(z.string().transform(storableText)) });

/** What is no verdict decides nothing: turned round, or taken for true, it would let people through. */
function checkedVerdict(returned: unknown): PolicyVerdict {
  const parsed = verdictForm.safeParse(returned);
  if (!parsed.success) throw new Error('the policy did not return a verdict');
  return parsed.data;
}

/** Nobody is no particular person and in no group: such bindings never hold for them, negated or not. */
function staticVerdict(
  binding: PolicyBindingDefinition,
  input: PolicyInput,
  holds: (user: NonNullable<PolicyInput['user']>) => boolean,
): PolicyVerdict {
  return { passing: input.user !== null && holds(input.user) !== binding.negate, messages: [] };
}

function nameOf(subject: PolicySubject): string {
  switch (subject.type) {
    case 'policy':
      return subject.policy.name;
    case 'group':
      return `group ${subject.groupId}`;
    case 'user':
      return `user ${subject.userId}`;
  }
}
