import { Unreadable, comparisonOperators } from './python.js';
import type { ComparisonOperator, Expression } from './python.js';
import { tokensOf } from './tokens.js';
import type { Token } from './tokens.js';

const DEEPEST = 40;
/** What is longer than this in one go is nothing that somebody wrote. */
const LONGEST_CHAIN = 60;

const reserved = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield`.split(/\s+/),
);

const constants: Readonly<Record<string, null | boolean>> = { None: null, True: true, False: false };

/**
 * Reads expressions off a list of words, by the precedence that Python gives them. It is written by hand because the
 * grammars for editors are made for colouring: `@lezer/python` takes `not a or b` for `not (a or b)`.
 */
export class Phrases {
  #at = 0;
  #depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  expression(): Expression {
    return this.deeper(() => {
      const then = this.#disjunction();
      if (!this.take('if')) return then;
      const test = this.#disjunction();
      this.expect('else');
      return { type: 'choice', test, then, otherwise: this.expression() };
    });
  }

  /** Reads something within something else; what is nested without end is not read. */
  deeper<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new Unreadable();
    const found = read();
    this.#depth -= 1;
    return found;
  }

  /** Whether the next word or sign is this one, and if so goes past it. */
  take(text: string): boolean {
    const found = this.is(text);
    if (found) this.#at += 1;
    return found;
  }

  is(text: string): boolean {
    const token = this.#token(0);
    return (token.type === 'name' || token.type === 'operator') && token.text === text;
  }

  expect(text: string): void {
    if (!this.take(text)) throw new Unreadable();
  }

  takeEnd(type: 'newline' | 'indent' | 'dedent' | 'end'): boolean {
    const found = this.#token(0).type === type;
    if (found) this.#at += 1;
    return found;
  }

  expectEnd(type: 'newline' | 'indent' | 'dedent' | 'end'): void {
    if (!this.takeEnd(type)) throw new Unreadable();
  }

  /** A name that somebody has given to something. */
  identifier(): string {
    const token = this.#token(0);
    if (token.type !== 'name' || reserved.has(token.text)) throw new Unreadable();
    this.#at += 1;
    return token.text;
  }

  #disjunction(): Expression {
    return this.#chain(this.#conjunction(), (left) =>
      this.take('or') ? { type: 'or', left, right: this.#conjunction() } : undefined,
    );
  }

  #conjunction(): Expression {
    return this.#chain(this.#negation(), (left) =>
      this.take('and') ? { type: 'and', left, right: this.#negation() } : undefined,
    );
  }

  #negation(): Expression {
    return this.take('not') ? this.deeper(() => ({ type: 'not', of: this.#negation() })) : this.#comparison();
  }

  #comparison(): Expression {
    const left = this.#primary();
    const operator = this.#comparisonOperator();
    if (operator === undefined) return left;
    const right = this.#primary();
    // One comparison after the other means both of them, not the one with what the other comes to.
    if (this.#comparisonOperator() !== undefined) throw new Unreadable();
    return { type: 'comparison', operator, left, right };
  }

  #comparisonOperator(): ComparisonOperator | undefined {
    if (this.take('not')) {
      this.expect('in');
      return 'not in';
    }
    const operator = comparisonOperators.find((text) => this.take(text));
    return operator === 'is' && this.take('not') ? 'is not' : operator;
  }

  #primary(): Expression {
    return this.#chain(this.#atom(), (of) => {
      if (this.take('.')) return { type: 'attribute', of, name: this.identifier() };
      if (this.take('(')) return { type: 'call', of, ...this.#given() };
      if (!this.take('[')) return undefined;
      const key = this.expression();
      this.expect(']');
      return { type: 'item', of, key };
    });
  }

  /** One after the other, each made of what was read so far. */
  #chain(first: Expression, next: (before: Expression) => Expression | undefined): Expression {
    let found = first;
    for (let length = 0; length < LONGEST_CHAIN; length += 1) {
      const longer = next(found);
      if (!longer) return found;
      found = longer;
    }
    throw new Unreadable();
  }

  #atom(): Expression {
    const token = this.#token(0);
    switch (token.type) {
      case 'number':
        this.#at += 1;
        return { type: 'constant', value: token.value };
      case 'text':
      case 'template':
        return this.#text();
      case 'name':
        if (!Object.hasOwn(constants, token.text)) return { type: 'name', name: this.identifier() };
        this.#at += 1;
        return { type: 'constant', value: constants[token.text] ?? null };
      case 'operator':
        return this.#bracketed();
      case 'newline':
      case 'indent':
      case 'dedent':
      case 'end':
        throw new Unreadable();
    }
  }

  /** Texts that follow each other are one. */
  #text(): Expression {
    const parts: (string | Expression)[] = [];
    for (
      let token = this.#token(0);
      token.type === 'text' || token.type === 'template';
      token = this.#token(0)
    ) {
      this.#at += 1;
      parts.push(...(token.type === 'text' ? [token.value] : partsOf(token.value)));
    }
    return parts.every((part) => typeof part === 'string')
      ? { type: 'constant', value: parts.join('') }
      : { type: 'template', parts };
  }

  #bracketed(): Expression {
    if (this.take('{')) {
      this.expect('}');
      return { type: 'emptyMap' };
    }
    this.expect('(');
    const within = this.expression();
    this.expect(')');
    return within;
  }

  #given(): Pick<Extract<Expression, { type: 'call' }>, 'given' | 'named'> {
    const given: Expression[] = [];
    const named: { readonly name: string; readonly value: Expression }[] = [];
    while (!this.take(')')) {
      const next = this.#token(1);
      if (next.type === 'operator' && next.text === '=') {
        const name = this.identifier();
        this.expect('=');
        named.push({ name, value: this.expression() });
      } else {
        if (named.length > 0) throw new Unreadable();
        given.push(this.expression());
      }
      if (!this.take(',') && !this.is(')')) throw new Unreadable();
    }
    return { given, named };
  }

  #token(ahead: number): Token {
    return this.tokens[this.#at + ahead] ?? { type: 'end' };
  }
}

/** Within braces only what is named, or something of it: anything else could do something by being shown. */
const within = /\{([A-Za-z_][A-Za-z0-9_.]*)\}|[{}]/g;

function partsOf(template: string): (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let last = 0;
  for (const { 0: whole, 1: inner, index } of template.matchAll(within)) {
    if (inner === undefined) throw new Unreadable();
    const phrase = new Phrases(tokensOf(inner));
    parts.push(template.slice(last, index), phrase.expression());
    phrase.expectEnd('newline');
    last = index + whole.length;
  }
  return [...parts, template.slice(last)].filter((part) => part !== '');
}
