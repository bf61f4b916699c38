import { readFileSync } from 'node:fs';

import { Command } from 'commander';
import { z } from 'zod';

import { projectRoot } from '../app/project-root.js';
import type { Cli } from './cli.js';
import { addBlueprintApply, addBlueprintPlan } from './commands/blueprint-apply.js';
import { addBlueprintExport } from './commands/blueprint-export.js';
import { addBlueprintSchema } from './commands/blueprint-schema.js';
import { addDoctor } from './commands/doctor.js';
import { addFlowDiagram } from './commands/flow-diagram.js';
import { addFlowSimulate } from './commands/flow-simulate.js';
import { addKeysRotate } from './commands/keys-rotate.js';
import { addMigrate } from './commands/migrate.js';
import { addRecoveryLink } from './commands/recovery-link.js';
import { addStart } from './commands/start.js';
import { addUserCreate } from './commands/user-create.js';

const ENVIRONMENT_HELP = `
Which installation is meant is said by the same environment variables as for the service, above all DATABASE_URL, or
STAGEDOOR_DATA_DIR for the embedded database (default: .data), and STAGEDOOR_SECRET_KEYS. README.md lists them all.
On the embedded database commands need the service to be stopped; on a PostgreSQL server they run beside it.`;

/** Everything that can be typed after `stagedoor`. */
export function createProgram(cli: Cli): Command {
  const program = new Command('stagedoor')
    .description('Headless authentication: the service, and what its operators do with it.')
    .version(version())
    .exitOverride()
    // Told by the process, in the form that was asked for.
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', ENVIRONMENT_HELP);
  addStart(program);
  addMigrate(program, cli);
  const blueprint = program.command('blueprint').description('Flows as documents.');
  addBlueprintPlan(blueprint, cli);
  addBlueprintApply(blueprint, cli);
  addBlueprintExport(blueprint, cli);
  addBlueprintSchema(blueprint, cli);
  const flow = program.command('flow').description('Look at flows.');
  addFlowDiagram(flow, cli);
  addFlowSimulate(flow, cli);
  const user = program.command('user').description('Accounts.');
  addUserCreate(user, cli);
  addRecoveryLink(program, cli);
  const keys = program.command('keys').description('The secret keys of the installation.');
  addKeysRotate(keys, cli);
  addDoctor(program, cli);
  return program;
}

const manifest = z.object({ version: z.string() });

function version(): string {
  return manifest.parse(JSON.parse(readFileSync(new URL('package.json', projectRoot()), 'utf8'))).version;
}
