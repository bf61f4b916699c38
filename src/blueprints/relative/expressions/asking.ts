import { Unreadable } from './python.js';
import type { ComparisonOperator } from './python.js';
import { personFields, questions } from './questions.js';
import type { PersonField, Question } from './questions.js';
import { Raised, Unanswered, Unknowable } from './raised.js';
import type { Value } from './values.js';

export type Answers = ReadonlyMap<string, string>;

/** What values come to, as far as the questions about them are answered. */
export class Asking {
  /** Whether the expression has said itself whom the flow is about: nothing is known of that person. */
  protected personSet = false;

  constructor(private readonly answers: Answers) {}

  protected ask(question: Question): string {
    const answer = this.answers.get(question.id);
    if (answer === undefined) throw new Unanswered(question);
    return answer;
  }

  protected is(question: Question): boolean {
    return this.ask(question) === 'yes';
  }

  /** Nobody but whom the flow is about can be looked up here. */
  protected mustBe(username: string): void {
    if (!this.is(questions.named(username))) {
      throw new Unknowable(`This asks about ${username}, and the flow is about somebody else.`);
    }
  }

  protected isVerified(): boolean {
    if (this.personSet) throw new Unreadable();
    return this.is(questions.verified);
  }

  protected holds(value: Value): boolean {
    switch (value.type) {
      case 'constant':
        return Boolean(value.value);
      case 'emptyMap':
        return false;
      case 'token':
        return true;
      case 'plan':
        return this.is(questions.plan);
      case 'verifiedMark':
        return this.isVerified();
      case 'answer':
        return this.is(questions.holds(value.field));
      case 'mayChange':
        return this.is(questions.mayChange(value.field));
      case 'target':
        return this.ask(questions.target) !== 'nobody';
      case 'startedBy':
        return this.is(questions.setUp);
      case 'named':
        this.mustBe(value.username);
        return true;
      case 'actor':
      case 'attributes':
      case 'authMethod':
      case 'configuration':
      case 'context':
      case 'field':
      case 'flowQuery':
      case 'function':
      case 'httpRequest':
      case 'pendingUser':
      case 'person':
      case 'personId':
      case 'promptData':
      case 'request':
      case 'session':
      case 'setting':
      case 'settings':
      case 'someText':
      case 'viewer':
        throw new Unreadable();
    }
  }

  protected compare(operator: ComparisonOperator, left: Value, right: Value): boolean {
    switch (operator) {
      case '==':
        return this.#same(left, right);
      case '!=':
        return !this.#same(left, right);
      case 'is':
        return this.#identical(left, right);
      case 'is not':
        return !this.#identical(left, right);
      case 'in':
        return this.#within(left, right);
      case 'not in':
        return !this.#within(left, right);
    }
  }

  #same(left: Value, right: Value): boolean {
    if (left.type === 'constant' && right.type === 'constant') {
      // True is 1 there, and False is 0; nobody means that.
      const kinds = [left, right].map(({ value }) => typeof value);
      if (kinds.includes('boolean') && kinds.includes('number')) throw new Unreadable();
      return left.value === right.value;
    }
    if (left.type === 'constant') return this.#isConstant(right, left.value);
    if (right.type === 'constant') return this.#isConstant(left, right.value);
    return this.#agree(left, right) ?? this.#agree(right, left) ?? unreadable();
  }

  #isConstant(value: Value, wanted: null | boolean | string | number): boolean {
    if (wanted === null) return this.#isNone(value);
    if (value.type === 'authMethod') return this.#isMethod(value.of, wanted);
    if (value.type === 'startedBy' && wanted === 'setup') return this.is(questions.setUp);
    throw new Unreadable();
  }

  #isMethod(of: 'request' | 'plan', wanted: unknown): boolean {
    // Whatever the sign-in was, this is not what it is called: app passwords are noted as something else.
    if (wanted === 'app_password') return false;
    if (wanted !== 'auth_webauthn_pwl' || this.personSet) throw new Unreadable();
    if (of === 'request' && !this.is(questions.plan)) return false;
    return this.is(questions.passwordless);
  }

  #agree(one: Value, other: Value): boolean | undefined {
    if (one.type === 'answer' && other.type === 'field' && one.field === other.field && !one.orEmpty) {
      return this.is(questions.same(one.field));
    }
    if (one.type === 'target' && other.type === 'actor') return this.ask(questions.target) === 'self';
    return undefined;
  }

  #identical(left: Value, right: Value): boolean {
    if (right.type !== 'constant' || right.value !== null) throw new Unreadable();
    return this.#isNone(left);
  }

  #isNone(value: Value): boolean {
    switch (value.type) {
      case 'constant':
        return value.value === null;
      case 'emptyMap':
      case 'token':
        return false;
      case 'plan':
        return !this.is(questions.plan);
      case 'promptData':
        return !value.orEmpty && !this.is(questions.filledIn);
      case 'answer':
        return !value.orEmpty && !this.is(questions.has(value.field));
      case 'target':
        return this.ask(questions.target) === 'nobody';
      case 'startedBy':
        return !this.is(questions.setUp);
      case 'named':
        this.mustBe(value.username);
        return false;
      case 'actor':
      case 'attributes':
      case 'authMethod':
      case 'configuration':
      case 'context':
      case 'field':
      case 'flowQuery':
      case 'function':
      case 'httpRequest':
      case 'mayChange':
      case 'pendingUser':
      case 'person':
      case 'personId':
      case 'request':
      case 'session':
      case 'setting':
      case 'settings':
      case 'someText':
      case 'verifiedMark':
      case 'viewer':
        throw new Unreadable();
    }
  }

  #within(key: Value, value: Value): boolean {
    if (key.type !== 'constant' || typeof key.value !== 'string') throw new Unreadable();
    if (value.type === 'emptyMap') return false;
    if (value.type === 'promptData') return this.isFilledIn(value.orEmpty, key.value);
    if (value.type !== 'context') throw new Unreadable();
    if (key.value === 'is_restored') return this.is(questions.restored);
    if (key.value === 'prompt_data') return this.is(questions.filledIn);
    if (key.value === 'flow_plan' && value.of === 'request') return this.is(questions.plan);
    throw new Unreadable();
  }

  /** Whether something has been filled in under a key. */
  protected isFilledIn(orEmpty: boolean, key: string): boolean {
    this.mustBeFilledIn(orEmpty);
    return this.is(questions.has(personField(key)));
  }

  protected mustBeFilledIn(orEmpty: boolean): void {
    if (!orEmpty && !this.is(questions.filledIn)) throw new Raised();
  }
}

/** Of what else is filled in, passwords are never among what can be asked for here. */
export function personField(key: string): PersonField {
  return personFields.find((field) => field === key) ?? unreadable();
}

function unreadable(): never {
  throw new Unreadable();
}
