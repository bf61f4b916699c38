import { Option } from 'commander';
import type { Command } from 'commander';

import { documentText } from '../../blueprints/document-text.js';
import type { Cli } from '../cli.js';
import { command } from '../command.js';
import { withService } from '../connection.js';
import { flowNamed } from '../flows.js';
import { writeOutput } from '../given-files.js';

interface Options {
  readonly linked: 'references' | 'included';
  readonly format: 'yaml' | 'json';
  readonly output?: string;
}

/** `stagedoor blueprint export`: flows, with all that they need, as a document. */
export function addBlueprintExport(blueprint: Command, cli: Cli): void {
  command(blueprint, 'export <slug...>', {
    summary: 'Write flows, with all that they need, down as a document.',
    details:
      'Their stages, prompt fields and policies, and the groups and people that they name, without ids and secrets: for each ' +
      'secret the document has a name, and whoever applies it says what it is.',
    examples: [
      'stagedoor blueprint export login > login.yaml',
      'stagedoor blueprint export login recovery --linked included --output journeys.yaml',
    ],
  })
    .addOption(
      new Option(
        '--linked <how>',
        'what becomes of flows that these lead to: named only, or written down as well',
      )
        .choices(['references', 'included'])
        .default('references'),
    )
    .addOption(new Option('--format <format>', 'how it is written').choices(['yaml', 'json']).default('yaml'))
    .option('--output <file>', 'write it to this file instead of standard output')
    .action((slugs: string[], options: Options) => exportFlows(cli, slugs, options));
}

async function exportFlows(cli: Cli, slugs: readonly string[], options: Options): Promise<void> {
  await withService(cli, async ({ service: { blueprints, catalogue } }) => {
    const known = await catalogue.reload();
    for (const slug of slugs) flowNamed(known, slug);
    const linked = options.linked === 'included' ? 'INCLUDED' : 'REFERENCES';
    const document = await blueprints.exporter.flows(slugs, { linked });
    const text = documentText(document, options.format === 'json' ? 'JSON' : 'YAML');
    if (options.output === undefined) return cli.output.result(text, document);
    await writeOutput(options.output, text);
    cli.output.result(`Written to ${options.output}.`, { file: options.output, flows: slugs });
  });
}
