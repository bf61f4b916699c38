import { cleansed } from '../../kernel/cleansed.js';
import type { Json } from '../../kernel/json.js';
import { storableText } from '../../kernel/text.js';

const LONGEST_LINE = 500;

/** One line for each call of `log`: texts as they are, everything else as JSON, without what is named like a secret. */
export function logLines(log: readonly (readonly Json[])[]): string[] {
  return log.map((values) => {
    const numbered = Object.fromEntries(values.map((value, index) => [index, value]));
    const line = Object.values(cleansed(numbered)).map((value) =>
      typeof value === 'string' ? value : JSON.stringify(value),
    );
    return storableText(line.join(' ').slice(0, LONGEST_LINE));
  });
}
