import type { Answer, TestClient } from './test-client.js';

/** Everything that the inspector tells of an execution. */
const INSPECTED = /* GraphQL */ `
  fragment Inspected on InspectedExecution {
    id
    supportId
    client
    state
    flow {
      slug
    }
    user {
      id
      username
    }
    createdAt
    expiresAt
    requests
    step {
      kind
      stageName
      stageKind
      codes
      message
    }
    stages {
      bindingId
      stageName
      stageKind
      outcome
    }
    outerFlows {
      flow {
        slug
      }
      stageName
    }
    redirectedFrom
    context
    history {
      at
      address
      entries {
        __typename
        ... on PolicyEvaluation {
          moment
          flow
          stageName
          bindingId
          policy
          passing
          messages
          error
          milliseconds
          input
        }
        ... on StageEvent {
          stageEvent
          flow
          stageName
          stageKind
          bindingId
          codes
        }
        ... on FlowEvent {
          flowEvent
          flow
          code
          message
        }
        ... on RecordedEffect {
          effect
          details
        }
      }
    }
  }
`;

const OPEN = /* GraphQL */ `
  query Open($id: ID, $supportId: ID) {
    execution(id: $id, supportId: $supportId) {
      ...Inspected
    }
  }
  ${INSPECTED}
`;

const LIST = /* GraphQL */ `
  query List($first: Int, $after: String, $filter: ExecutionFilter, $orderBy: ExecutionOrder) {
    executions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      edges {
        cursor
        node {
          ...Inspected
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
  ${INSPECTED}
`;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- What a test expects of an execution is what it asserts.
export type Inspected = any;

export function tryInspect(client: TestClient, which: { id?: string; supportId?: string }): Promise<Answer> {
  return client.send(OPEN, which);
}

/** An execution as administrators see it; null where there is none. */
export async function inspect(
  admin: TestClient,
  which: { id?: string; supportId?: string },
): Promise<Inspected> {
  return (await admin.ok(OPEN, which)).execution;
}

export interface InspectedPage {
  readonly executions: Inspected[];
  readonly ids: string[];
  readonly cursors: string[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
  readonly totalCount: number;
}

/** A page of what administrators see. */
export async function inspectPage(admin: TestClient, passed: object = {}): Promise<InspectedPage> {
  const { edges, pageInfo, totalCount } = (await admin.ok(LIST, passed)).executions;
  const executions = edges.map(({ node }: Inspected) => node);
  return {
    executions,
    ids: executions.map(({ id }: Inspected) => id),
    cursors: edges.map(({ cursor }: Inspected) => cursor),
    ...pageInfo,
    totalCount,
  };
}

/** What happened in one request of an execution, in a word each: `ASKED password`, `ENTRY not on Sundays`. */
export function told(execution: Inspected, request: number): string[] {
  return execution.history.at(request).entries.map((entry: Inspected) => {
    switch (entry.__typename) {
      case 'PolicyEvaluation':
        return `${entry.moment} ${entry.policy}`;
      case 'StageEvent':
        return `${entry.stageEvent} ${entry.stageName}`;
      case 'FlowEvent':
        return `${entry.flowEvent} ${entry.flow}`;
      default:
        return entry.effect;
    }
  });
}
