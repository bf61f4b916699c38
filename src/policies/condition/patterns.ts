import type { Expressions } from '../../flow/services/expressions.js';
import type { FieldProblem } from '../../kernel/refusal.js';

const LONGEST_PATTERN = 256;
/** However long a binding's timeout is: a pattern that takes longer goes back and forth without end. */
const LONGEST_MILLISECONDS = 500;

/** What is wrong with a regular expression: JavaScript's, as it is where every character is one (the flag `u`). */
export function patternProblem(
  pattern: unknown,
  path: string,
  expressions: Pick<Expressions, 'check'>,
): FieldProblem[] {
  const invalid = (message: string): FieldProblem[] => [{ path, code: 'INVALID_PATTERN', message }];
  if (typeof pattern !== 'string') return invalid('Must be a regular expression.');
  if (pattern.length > LONGEST_PATTERN) return invalid(`Has at most ${LONGEST_PATTERN} characters.`);
  try {
    // As a literal it is what the sandbox knows, which may be less than what this process does.
    const problem = expressions.check(String(new RegExp(pattern, 'u')));
    return problem ? invalid(problem.message) : [];
  } catch {
    return invalid('This is not a regular expression.');
  }
}

/**
 * Whether a regular expression finds something in a text. Runs in the sandbox: JavaScript's own go back and forth for
 * as long as they like. Throws where that takes too long. The pattern is part of the source: the sandbox, which holds a
 * source suspect once it has taken too long, then holds up no other one.
 */
export async function findsPattern(
  { pattern, text, caseSensitive }: { pattern: string; text: string; caseSensitive: boolean },
  expressions: Pick<Expressions, 'evaluate'>,
  timeoutSeconds: number,
): Promise<boolean> {
  const source = `new RegExp(${JSON.stringify(pattern)}, flags).test(text)`;
  const input = { text, flags: caseSensitive ? 'u' : 'ui' };
  const outcome = await expressions.evaluate(source, input, {
    deadlineMilliseconds: Math.min(timeoutSeconds * 1000, LONGEST_MILLISECONDS),
    call: () => Promise.reject(new Error('a regular expression calls no policy')),
  });
  if (!outcome.ok) throw new Error(`the regular expression came to no end: ${outcome.reason}`);
  return outcome.value === true;
}
