import type { Problem } from './protocol.js';

/** The words with which QuickJS and the prelude speak of errors. A word that is missing here is concealed, no worse. */
const ENGINE_WORDS = new Set(
  `
  __proto__ a AggregateError already an and argument arguments array assign at awaited be BigInt bigint
  body boolean call cannot character circular class code configurable constructor constructors convert
  could count deeply define defined delete division duplicate element elements empty end Error error
  escape EvalError exceeded exist expected expecting expression extensible field finite first flag flags
  for found from function g generator getter group has have hex holds in index Infinity initialized
  input instanceof integer InternalError invalid invoke invoked is it iterable iterator JSON keyword
  large length lexical line literal local long many memory method missing must name NaN needs negative
  neither nested new no nor not nothing null number object of on only operand operator or out overflow
  pattern plain point positive prefix private promise property prototype quantifier range RangeError
  read reduce reference ReferenceError regular repeat repetition result return running set setter size
  something stack statements string super Symbol symbol syntax SyntaxError that The the this Threw to
  token too type TypeError undefined Unexpected unexpected uninitialized unknown URIError value values
  variable which while with without zero
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
