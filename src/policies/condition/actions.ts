import { verdict } from '../../flow/policy-kind.js';
import type { PolicyVerdict } from '../../flow/policy-kind.js';
import type { Action, Assignment } from './document.js';
import { isReference } from './comparison-rules.js';
import { evaluateNode } from './evaluation.js';
import type { Evaluating } from './evaluation.js';

/** Where the actions have ended before their end. */
interface End {
  readonly passing: boolean;
  readonly messages: readonly string[];
  readonly decidedBy: readonly string[];
}

/** Does one after the other until one of them ends it. What was written stays so, whatever it ends with. */
export async function runActions(
  actions: readonly Action[],
  failureMessage: string,
  evaluating: Evaluating,
): Promise<PolicyVerdict> {
  const actor = new Actor(failureMessage, evaluating);
  const end = await actor.act(actions, 'actions');
  const { passing, messages, decidedBy } = end ?? { passing: true, messages: [], decidedBy: actor.required };
  const { read, changes } = evaluating.reading;
  return verdict(passing, messages, { decidedBy, read, changes, log: evaluating.log });
}

class Actor {
  /** What has decided that it goes on, so far. */
  readonly required: string[] = [];

  constructor(
    private readonly failureMessage: string,
    private readonly evaluating: Evaluating,
  ) {}

  async act(actions: readonly Action[], path: string): Promise<End | undefined> {
    for (const [index, action] of actions.entries()) {
      const end = action.enabled ? await this.#one(action, `${path}.${index}`) : undefined;
      if (end) return end;
    }
    return undefined;
  }

  async #one(action: Action, path: string): Promise<End | undefined> {
    switch (action.type) {
      case 'require': {
        const { holds, because, messages } = await evaluateNode(action.when, `${path}.when`, this.evaluating);
        if (!holds) return this.#failed(because, messages);
        this.required.push(...because);
        return undefined;
      }
      case 'if': {
        const { holds } = await evaluateNode(action.when, `${path}.when`, this.evaluating);
        return holds ? this.act(action.then, `${path}.then`) : this.act(action.else, `${path}.else`);
      }
      case 'set':
        return this.#write(action, path);
      case 'stop': {
        const { passing, message } = action;
        return { passing, messages: message === undefined ? [] : [message], decidedBy: [path] };
      }
      case 'abort':
        throw new Error(`${path}: ${action.message}`);
    }
  }

  /** A variable without a value is missing here as it is in a comparison. */
  async #write({ target, value }: Assignment, path: string): Promise<End | undefined> {
    const { reading, missing, log } = this.evaluating;
    const raw = isReference(value) ? await reading.raw(value) : value;
    if (raw == null) {
      log.push(`${path}: missing`);
      return missing === 'FAIL' ? this.#failed([path], []) : undefined;
    }
    reading.write(target, raw);
    log.push(`${path}: ${target} is set`);
    return undefined;
  }

  #failed(decidedBy: readonly string[], said: readonly string[]): End {
    const own = this.failureMessage === '' ? [] : [this.failureMessage];
    return { passing: false, messages: [...own, ...said], decidedBy };
  }
}
