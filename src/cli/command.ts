import type { Command } from 'commander';

interface CommandText {
  /** One sentence: what it does. */
  readonly summary: string;
  /** What else there is to know before using it. */
  readonly details?: string;
  /** Whole command lines. */
  readonly examples: readonly string[];
}

/** A command with its help. All of them can answer scripts. */
export function command(
  parent: Command,
  usage: string,
  { summary, details, examples }: CommandText,
): Command {
  return parent
    .command(usage)
    .summary(summary)
    .description(details === undefined ? summary : `${summary}\n\n${details}`)
    .option('--json', 'print the result, or the error, as JSON')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);
}
