import type { Command } from 'commander';

import { readEnvironment } from '../../environment.js';
import type { Cli } from '../cli.js';
import { command } from '../command.js';
import { expectInstallation, withDatabase } from '../connection.js';

interface Options {
  readonly check?: boolean;
}

/** `stagedoor migrate`: the tables of this version. */
export function addMigrate(program: Command, cli: Cli): void {
  command(program, 'migrate', {
    summary: 'Bring the tables of the database up to date.',
    details:
      'All migrations that are missing, or none: they are one transaction. The start of the service does it as well, and ' +
      'applies the shipped flows besides.',
    examples: ['stagedoor migrate', 'stagedoor migrate --check --json'],
  })
    .option('--check', 'change nothing, and say by the exit code whether there is something to do')
    .action((options: Options) => migrate(cli, options));
}

async function migrate(cli: Cli, { check = false }: Options): Promise<void> {
  const environment = readEnvironment(cli.variables);
  if (check) expectInstallation(environment);
  const migrations = await withDatabase(environment, async ({ database }) => {
    if (check) return database.pendingMigrations();
    let pending: string[] = [];
    await database.exclusively(async () => {
      pending = await database.pendingMigrations();
      await database.migrate();
    });
    return pending;
  });
  if (check && migrations.length > 0) cli.outcome = 'PENDING';
  cli.output.result(report(migrations, check), { migrations, applied: !check });
}

function report(migrations: readonly string[], check: boolean): string {
  if (migrations.length === 0) return 'The database is up to date.';
  const head = check ? 'Still to be run:' : 'The database is up to date. These were run:';
  return [head, ...migrations.map((name) => `  ${name}`)].join('\n');
}
