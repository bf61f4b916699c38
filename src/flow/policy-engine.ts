import { storableText } from '../kernel/text.js';
import type { ContextChange } from './context.js';
import type { PolicyBindingDefinition, PolicyEngineMode } from './definition.js';
import { PolicyCalls } from './policy-calls.js';
import type { CalledPolicy, PolicyParts, PolicyMatter } from './policy-calls.js';
import type { PolicyEvent, PolicyInput, PolicyVerdict } from './policy-kind.js';
import { verdict } from './policy-kind.js';
import { contextAfter } from './policy-context.js';

/** What a set of bindings decides together. */
export interface PolicyDecision {
  readonly passing: boolean;
  /** Some binding ended in an error that counts as failed: not passing then is a denial, never a skipped stage. */
  readonly broken: boolean;
  /** Of every verdict, passing or not, in order. */
  readonly messages: readonly string[];
  /** What each of them came to, in order. */
  readonly evaluations: readonly PolicyEvaluation[];
  /** What the execution is to remember, in order. */
  readonly changes: readonly ContextChange[];
}

/** What one binding came to. */
export interface PolicyEvaluation {
  readonly bindingId: string;
  /** The policy's name, or which person or group was asked for. */
  readonly policy: string;
  /** As the binding counts it: turned round where it negates. */
  readonly passing: boolean;
  readonly messages: readonly string[];
  /** The prompt field that the messages are about. */
  readonly field: string | null;
  readonly judgesPassword: boolean;
  /** Why there was no verdict, for administrators only; then `passing` is the binding's failure result. */
  readonly error: string | null;
  /** Whether the policy is to be recorded each time, and not only where it fails. */
  readonly recorded: boolean;
  readonly events: readonly PolicyEvent[];
  /** What it has looked at, and where in its configuration it was decided. */
  readonly read: PolicyVerdict['read'];
  readonly decidedBy: readonly string[];
  /** The policies that it has called, in order. */
  readonly calls: readonly CalledPolicy[];
  readonly milliseconds: number;
}

export interface PolicyEngineParts extends PolicyParts {
  /** Settles as the promise does, or rejects once the time is over. */
  within<T>(seconds: number, promise: Promise<T>): Promise<T>;
  /** Says, whenever it is asked, how many milliseconds have gone by since it was made. */
  stopwatch(): () => number;
}

/** What is to be decided, and by what. */
export interface PolicyQuestion extends PolicyMatter {
  readonly bindings: readonly PolicyBindingDefinition[];
  readonly mode: PolicyEngineMode;
  /** What it comes to where bindings have expired and none is left: nobody may read that as "no bindings". */
  readonly passesWhenExpired: boolean;
}

/**
 * Evaluates bindings one after the other in their order, all of them. No enabled binding means that nothing
 * objects; one that has expired is as if it were not there. What one writes into the context, those after it read.
 * Whatever a policy throws, returns by mistake or takes too long for is an error, and counts as the binding's
 * failure result says; negating does not apply to it, and what it wanted to write is forgotten.
 */
export async function evaluateBindings(
  parts: PolicyEngineParts,
  question: PolicyQuestion,
): Promise<PolicyDecision> {
  const { mode } = question;
  const enabled = question.bindings.filter((binding) => binding.enabled);
  const current = enabled.filter(
    ({ expiresAt }) => expiresAt === null || expiresAt.getTime() > question.input.now.getTime(),
  );
  const evaluations: PolicyEvaluation[] = [];
  const changes: ContextChange[] = [];
  for (const binding of current) {
    const input = { ...question.input, context: contextAfter(question.input.context, changes) };
    const { evaluation, changes: wanted } = await evaluateBinding(parts, { ...question, input }, binding);
    evaluations.push(evaluation);
    changes.push(...wanted);
  }
  const passing = (evaluation: PolicyEvaluation) => evaluation.passing;
  const nobodyAsked = current.length === 0;
  return {
    passing: nobodyAsked
      ? enabled.length === 0 || question.passesWhenExpired
      : mode === 'ANY'
        ? evaluations.some(passing)
        : evaluations.every(passing),
    broken: evaluations.some(({ error, passing: passed }) => error !== null && !passed),
    messages: evaluations.flatMap(({ messages }) => messages),
    evaluations,
    changes,
  };
}

interface Evaluated {
  readonly evaluation: PolicyEvaluation;
  readonly changes: readonly ContextChange[];
}

async function evaluateBinding(
  parts: PolicyEngineParts,
  question: PolicyQuestion,
  binding: PolicyBindingDefinition,
): Promise<Evaluated> {
  const elapsed = parts.stopwatch();
  const calls = new PolicyCalls(parts, question, binding.timeoutSeconds);
  const { subject, negate, failureResult } = binding;
  const which = {
    bindingId: binding.id,
    policy: nameOf(binding),
    recorded: subject.type === 'policy' && subject.policy.executionLogging,
  };
  try {
    const judged =
      subject.type === 'policy'
        ? await parts.within(binding.timeoutSeconds, calls.evaluate(subject.policy))
        : staticVerdict(binding, question.input);
    const { passing, messages, field, judgesPassword, read, decidedBy } = judged;
    const turned = subject.type === 'policy' ? passing !== negate : passing;
    const events = [...calls.events, ...judged.events];
    const made = { messages, field, judgesPassword, error: null, events, read, decidedBy };
    return {
      evaluation: { ...which, ...made, passing: turned, calls: [...calls.made], milliseconds: elapsed() },
      changes: [...calls.changes, ...judged.changes],
    };
  } catch (error) {
    const reason = storableText(error instanceof Error ? error.message : 'the policy failed');
    const nothing = { messages: [], field: null, judgesPassword: false, events: [], read: {}, decidedBy: [] };
    return {
      evaluation: {
        ...which,
        ...nothing,
        passing: failureResult,
        error: reason,
        // Copied: what has run out of time may go on calling, and nobody listens any more.
        calls: [...calls.made],
        milliseconds: elapsed(),
      },
      changes: [],
    };
  }
}

/** Nobody is no particular person and in no group: such bindings never hold for them, negated or not. */
function staticVerdict({ subject, negate }: PolicyBindingDefinition, { user }: PolicyInput): PolicyVerdict {
  const holds =
    user !== null &&
    (subject.type === 'user'
      ? user.id === subject.userId
      : subject.type === 'group' && user.groups.some((group) => group.id === subject.groupId));
  return verdict(user !== null && holds !== negate, [], { read: { 'user.id': user?.id ?? null } });
}

function nameOf({ subject }: PolicyBindingDefinition): string {
  switch (subject.type) {
    case 'policy':
      return subject.policy.name;
    case 'group':
      return `group ${subject.groupId}`;
    case 'user':
      return `user ${subject.userId}`;
  }
}
