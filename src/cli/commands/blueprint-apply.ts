import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';

import { writtenValue } from '../../blueprints/parameters.js';
import type { JsonObject } from '../../kernel/json.js';
import { blueprintText, isPending } from '../blueprint-report.js';
import type { Cli } from '../cli.js';
import { command } from '../command.js';
import { withService } from '../connection.js';
import { jsonIn, textIn } from '../given-files.js';

interface Options {
  readonly parameter: JsonObject;
  readonly parameters?: string;
  readonly check?: boolean;
}

const DETAILS =
  'The document is YAML or JSON: ours, or one of the relative with `version: 1`. What it names as secrets is what ' +
  'STAGEDOOR_BLUEPRINT_SECRET_ and the name say in the environment.';

/** `stagedoor blueprint plan`: what a document would change. */
export function addBlueprintPlan(blueprint: Command, cli: Cli): void {
  withParameters(
    command(blueprint, 'plan <file>', {
      summary: 'Say what applying a document would change, and what stands against it.',
      details: `Nothing is changed. ${DETAILS}`,
      examples: [
        'stagedoor blueprint plan login.yaml',
        'stagedoor blueprint plan login.yaml --parameter slug=staff-login --check',
        'stagedoor blueprint export login | stagedoor blueprint plan -',
      ],
    }),
  )
    .option('--check', 'say by the exit code whether there is something to change')
    .action((file: string, options: Options) => bring(cli, file, options, true));
}

/** `stagedoor blueprint apply`: makes everything as a document says. */
export function addBlueprintApply(blueprint: Command, cli: Cli): void {
  withParameters(
    command(blueprint, 'apply <file>', {
      summary: 'Make everything as a document says: all of it, or nothing.',
      details: `Applying it twice changes nothing the second time. ${DETAILS}`,
      examples: [
        'stagedoor blueprint apply login.yaml',
        'stagedoor blueprint apply login.yaml --parameters production.json --json',
      ],
    }),
  ).action((file: string, options: Options) => bring(cli, file, options, false));
}

function withParameters(applying: Command): Command {
  return applying
    .option(
      '--parameter <name=value>',
      'a parameter of the document; may be given several times. What can be read as JSON is: true, 15, [1, 2]; quote a text that looks so: \'pin="15"\'',
      parameter,
      {},
    )
    .option('--parameters <file>', 'a JSON object with parameters; - for standard input');
}

/** One more `name=value`. */
function parameter(text: string, before: JsonObject): JsonObject {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('It must be a name and a value, with = between.');
  return { ...before, [name]: writtenValue(value) };
}

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

async function bring(cli: Cli, file: string, options: Options, dryRun: boolean): Promise<void> {
  const text = await textIn(cli, file, file);
  const kept = await jsonIn(cli, options.parameters, 'parameters', jsonObject, {});
  const parameters = { ...kept, ...options.parameter };
  await withService(cli, async ({ service: { blueprints } }) => {
    const by = cli.actor();
    const result = await blueprints.importer.import({ text, parameters, dryRun, by, from: 'OPERATOR' });
    if (result.problems.some(({ severity }) => severity === 'ERROR')) cli.outcome = 'PROBLEMS';
    else if (options.check && isPending(result)) cli.outcome = 'PENDING';
    cli.output.result(blueprintText(result, dryRun, cli.output), result);
  });
}
