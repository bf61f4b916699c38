import { Unreadable } from './python.js';

export type Token =
  | { readonly type: 'name' | 'operator'; readonly text: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  /** What stands within the quotes of a text that begins with f. */
  | { readonly type: 'template'; readonly value: string }
  | { readonly type: 'newline' | 'indent' | 'dedent' | 'end' };

const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /(?:0|[1-9][0-9]{0,8})(?![\w.])/y;
const operator = /==|!=|[()[\]{},.:=]/y;
const text = /(f?)(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')/y;
const blank = /(?:[ \t]|\\\n)+/y;
const comment = /#[^\n]*/y;
const indentation = /[ \t]*/y;

const escapes: Readonly<Record<string, string>> = { '\\': '\\', "'": "'", '"': '"', n: '\n' };

/** The words and signs of a text in Python, with where lines end and blocks begin and end. Throws `Unreadable`. */
export function tokensOf(source: string): readonly Token[] {
  return new Tokens(normalized(source)).all();
}

/**
 * Whatever Python or its caller takes for the end of a line and we do not, or the reverse, would be read in another way
 * than it is run: such characters make a text unreadable. Names that are not ASCII are other names than they seem.
 */
function normalized(source: string): string {
  const unix = source.replaceAll('\r\n', '\n');
  if (/[^\P{Cc}\t\n]|[\u2028\u2029]/u.test(unix) || !unix.isWellFormed()) throw new Unreadable();
  return unix;
}

class Tokens {
  readonly #found: Token[] = [];
  readonly #indents = [''];
  #at = 0;
  #open = 0;

  constructor(private readonly source: string) {}

  all(): readonly Token[] {
    this.#lineBegins();
    while (this.#at < this.source.length) this.#next();
    if (this.#open > 0) throw new Unreadable();
    this.#lineEnds();
    this.#blockEnds('');
    this.#found.push({ type: 'end' });
    return this.#found;
  }

  #next(): void {
    if (this.#take(blank) || this.#take(comment)) return;
    if (this.source[this.#at] === '\n') {
      this.#at += 1;
      if (this.#open > 0) return;
      this.#lineEnds();
      this.#lineBegins();
      return;
    }
    this.#found.push(this.#token());
  }

  #token(): Token {
    const quoted = this.#take(text);
    if (quoted) {
      const [, f, double, single] = quoted;
      // Two quotes and a third one begin what goes on over several lines.
      const { type, value } = {
        type: f === '' ? 'text' : 'template',
        value: double ?? single ?? '',
      } as const;
      if (value === '' && /["']/.test(this.source[this.#at] ?? '')) throw new Unreadable();
      return { type, value: unescaped(value) };
    }
    const word = this.#take(name);
    if (word) return this.#alone({ type: 'name', text: word[0] });
    const digits = this.#take(number);
    if (digits) return { type: 'number', value: Number(digits[0]) };
    const sign = this.#take(operator);
    if (!sign) throw new Unreadable();
    const [mark] = sign;
    if ('([{'.includes(mark)) this.#open += 1;
    if (')]}'.includes(mark)) this.#open -= 1;
    if (this.#open < 0) throw new Unreadable();
    return { type: 'operator', text: mark };
  }

  /** What begins a text with other letters than f, such as b or r, says how to read it: that is not read here. */
  #alone(token: Token): Token {
    if (/["']/.test(this.source[this.#at] ?? '')) throw new Unreadable();
    return token;
  }

  #lineBegins(): void {
    const here = this.#take(indentation)?.[0] ?? '';
    const rest = this.source[this.#at];
    if (rest === undefined || rest === '\n' || rest === '#' || rest === '\\') {
      if (rest === '\\') throw new Unreadable();
      return;
    }
    const before = this.#indents.at(-1) ?? '';
    if (here === before) return;
    if (here.startsWith(before)) {
      this.#indents.push(here);
      this.#found.push({ type: 'indent' });
      return;
    }
    this.#blockEnds(here);
  }

  #lineEnds(): void {
    const last = this.#found.at(-1)?.type;
    if (last === undefined || last === 'newline' || last === 'indent' || last === 'dedent') return;
    this.#found.push({ type: 'newline' });
  }

  /** Closes the blocks that are indented by more; there has to be one that is indented by just this. */
  #blockEnds(indent: string): void {
    while (this.#indents.at(-1) !== indent) {
      if (this.#indents.length === 1) throw new Unreadable();
      this.#indents.pop();
      this.#found.push({ type: 'dedent' });
    }
  }

  #take(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#at;
    const found = form.exec(this.source);
    if (found) this.#at = form.lastIndex;
    return found;
  }
}

function unescaped(written: string): string {
  return written.replace(/\\(.)/gsu, (_, sign: string) => {
    const meant = Object.hasOwn(escapes, sign) ? escapes[sign] : undefined;
    if (meant === undefined) throw new Unreadable();
    return meant;
  });
}
