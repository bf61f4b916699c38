import type { Json, JsonObject } from '../../../kernel/json.js';
import { actionsFor } from './conditions.js';
import { answered, inOrder, isAsked, isSame, passesWhere, questionsIn } from './decision.js';
import type { Decision } from './decision.js';
import { decisionOf } from './exploring.js';
import { Unreadable } from './python.js';
import { personFields, questions } from './questions.js';
import type { Question } from './questions.js';
import { readPython } from './statements.js';
import type { TranslatedPolicy } from './translation.js';

/** What is asked of expressions one after the other stays small; what asks for more is written anew by hand. */
const MOST_QUESTIONS = 12;

/**
 * What an expression of the relative's means, as a condition of ours that comes to the same whatever is the case; undefined
 * where that is not known for certain.
 */
export function translateExpression(source: string): TranslatedPolicy | undefined {
  const steps = readPython(source);
  if (!steps) return undefined;
  try {
    const decision = decisionOf(steps);
    const meant = settled(decision);
    return { kind: 'condition', config: configFor(meant), note: noteOn(decision, meant) };
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** What is missing here is what the facts say that it is: nothing holds that is said of it. */
function configFor(decision: Decision): JsonObject {
  const actions = [...actionsFor(decision)];
  if (isMoreThan({ objects: 200, deep: 10 }, actions)) throw new Unreadable();
  return { actions, missing: 'FALSE' };
}

/** Whether it is more than conditions can be: so many things in all, and lists within each other so deep. */
function isMoreThan(
  most: { readonly objects: number; readonly deep: number },
  actions: readonly Json[],
): boolean {
  let objects = 0;
  const isTooDeep = (within: Json, depth: number): boolean => {
    if (typeof within !== 'object' || within === null) return false;
    const isList = Array.isArray(within);
    if (!isList) objects += 1;
    const below = isList ? depth + 1 : depth;
    const held: readonly Json[] = Object.values(within);
    return below > most.deep || held.some((value) => isTooDeep(value, below));
  };
  return isTooDeep(actions, 0) || objects > most.objects;
}

/** A decision that asks only what can be answered here. */
function settled(decision: Decision): Decision {
  if (questionsIn(decision).length > MOST_QUESTIONS) throw new Unreadable();
  const here = withoutExternal(decision);
  const fields = personFields.map(questions.mayChange).filter((field) => isAsked(here, field));
  if (!fields.every((field) => isMorePermissive(here, field))) throw new Unreadable();
  return simplest(withoutOwnTarget(here));
}

/**
 * Nobody comes here from another identity provider. What lets in nobody else lets in nobody; whatever else goes by it would
 * come to mean something else on the day that somebody does.
 */
function withoutExternal(decision: Decision): Decision {
  if (!isAsked(decision, questions.external)) return decision;
  const here = simplest(answered(decision, questions.external, 'no'));
  if (here.type !== 'verdict' || here.passing) throw new Unreadable();
  return here;
}

/** Whether being allowed to change something never forbids anything: who may is not known of everybody. */
function isMorePermissive(decision: Decision, field: Question): boolean {
  return passesWhere(answered(decision, field, 'no'), answered(decision, field, 'yes'));
}

/** Here a flow that somebody opens for themselves is one that they open for nobody in particular. */
function withoutOwnTarget(decision: Decision): Decision {
  const { target } = questions;
  if (!isAsked(decision, target)) return decision;
  const [nobody, self, other] = target.answers.map((answer) => simplest(answered(decision, target, answer)));
  if (!nobody || !self || !other || !isSame(nobody, self)) throw new Unreadable();
  return { type: 'fork', question: { ...target, answers: ['other', 'self'] }, branches: [other, nobody] };
}

/** What has to be there for the rest to make sense is asked first. */
function simplest(decision: Decision): Decision {
  const asked = questionsIn(decision);
  const first = asked.filter(({ id }) => id === questions.person.id || id === questions.filledIn.id);
  return inOrder(decision, [...new Set([...first, ...asked])]);
}

/** What is another thing here than it seems there. */
function noteOn(decision: Decision, meant: Decision): string | null {
  const asks = (question: Question): boolean => isAsked(decision, question);
  if (asks(questions.external))
    return 'Nobody comes here from another identity provider, so this never passes.';
  if (asks(questions.restored) && meant.type === 'verdict') {
    return 'This comes to the same for everybody, there as here. If it was meant to leave a step out for whoever comes with a link, require that execution.restored is false.';
  }
  if (asks(questions.setUp)) {
    return 'Whoever comes with a link to the flow counts as having been sent by the setup, and the flow has to be about the person that this names.';
  }
  if (personFields.map(questions.mayChange).some(asks)) {
    return 'Only those may change something whose attributes allow it, such as mayChange.email: there is no setting that does so for everybody.';
  }
  return null;
}
