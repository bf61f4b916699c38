import type { Answers } from './asking.js';
import { Calls } from './calls.js';
import { EXTERNAL, given, imported } from './names.js';
import { Unreadable } from './python.js';
import type { Expression, Statement } from './python.js';
import { questions } from './questions.js';
import { Raised, Unknowable } from './raised.js';
import { constant, none } from './values.js';
import type { Value } from './values.js';

/** What an expression has come to. */
export type Outcome =
  | { readonly type: 'verdict'; readonly passing: boolean; readonly message: string | null }
  /** It has ended in an error, or comes to something that cannot be known here. */
  | { readonly type: 'abort'; readonly message: string };

type Call = Extract<Expression, { readonly type: 'call' }>;

/**
 * What an expression comes to where these are the answers to what it asks. Throws `Unanswered` where it asks for more, and
 * `Unreadable` where it does what nobody here knows.
 */
export function outcomeOf(steps: readonly Statement[], answers: Answers): Outcome {
  return new Evaluation(answers).outcome(steps);
}

class Evaluation extends Calls {
  readonly #locals = new Map<string, Value>();

  outcome(steps: readonly Statement[]): Outcome {
    try {
      const passing = this.holds(this.#run(steps) ?? none);
      return { type: 'verdict', passing, message: this.messages.join(' ') || null };
    } catch (error) {
      if (error instanceof Raised) return { type: 'abort', message: 'This asks for what is not there.' };
      if (error instanceof Unknowable) return { type: 'abort', message: error.message };
      throw error;
    }
  }

  /** What the steps return; undefined where they go on. */
  #run(steps: readonly Statement[]): Value | undefined {
    for (const step of steps) {
      const returned = this.#step(step);
      if (returned) return returned;
    }
    return undefined;
  }

  #step(step: Statement): Value | undefined {
    switch (step.type) {
      case 'return':
        return this.#value(step.value);
      case 'if':
        return this.#run(this.holds(this.#value(step.test)) ? step.then : step.otherwise);
      case 'assignment':
        this.#assign(step.to, this.#value(step.value));
        return undefined;
      case 'expression':
        this.#value(step.expression);
        return undefined;
      case 'import':
        for (const { name, as } of step.names) {
          this.#name(as, imported(step.from, name) ?? unreadable());
        }
        return undefined;
      case 'try':
        return this.#attempt(step.body, step.otherwise);
      case 'pass':
        return undefined;
    }
  }

  #attempt(body: readonly Statement[], otherwise: readonly Statement[]): Value | undefined {
    try {
      return this.#run(body);
    } catch (error) {
      if (error instanceof Raised) return this.#run(otherwise);
      throw error;
    }
  }

  /** Nothing is written but who the flow is about, where that is so already. */
  #assign(to: Expression, value: Value): void {
    if (to.type === 'name') {
      this.#name(to.name, value);
      return;
    }
    if (to.type !== 'item' || value.type !== 'named') throw new Unreadable();
    const [of, key] = [this.#value(to.of), this.#value(to.key)];
    const isPerson = key.type === 'constant' && key.value === 'pending_user';
    if (of.type !== 'context' || of.of !== 'plan' || !isPerson) throw new Unreadable();
    this.mustBe(value.username);
    this.personSet = true;
  }

  /** What everybody is given keeps its name: nobody would see any more what is meant. */
  #name(name: string, value: Value): void {
    if (given.has(name) || name === EXTERNAL) throw new Unreadable();
    this.#locals.set(name, value);
  }

  #value(expression: Expression): Value {
    switch (expression.type) {
      case 'constant':
        return expression;
      case 'emptyMap':
        return { type: 'emptyMap' };
      case 'name':
        if (expression.name === EXTERNAL) return constant(this.is(questions.external));
        return this.#locals.get(expression.name) ?? given.get(expression.name) ?? unreadable();
      case 'attribute':
        return this.attribute(this.#value(expression.of), expression.name);
      case 'item':
        return this.item(this.#value(expression.of), this.#value(expression.key));
      case 'call':
        return this.#call(expression);
      case 'not':
        return constant(!this.holds(this.#value(expression.of)));
      case 'and': {
        const left = this.#value(expression.left);
        return this.holds(left) ? this.#value(expression.right) : left;
      }
      case 'or':
        return this.#either(this.#value(expression.left), expression.right);
      case 'comparison': {
        const { operator, left, right } = expression;
        return constant(this.compare(operator, this.#value(left), this.#value(right)));
      }
      case 'choice': {
        const { test, then, otherwise } = expression;
        return this.#value(this.holds(this.#value(test)) ? then : otherwise);
      }
      case 'template':
        return constant(expression.parts.map((part) => this.#shown(part)).join(''));
    }
  }

  #either(left: Value, right: Expression): Value {
    // A map or nothing, or else an empty one; whoever is meant, or else who is signed in.
    const isMap = left.type === 'promptData' || left.type === 'flowQuery';
    if (isMap && right.type === 'emptyMap') return { ...left, orEmpty: true };
    if (left.type === 'personId') {
      if (this.#value(right).type !== 'personId') throw new Unreadable();
      return left;
    }
    return this.holds(left) ? left : this.#value(right);
  }

  #call({ of, given: expressions, named }: Call): Value {
    const names = new Map(named.map(({ name, value }) => [name, this.#value(value)]));
    if (names.size < named.length) throw new Unreadable();
    if (of.type === 'attribute') {
      const owner = this.#value(of.of);
      return this.callMethod(owner, of.name, { given: this.#values(expressions), named: names });
    }
    const called = this.#value(of);
    if (called.type !== 'function') throw new Unreadable();
    return this.callFunction(called.name, { given: this.#values(expressions), named: names });
  }

  #values(expressions: readonly Expression[]): readonly Value[] {
    return expressions.map((expression) => this.#value(expression));
  }

  #shown(part: string | Expression): string {
    if (typeof part === 'string') return part;
    const value = this.#value(part);
    if (value.type === 'someText') return '…';
    if (value.type === 'constant' && typeof value.value === 'string') return value.value;
    throw new Unreadable();
  }
}

function unreadable(): never {
  throw new Unreadable();
}
