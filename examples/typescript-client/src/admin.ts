import { RequestFailed } from './client.ts';
import type { Client } from './client.ts';
import { CreateAndBindStageDocument, CreateFlowDocument, FlowsDocument } from './gql/graphql.ts';
import type { FlowSummaryFragment, FlowsQuery } from './gql/graphql.ts';

const PAGE_SIZE = 50;

/** Every flow, page by page. */
export async function* allFlows(client: Client): AsyncGenerator<FlowSummaryFragment> {
  let after: string | null = null;
  do {
    const page: FlowsQuery = await client.run(FlowsDocument, { first: PAGE_SIZE, after });
    for (const { node } of page.flows.edges) yield node;
    after = page.flows.pageInfo.hasNextPage ? page.flows.pageInfo.endCursor : null;
  } while (after !== null);
}

/** Makes a flow of one stage, which says that there is nothing here yet. False where there is such a flow already. */
export async function createClosedFlow(client: Client, slug: string): Promise<boolean> {
  const flow = await createFlow(client, slug);
  if (!flow) return false;
  await client.run(CreateAndBindStageDocument, {
    input: {
      flowId: flow.id,
      order: 10,
      name: `${slug}-closed`,
      config: { deny: { message: 'Come back later.' } },
    },
  });
  return true;
}

/** Null where the slug is taken. */
async function createFlow(client: Client, slug: string): Promise<FlowSummaryFragment | null> {
  try {
    const { createFlow: flow } = await client.run(CreateFlowDocument, {
      input: { slug, name: slug, title: 'Not yet', designation: 'STAGE_CONFIGURATION' },
    });
    return flow;
  } catch (error) {
    if (error instanceof RequestFailed && error.has('CONFLICT')) return null;
    throw error;
  }
}
