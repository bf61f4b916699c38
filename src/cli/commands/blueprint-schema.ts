import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { projectRoot } from '../../app/project-root.js';
import type { Cli } from '../cli.js';
import { command } from '../command.js';
import { writeOutput } from '../given-files.js';

interface Options {
  readonly output?: string;
}

/** `stagedoor blueprint schema`: what editors complete and check documents by. */
export function addBlueprintSchema(blueprint: Command, cli: Cli): void {
  command(blueprint, 'schema', {
    summary: 'Write the JSON Schema of documents, for editors.',
    details:
      'Beside your documents, as blueprint.schema.json, it is found by the first line of what is exported.',
    examples: ['stagedoor blueprint schema --output blueprint.schema.json'],
  })
    .option('--output <file>', 'write it to this file instead of standard output')
    .action((options: Options) => writeSchema(cli, options));
}

async function writeSchema({ output }: Cli, { output: file }: Options): Promise<void> {
  const text = await readFile(new URL('blueprint.schema.json', projectRoot()), 'utf8');
  if (file === undefined) return output.result(text, JSON.parse(text));
  await writeOutput(file, text);
  output.result(`Written to ${file}.`, { file });
}
