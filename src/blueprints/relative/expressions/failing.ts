import type { TranslatedPolicy } from './translation.js';

/** What an expression of ours can hold at most, without what is said about it here. */
const LONGEST_KEPT = 19_000;

const HEAD = [
  '// This was imported from a document of authentik, where it is written in Python. Nothing here is known to mean the',
  '// same, so asking it is an error until somebody writes it anew:',
  '//',
];

const ENDING = "throw new Error('this was imported, and has to be written anew before it can decide');";

/**
 * A policy that never comes to a verdict, so that no guard can turn it round, with the text of the expression readable
 * in it.
 */
export function failingExpression(source: string): TranslatedPolicy {
  return { kind: 'expression', config: { expression: failingText(source) }, note: noteOn(source) };
}

/** An expression of ours that always ends in an error, and tells what was meant to stand there. */
export function failingText(source: string): string {
  // A line that lost its second stroke would be code.
  const kept = comment(source)
    .slice(0, LONGEST_KEPT)
    .replace(/\n\/?$/, '')
    .toWellFormed();
  return [...HEAD, kept, ENDING].join('\n');
}

function noteOn(source: string): string | null {
  return comment(source).length > LONGEST_KEPT ? 'The expression is too long to be kept as a whole.' : null;
}

/** Every line on a line of its own that is no code. What ends a line in JavaScript must not do so unseen. */
function comment(source: string): string {
  return printable(source)
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `//   ${line}`.trimEnd())
    .join('\n');
}

/** What cannot be stored, or only shows as something else, as what it is. */
function printable(source: string): string {
  return source
    .toWellFormed()
    .replace(/[^\P{C}\t\n\r\u2028\u2029]/gu, (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16) ?? ''}}`);
}
