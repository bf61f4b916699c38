import { z } from 'zod';

import { storableText } from '../kernel/text.js';
import type { ContextChange } from './context.js';
import type { PolicyDefinition } from './definition.js';
import { contextAfter } from './policy-context.js';
import type { PolicyEvent, PolicyInput, PolicyKind, PolicyServices, PolicyVerdict } from './policy-kind.js';

/** So many policies may be waiting for each other, and so many may one binding ask: more than anybody composes. */
const MOST_NESTED = 10;
const MOST_CALLS = 50;

/** What policies are evaluated with. */
export interface PolicyParts {
  readonly kinds: ReadonlyMap<string, PolicyKind>;
  readonly services: PolicyServices;
}

/** What they are asked about. */
export interface PolicyMatter {
  readonly input: PolicyInput;
  /** Finds the policies that policies call. */
  policyByName(name: string): PolicyDefinition | undefined;
}

/** A policy that another one has asked. */
export interface CalledPolicy {
  readonly policy: string;
  readonly passing: boolean;
  readonly messages: readonly string[];
  /** Why there was no verdict; then whoever called has none either. */
  readonly error: string | null;
  readonly read: PolicyVerdict['read'];
  readonly decidedBy: readonly string[];
  readonly recorded: boolean;
}

/** Evaluates the policy of one binding, and those that it calls, and keeps what the called ones wanted. */
export class PolicyCalls {
  readonly made: CalledPolicy[] = [];
  readonly changes: ContextChange[] = [];
  readonly events: PolicyEvent[] = [];
  #begun = 0;

  constructor(
    private readonly parts: PolicyParts,
    private readonly question: PolicyMatter,
    private readonly timeoutSeconds: number,
  ) {}

  /** Throws where the policy comes to no verdict. `callers` are those that wait for it, the outermost first. */
  async evaluate(policy: PolicyDefinition, callers: readonly string[] = []): Promise<PolicyVerdict> {
    const kind = this.parts.kinds.get(policy.kind);
    if (!kind) throw new Error(`there is no policy kind ${policy.kind} in this installation`);
    const { input } = this.question;
    const returned = await kind.evaluate({
      policy,
      input: { ...input, context: contextAfter(input.context, this.changes) },
      services: this.parts.services,
      timeoutSeconds: this.timeoutSeconds,
      call: (name) => this.#call(name, [...callers, policy.name]),
    });
    const judged = checkedVerdict(returned);
    if (judged.changes.length > 0 && !input.mayWrite) {
      throw new Error('nothing can be written where it is asked who may use a flow');
    }
    return judged;
  }

  async #call(name: string, callers: readonly string[]): Promise<PolicyVerdict> {
    const path = [...callers, name].join(' → ');
    if (callers.includes(name)) throw new Error(`policies call each other without end: ${path}`);
    if (callers.length >= MOST_NESTED) throw new Error(`policies call each other too deep: ${path}`);
    // Counted before they end: a policy may call many at the same time.
    this.#begun += 1;
    if (this.#begun > MOST_CALLS) throw new Error('too many policies were called');
    const policy = this.question.policyByName(name);
    if (!policy) throw new Error(`there is no policy ${name}`);
    const { executionLogging: recorded } = policy;
    try {
      const before = this.changes.length;
      const judged = await this.evaluate(policy, callers);
      const { passing, messages, read, decidedBy } = judged;
      this.made.push({ policy: name, passing, messages, error: null, read, decidedBy, recorded });
      this.changes.push(...judged.changes);
      this.events.push(...judged.events);
      return { ...judged, changes: this.changes.slice(before) };
    } catch (error) {
      const reason = storableText(error instanceof Error ? error.message : 'the policy failed');
      const nothing = { passing: false, messages: [], read: {}, decidedBy: [] };
      this.made.push({ policy: name, ...nothing, error: reason, recorded });
      throw error;
    }
  }
}

/** A message that is cut in the middle of a character is still a message. */
const messages = z.array(z.string().transform(storableText));
const verdictForm = z.object({ passing: z.boolean(), messages });

/** What is no verdict decides nothing: turned round, or taken for true, it would let people through. */
function checkedVerdict(returned: PolicyVerdict): PolicyVerdict {
  const parsed = verdictForm.safeParse(returned);
  if (!parsed.success) throw new Error('the policy did not return a verdict');
  return { ...returned, ...parsed.data };
}
