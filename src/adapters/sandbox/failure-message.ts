import type { Problem } from './protocol.js';

/** The words with which QuickJS and the prelude speak of errors. A word that is missing here is concealed, no worse. */
const ENGINE_WORDS = new Set(
  `
  _ __proto__ A a address AggregateError already an and argument arguments array asked assign at
  awaited be BigInt bigint body boolean call called cannot character circular class code configurable
  constructor constructors convert could count deeply define defined delete details digits division
  duplicate element elements empty end Error error escape EvalError events exceeded exist expected
  expecting expression extensible field finite first flag flags for found from function g generator
  getter group has have hex holds in index Infinity initialized input instanceof integer InternalError
  invalid invoke invoked IP is it iterable iterator JSON keyword large length letters lexical line
  lines literal local long many memory messages method missing must name NaN needs negative neither
  nested network new no nor not nothing null number object of on only operand operator or out overflow
  pattern plain point policies policy positive prefix private promise property prototype quantifier
  range RangeError read reduce reference ReferenceError regular repeat repetition replacement result
  return running set setter size small something stack statements string such super Symbol symbol
  syntax SyntaxError target text that The the this Threw to token Too too type TypeError undefined
  Unexpected unexpected uninitialized unknown URIError value values variable were which while with
  without zero
  `.split(/\s+/),
);

const PIECES = /[\p{L}\p{N}_$]+|\s+|[^\p{L}\p{N}_$\s]+/gu;
const WORD = /^[\p{L}\p{N}_$]+$/u;
const PUNCTUATION = /^[.,:;'"()[\]{}-]{1,2}$/;
const CONCEALED = '…';

/**
 * Says what went wrong and on which line of the author's text, without telling the input: an error's message may
 * quote a value (`'ann@example.org' is not defined`), so only words that the source or QuickJS itself uses are kept.
 */
export function failureMessage(problem: Problem, source: string, lineShift: number): string {
  const line = authorsLine(problem.stack, source, lineShift);
  const told = withoutInput(problem.description, source);
  return line === undefined ? told : `${told} (line ${String(line)})`;
}

function withoutInput(description: string, source: string): string {
  const sourceWords = new Set(source.match(PIECES));
  const pieces = description.match(PIECES) ?? [];
  return pieces
    .map((piece) => {
      if (piece.trim() === '') return ' ';
      const isKnown = WORD.test(piece)
        ? sourceWords.has(piece) || ENGINE_WORDS.has(piece)
        : PUNCTUATION.test(piece);
      return isKnown ? piece : CONCEALED;
    })
    .join('')
    .replaceAll(/…[….]*…/g, CONCEALED);
}

function authorsLine(stack: string, source: string, lineShift: number): number | undefined {
  const frame = /\bexpression:(\d{1,6})\b/.exec(stack)?.[1];
  if (frame === undefined) return undefined;
  const line = Number(frame) + lineShift;
  return line >= 1 && line <= source.split('\n').length ? line : undefined;
}
