import { z } from 'zod';

import type { PolicyBindingDefinition, PolicyEngineMode, PolicySubject } from './definition.js';
import type { PolicyInput, PolicyKind, PolicyServices, PolicyVerdict } from './policy-kind.js';

/** What a set of bindings decides together. */
export interface PolicyDecision {
  readonly passing: boolean;
  /** Some binding ended in an error that counts as failed: not passing then is a denial, never a skipped stage. */
  readonly broken: boolean;
  /** Of every verdict, passing or not, in order. */
  readonly messages: readonly string[];
  readonly errors: readonly PolicyError[];
  /** The verdicts of policies that are to be recorded each time, and not only where they fail. */
  readonly recorded: readonly RecordedVerdict[];
}

export interface RecordedVerdict {
  readonly bindingId: string;
  readonly policy: string;
  readonly passing: boolean;
}

/** An evaluation that ended without a verdict. The reason is for administrators only. */
export interface PolicyError {
  readonly bindingId: string;
  readonly policy: string;
  readonly reason: string;
}

export interface PolicyEngineParts {
  readonly kinds: ReadonlyMap<string, PolicyKind>;
  readonly services: PolicyServices;
  /** Settles as the promise does, or rejects once the time is over. */
  within<T>(seconds: number, promise: Promise<T>): Promise<T>;
}

interface BindingResult {
  readonly passing: boolean;
  readonly messages: readonly string[];
  readonly error: PolicyError | null;
  readonly recorded: RecordedVerdict | null;
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
  const results: BindingResult[] = [];
  for (const binding of bindings) {
    if (binding.enabled) results.push(await evaluateBinding(parts, binding, input));
  }
  const passing = (result: BindingResult) => result.passing;
  return {
    passing: results.length === 0 || (mode === 'ANY' ? results.some(passing) : results.every(passing)),
    broken: results.some((result) => result.error !== null && !result.passing),
    messages: results.flatMap((result) => result.messages),
    errors: results.flatMap((result) => result.error ?? []),
    recorded: results.flatMap((result) => result.recorded ?? []),
  };
}

async function evaluateBinding(
  parts: PolicyEngineParts,
  binding: PolicyBindingDefinition,
  input: PolicyInput,
): Promise<BindingResult> {
  try {
    const verdict = await evaluateSubject(parts, binding, input);
    const { passing, messages } = verdict;
    return { passing, messages, error: null, recorded: recordOf(binding, passing) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'the policy failed';
    return {
      passing: binding.failureResult,
      messages: [],
      error: { bindingId: binding.id, policy: nameOf(binding.subject), reason },
      recorded: null,
    };
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

const verdictForm = z.object({ passing: z.boolean(), messages: z.array(z.string()) });

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

function recordOf(
  { id: bindingId, subject }: PolicyBindingDefinition,
  passing: boolean,
): RecordedVerdict | null {
  if (subject.type !== 'policy' || !subject.policy.executionLogging) return null;
  return { bindingId, policy: subject.policy.name, passing };
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
