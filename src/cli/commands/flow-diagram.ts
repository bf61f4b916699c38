import type { Command } from 'commander';

import { flowDiagram } from '../../flow/diagram.js';
import { subjectLabels } from '../../flow/subject-labels.js';
import type { Cli } from '../cli.js';
import { command } from '../command.js';
import { withService } from '../connection.js';
import { flowNamed } from '../flows.js';

/** `stagedoor flow diagram`: how a flow goes, as a picture's text. */
export function addFlowDiagram(flow: Command, cli: Cli): void {
  command(flow, 'diagram <slug>', {
    summary: 'Draw a flow as a Mermaid graph.',
    details: 'Its requirement, its policies, its stages in order, and where each decision leads.',
    examples: [
      'stagedoor flow diagram default-authentication-flow',
      'stagedoor flow diagram enrollment > enrollment.mmd',
    ],
  }).action((slug: string) => drawFlow(cli, slug));
}

async function drawFlow(cli: Cli, slug: string): Promise<void> {
  await withService(cli, async ({ service: { catalogue, users } }) => {
    const flow = flowNamed(await catalogue.reload(), slug);
    const labels = await subjectLabels(flow, {
      group: async (id) => (await users.groupsByIds([id])).at(0)?.name ?? id,
      user: async (id) => (await users.byId(id))?.username ?? id,
    });
    const diagram = flowDiagram(flow, labels);
    cli.output.result(diagram, { slug, diagram });
  });
}
