import { Phrases } from './phrases.js';
import { Unreadable } from './python.js';
import type { Expression, Statement } from './python.js';
import { tokensOf } from './tokens.js';

/** As much as an expression of ours can hold. */
const LONGEST = 20_000;

/** What the text of a function in Python does, step by step; undefined where it is more than can be read here. */
export function readPython(source: string): readonly Statement[] | undefined {
  if (source.length > LONGEST) return undefined;
  try {
    return new Steps(new Phrases(tokensOf(source))).all();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Steps {
  constructor(private readonly phrases: Phrases) {}

  all(): readonly Statement[] {
    const steps: Statement[] = [];
    while (!this.phrases.takeEnd('end')) steps.push(this.#step());
    // A function without a body is an error there, which is something else than one that returns nothing.
    if (steps.length === 0) throw new Unreadable();
    return steps;
  }

  #step(): Statement {
    const { phrases } = this;
    if (phrases.take('if')) return this.#if();
    if (phrases.take('try')) return this.#try();
    return this.#simple();
  }

  /** What stands on a line of its own. */
  #simple(): Statement {
    const step = this.#simpleStep();
    this.phrases.expectEnd('newline');
    return step;
  }

  #simpleStep(): Statement {
    const { phrases } = this;
    if (phrases.take('pass')) return { type: 'pass' };
    if (phrases.take('from')) return this.#import();
    if (phrases.take('return')) {
      if (phrases.takeEnd('newline')) throw new Unreadable();
      return { type: 'return', value: phrases.expression() };
    }
    const expression = phrases.expression();
    if (!phrases.take('=')) return { type: 'expression', expression };
    return { type: 'assignment', to: assignable(expression), value: phrases.expression() };
  }

  #if(): Statement {
    const { phrases } = this;
    return phrases.deeper(() => {
      const test = phrases.expression();
      const then = this.#block();
      if (phrases.take('elif')) return { type: 'if', test, then, otherwise: [this.#if()] };
      return { type: 'if', test, then, otherwise: phrases.take('else') ? this.#block() : [] };
    });
  }

  #try(): Statement {
    const { phrases } = this;
    return phrases.deeper(() => {
      const body = this.#block();
      phrases.expect('except');
      // Everything that can go wrong in what is read here is an Exception.
      phrases.take('Exception');
      return { type: 'try', body, otherwise: this.#block() };
    });
  }

  #block(): readonly Statement[] {
    const { phrases } = this;
    phrases.expect(':');
    if (!phrases.takeEnd('newline')) return [this.#simple()];
    phrases.expectEnd('indent');
    const steps: Statement[] = [];
    while (!phrases.takeEnd('dedent')) steps.push(this.#step());
    return steps;
  }

  #import(): Statement {
    const { phrases } = this;
    const path = [phrases.identifier()];
    while (phrases.take('.')) path.push(phrases.identifier());
    phrases.expect('import');
    const bracketed = phrases.take('(');
    const names = [this.#imported()];
    while (phrases.take(',') && !(bracketed && phrases.is(')'))) names.push(this.#imported());
    if (bracketed) phrases.expect(')');
    return { type: 'import', from: path.join('.'), names };
  }

  #imported(): { readonly name: string; readonly as: string } {
    const name = this.phrases.identifier();
    return { name, as: this.phrases.take('as') ? this.phrases.identifier() : name };
  }
}

function assignable(expression: Expression): Expression {
  if (expression.type === 'name' || expression.type === 'item') return expression;
  throw new Unreadable();
}
