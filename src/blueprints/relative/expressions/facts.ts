import type { JsonObject } from '../../../kernel/json.js';
import { personFields, questions } from './questions.js';
import type { PersonField, Question } from './questions.js';

/** What a question is in the words of our conditions: where the answer is yes, and where it is no. */
export interface Fact {
  readonly yes: JsonObject;
  readonly no: JsonObject;
}

const compare = (variable: string, operator: string, also: JsonObject = {}): JsonObject => ({
  variable,
  ...also,
  operator,
});
const truth = (variable: string): Fact => ({
  yes: compare(variable, 'is_true'),
  no: compare(variable, 'is_false'),
});
/** What is missing holds nowhere, so that the opposite of something is where it does not hold. */
const unless = (yes: JsonObject): Fact => ({ yes, no: { none: [yes] } });

const methods = (value: string): JsonObject => compare('execution.methods', 'has_item', { value });
const filledIn = (field: PersonField): JsonObject => ({ parameter: field });
const passwordless = compare('execution.passwordless', 'is_true');

const simple: readonly (readonly [Question, Fact])[] = [
  [questions.plan, truth('execution.underWay')],
  [
    questions.verified,
    unless({
      any: [compare('execution.methods', 'has_any', { value: ['pwd', 'enrollment'] }), passwordless],
    }),
  ],
  [questions.passwordless, unless({ all: [passwordless, { none: [methods('pwd')] }] })],
  [questions.restored, unless({ any: [compare('execution.restored', 'is_true'), methods('email')] })],
  [questions.setUp, truth('execution.restored')],
  [questions.person, { yes: compare('user.id', 'is_set'), no: compare('user.id', 'is_not_set') }],
  [
    questions.filledIn,
    {
      yes: compare('context', 'is_set', { parameter: 'promptData' }),
      no: compare('context', 'is_not_set', { parameter: 'promptData' }),
    },
  ],
  [questions.password, unless(compare('user.hasPassword', 'is_true'))],
  [questions.target, unless(compare('user.id', 'ne', { value: { variable: 'viewer.id' } }))],
];

const byField: readonly (readonly [(field: PersonField) => Question, (field: PersonField) => Fact])[] = [
  [
    questions.has,
    (field) => ({
      yes: compare('promptData', 'is_set', filledIn(field)),
      no: compare('promptData', 'is_not_set', filledIn(field)),
    }),
  ],
  [questions.holds, (field) => unless(compare('promptData', 'length_gt', { ...filledIn(field), value: 0 }))],
  [questions.same, (field) => unless(sameAsBefore(field))],
  [questions.mayChange, (field) => unless(allowed(field))],
];

const facts: ReadonlyMap<string, Fact> = new Map([
  ...simple.map(([{ id }, fact]) => [id, fact] as const),
  ...byField.flatMap(([question, fact]) =>
    personFields.map((field) => [question(field).id, fact(field)] as const),
  ),
]);

/** What stands here for a question; undefined where nothing does. */
export function factOf({ id }: Question): Fact | undefined {
  const prefix = questions.named('').id;
  if (!id.startsWith(prefix)) return facts.get(id);
  return unless(compare('user.username', 'eq', { value: id.slice(prefix.length) }));
}

/** Whoever has none of it has an empty one there. */
function sameAsBefore(field: PersonField): JsonObject {
  const same = compare('promptData', 'eq', { ...filledIn(field), value: { variable: `user.${field}` } });
  if (field !== 'email') return same;
  return {
    any: [
      same,
      {
        all: [compare('user.email', 'is_not_set'), compare('promptData', 'is_empty', filledIn(field))],
      },
    ],
  };
}

/** By the attribute that the relative has for it, or by ours; either can forbid it. */
function allowed(field: PersonField): JsonObject {
  const names = [`mayChange.${field}`, `goauthentik.io/user/can-change-${field}`];
  const says = (operator: string): JsonObject[] =>
    names.map((parameter) => compare('user.attributes', operator, { parameter, as: 'boolean' }));
  return { all: [{ any: says('is_true') }, { none: says('is_false') }] };
}
