import { type Comment, type Node, type Program, parse } from 'acorn';
import type { Mentions, SyntaxProblem } from '../../flow/services/expressions.js';
import { surveyOf } from './survey.js';
import type { Survey } from './survey.js';

const LONGEST_SOURCE = 20_000;
const LONGEST_MESSAGE = 200;

/** A source that may be run, or why it may not. */
export type Reading =
  | {
      readonly ok: true;
      /** A script whose value is a function of `callPolicy`, which returns a function without parameters. */
      readonly script: string;
      readonly mentions: Mentions;
      /** What to add to a line of the script to have the author's. */
      readonly lineShift: number;
    }
  | { readonly ok: false; readonly problem: SyntaxProblem };

type Parsed = { readonly ok: true; readonly program: Program; readonly mentions: Mentions } | Refused;
interface Refused {
  readonly ok: false;
  readonly problem: SyntaxProblem;
  /** Where there is nothing wrong with the syntax. */
  readonly isUnwelcome?: true;
}

/**
 * Reads a source as one expression, or else as the body of a function. It is always strict code. What opens an
 * object when it is read as an expression (`{ allowed: true }`) is an object, not a block.
 *
 * Each text is parsed by itself before it is put between the words of the script, so that no text can close what
 * the script opened.
 */
export function readSource(source: string): Reading {
  if (source.length > LONGEST_SOURCE) {
    return refused(`Longer than ${String(LONGEST_SOURCE)} characters`);
  }
  const asWritten = parseStrictly(source);
  if (asWritten.ok) {
    const [first, ...others] = asWritten.program.body;
    if (first === undefined) return refused('There is nothing to evaluate');
    if (first.type === 'ExpressionStatement' && others.length === 0) {
      const { start, end, loc } = first.expression;
      return ofExpression(source.slice(start, end), loc?.start.line ?? 1, asWritten.mentions);
    }
  }
  const inParentheses = parseInParentheses(source);
  if (inParentheses.ok) return ofExpression(source, 1, inParentheses.mentions);
  if (asWritten.ok) return ofBody(source, asWritten.mentions);
  if (asWritten.isUnwelcome) return asWritten;
  return isBefore(asWritten.problem, inParentheses.problem) ? inParentheses : asWritten;
}

// QuickJS replaces the caller's frame by the callee's in `return call()`, and the failure's line would be lost. So an
// expression goes through an array, and a body into a `try` where it is allowed there (`var f; function f() {}` is not).

function ofExpression(text: string, firstLine: number, mentions: Mentions): Reading {
  const body = `function () { return [(\n${text}\n)][0]; }`;
  return { ok: true, script: ofCalls(body), mentions, lineShift: firstLine - 2 };
}

function ofBody(text: string, mentions: Mentions): Reading {
  const inTry = `function () { try {\n${text}\n} finally {} }`;
  const body = parseStrictly(`(${inTry})`).ok ? inTry : `function () {\n${text}\n}`;
  return { ok: true, script: ofCalls(body), mentions, lineShift: -1 };
}

/** `callPolicy` is nobody's property, so that whoever calls it has to write its name. */
function ofCalls(body: string): string {
  return `(function (callPolicy) { return ${body}; })`;
}

/** Succeeds only where the text is a single expression: where the parentheses put around it match each other. */
function parseInParentheses(source: string): Parsed {
  const text = `(${source}\n)`;
  const parsed = parseStrictly(text);
  if (!parsed.ok) {
    const { message, line, column } = parsed.problem;
    if (line > lineCount(source)) return refused(message);
    return refused(message, line, line === 1 ? Math.max(column - 1, 1) : column);
  }
  const [first, ...others] = parsed.program.body;
  const isWhole =
    others.length === 0 &&
    first?.type === 'ExpressionStatement' &&
    first.expression.type === 'ParenthesizedExpression' &&
    first.expression.end === text.length;
  return isWhole ? parsed : refused('More than one expression');
}

function parseStrictly(text: string): Parsed {
  const comments: Comment[] = [];
  try {
    const program = parse(text, {
      ecmaVersion: 2023,
      sourceType: 'script',
      strict: true,
      locations: true,
      preserveParens: true,
      allowHashBang: false,
      allowAwaitOutsideFunction: false,
      allowReturnOutsideFunction: true,
      onComment: comments,
    });
    const survey = surveyOf(program);
    const unwelcome = htmlComment(comments, text) ?? misuse(survey);
    return unwelcome ? { ...unwelcome, isUnwelcome: true } : { ok: true, program, mentions: survey };
  } catch (error) {
    return problemOf(error);
  }
}

/** `<!--` and `-->`: parsers need not agree on where they begin a comment, so that what was checked might not be what runs. */
function htmlComment(comments: readonly Comment[], text: string): Refused | undefined {
  const found = comments.find(({ start }) => text[start] !== '/');
  return found && refusedAt('HTML comments are not available', found);
}

function misuse({ misuse: found }: Survey): Refused | undefined {
  return found && refusedAt(found.message, found.node);
}

function problemOf(error: unknown): Refused {
  if (error instanceof RangeError) return refused('Nested too deeply');
  if (!(error instanceof SyntaxError) || !('loc' in error)) throw error;
  const message = error.message.replace(/ \(\d+:\d+\)$/, '').slice(0, LONGEST_MESSAGE);
  return isPosition(error.loc) ? refused(message, error.loc.line, error.loc.column + 1) : refused(message);
}

function isPosition(value: unknown): value is { readonly line: number; readonly column: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'line' in value &&
    typeof value.line === 'number' &&
    'column' in value &&
    typeof value.column === 'number'
  );
}

function refusedAt(message: string, { loc }: Pick<Node, 'loc'>): Refused {
  return loc ? refused(message, loc.start.line, loc.start.column + 1) : refused(message);
}

function refused(message: string, line = 1, column = 1): Refused {
  return { ok: false, problem: { message, line, column } };
}

function isBefore(one: SyntaxProblem, other: SyntaxProblem): boolean {
  return one.line < other.line || (one.line === other.line && one.column < other.column);
}

function lineCount(source: string): number {
  return source.split(/\r\n|[\n\r\u2028\u2029]/).length;
}
