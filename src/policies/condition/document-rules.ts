import { policyTargets, isPolicyTarget, policyWrite } from '../../flow/policy-writes.js';
import type { Expressions } from '../../flow/services/expressions.js';
import { TELLING_MISSING } from '../../kernel/schema-problems.js';
import type { FieldProblem } from '../../kernel/refusal.js';
import { comparisonProblems, isReference, referenceProblems } from './comparison-rules.js';
import { MOST_NODES, actionsForm } from './document.js';
import type { Action, Assignment, ConditionNode } from './document.js';
import { formProblems } from './form-problems.js';
import { actionPlaces, nodePlaces } from './places.js';
import type { Place } from './places.js';

const DEEPEST = 10;
const MOST_PROBLEMS = 100;

export type ReadDocument =
  | { readonly ok: true; readonly actions: readonly Action[] }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** What a condition does, or everything that is wrong with it. */
export function readDocument(raw: readonly unknown[], expressions: Pick<Expressions, 'check'>): ReadDocument {
  const parsed = actionsForm.safeParse(raw, TELLING_MISSING);
  const problems = parsed.success
    ? documentProblems(parsed.data, expressions)
    : formProblems(parsed.error, ['actions']);
  if (!parsed.success || problems.length > 0) {
    return { ok: false, problems: problems.slice(0, MOST_PROBLEMS) };
  }
  return { ok: true, actions: parsed.data };
}

function documentProblems(
  document: readonly Action[],
  expressions: Pick<Expressions, 'check'>,
): FieldProblem[] {
  const actions = actionPlaces(document);
  const nodes = actions.flatMap(nodePlaces);
  return [
    ...sizeProblems([...actions, ...nodes]),
    ...actions.flatMap(({ thing, path }) => (thing.type === 'set' ? assignmentProblems(thing, path) : [])),
    ...nodes.flatMap((place) => nodeProblems(place, expressions)),
  ];
}

function nodeProblems(
  { thing, path }: Place<ConditionNode>,
  expressions: Pick<Expressions, 'check'>,
): FieldProblem[] {
  return 'variable' in thing ? comparisonProblems(thing, path, expressions) : [];
}

function sizeProblems(places: readonly Place<Action | ConditionNode>[]): FieldProblem[] {
  const tooDeep = places
    .filter(({ depth }) => depth === DEEPEST + 1)
    .map(
      ({ path }): FieldProblem => ({
        path,
        code: 'TOO_DEEP',
        message: `Nothing is nested deeper than ${DEEPEST}.`,
      }),
    );
  if (places.length <= MOST_NODES) return tooDeep;
  const message = `There are at most ${MOST_NODES} actions and nodes in all.`;
  return [...tooDeep, { path: 'actions', code: 'TOO_MANY', message }];
}

function assignmentProblems({ target, value }: Assignment, path: string): FieldProblem[] {
  if (!isPolicyTarget(target)) {
    const message = `Must be one of ${Object.keys(policyTargets).join(', ')}, the latter two with a key.`;
    return [{ path: `${path}.target`, code: 'UNKNOWN_TARGET', message }];
  }
  if (isReference(value)) return referenceProblems(value, `${path}.value`);
  try {
    policyWrite({}, target, value);
    return [];
  } catch {
    return [{ path: `${path}.value`, code: 'WRONG_OPERAND', message: 'This value does not fit the target.' }];
  }
}
