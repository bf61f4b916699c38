import type { Command } from 'commander';

/** `stagedoor start`: the service itself, as `npm start` runs it. */
export function addStart(program: Command): void {
  program
    .command('start')
    .summary('Start the service.')
    .description(
      'Start the service: bring the database up to date, apply the shipped flows, and answer until it is stopped.\n\n' +
        'It is what `npm start` does. SIGTERM and SIGINT let what is under way come to its end. Logs go to standard error.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ stagedoor start\n  $ PORT=8080 DATABASE_URL=postgres://localhost/stagedoor stagedoor start',
    )
    .action(async () => {
      await import('../../main.js');
    });
}
