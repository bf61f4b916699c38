import { isJsonList } from '../../../kernel/json.js';
import type { JsonObject } from '../../../kernel/json.js';
import type { Decision } from './decision.js';
import type { Outcome } from './evaluation.js';
import { factOf } from './facts.js';
import { Unreadable } from './python.js';

/** Something that holds or does not, and the opposite of it. */
interface Condition {
  readonly yes: JsonObject;
  readonly no: JsonObject;
}

/** A decision with as few questions as there are different things that come of them. */
type Branching =
  | Outcome
  | { readonly type: 'if'; readonly when: Condition; readonly then: Branching; readonly else: Branching };
type Choice = Exclude<Branching, Outcome>;

/** What a condition of ours does to come to this decision. */
export function actionsFor(decision: Decision): readonly JsonObject[] {
  const actions = written(branching(decision));
  return actions.length > 0 ? actions : [{ type: 'stop', passing: true }];
}

function branching(decision: Decision): Branching {
  if (decision.type !== 'fork') return decision;
  const [first, last] = [decision.branches[0], decision.branches.at(-1)];
  const fact = factOf(decision.question);
  if (!first || !last || !fact || decision.branches.length !== 2) throw new Unreadable();
  return joined({ type: 'if', when: fact, then: branching(first), else: branching(last) });
}

/** Two questions that only together make a difference are one. */
function joined(choice: Choice): Branching {
  const { when, then, else: otherwise } = choice;
  if (otherwise.type === 'if') {
    const { when: next } = otherwise;
    if (isAlike(then, otherwise.then)) return { ...otherwise, when: any(when, next) };
    if (isAlike(then, otherwise.else)) return { ...otherwise, when: all(opposite(when), next) };
  }
  if (then.type === 'if') {
    const { when: next } = then;
    if (isAlike(then.else, otherwise)) return { ...then, when: all(when, next) };
    if (isAlike(then.then, otherwise)) return { ...then, when: any(opposite(when), next) };
  }
  return choice;
}

function isAlike(one: Branching, other: Branching): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function opposite({ yes, no }: Condition): Condition {
  return { yes: no, no: yes };
}

function all(one: Condition, other: Condition): Condition {
  return { yes: group('all', one.yes, other.yes), no: group('any', one.no, other.no) };
}

function any(one: Condition, other: Condition): Condition {
  return opposite(all(opposite(one), opposite(other)));
}

function group(how: 'all' | 'any', ...nodes: readonly JsonObject[]): JsonObject {
  return {
    [how]: nodes.flatMap((node) => {
      const within = node[how];
      return isJsonList(within) ? within : [node];
    }),
  };
}

/** At the end of the list it passes. */
function written(branches: Branching): readonly JsonObject[] {
  if (branches.type === 'abort') return [{ type: 'abort', message: branches.message }];
  if (branches.type === 'verdict') return isPlain(branches, true) ? [] : [stop(branches)];
  const { when, then, else: otherwise } = branches;
  if (isPlain(otherwise, false)) return [{ type: 'require', when: when.yes }, ...written(then)];
  if (isPlain(then, false)) return [{ type: 'require', when: when.no }, ...written(otherwise)];
  if (otherwise.type !== 'if') return [ended(when.no, otherwise), ...written(then)];
  if (then.type !== 'if') return [ended(when.yes, then), ...written(otherwise)];
  return [{ type: 'if', when: when.yes, then: [...written(then)], else: [...written(otherwise)] }];
}

function ended(when: JsonObject, outcome: Outcome): JsonObject {
  return { type: 'if', when, then: [outcome.type === 'abort' ? { ...outcome } : stop(outcome)] };
}

function stop({ passing, message }: Extract<Outcome, { readonly type: 'verdict' }>): JsonObject {
  return message === null ? { type: 'stop', passing } : { type: 'stop', passing, message };
}

function isPlain(outcome: Branching, passing: boolean): boolean {
  return outcome.type === 'verdict' && outcome.passing === passing && outcome.message === null;
}
