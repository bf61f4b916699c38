import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { EXECUTION } from './flows.js';
import type { Execution } from './flows.js';
import type { TestClient } from './test-client.js';

export const FOLLOW = /* GraphQL */ `
  subscription Follow($id: ID!, $token: String, $challengeId: ID) {
    flowExecutionChanged(id: $id, token: $token, challengeId: $challengeId) {
      ...Execution
    }
  }
  ${EXECUTION}
`;

export interface Operation {
  readonly query: string;
  readonly documentId?: unknown;
  readonly extensions?: Record<string, unknown>;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

/** The results of a subscription, as a client's library hands them out. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- What a test expects of a result is what it asserts.
export type Results = AsyncIterableIterator<any>;

/** Where a server is, and who asks. */
interface Caller {
  readonly address: string;
  readonly client: TestClient;
}

export type Transport = (caller: Caller, operation: Operation) => Results;

export const byEvents: Transport = ({ address, client }, operation) =>
  createEventClient({
    url: `${address}/graphql`,
    headers: { cookie: client.cookieHeader() },
    retryAttempts: 0,
  }).iterate(operation);

export const bySocket: Transport = (caller, operation) => socketClient(caller).iterate(operation);

/** A client with one connection for all of its subscriptions. */
export function socketClient({ address, client }: Caller) {
  const headers = { cookie: client.cookieHeader() };
  class CookieSocket extends WebSocket {
    constructor(url: string, protocols: string | string[]) {
      super(url, protocols, { headers });
    }
  }
  const url = `${address.replace('http:', 'ws:')}/graphql`;
  return createSocketClient({ url, webSocketImpl: CookieSocket, retryAttempts: 0 });
}

export const transports: [string, Transport][] = [
  ['by server-sent events', byEvents],
  ['over a WebSocket', bySocket],
];

/** To follow an execution from the challenge on that the client shows. */
export function followingOf({ id, token, step }: Execution): Operation {
  return { query: FOLLOW, variables: { id, token, challengeId: step.id } };
}

/** The same for a client that shows an older challenge: it is told the current one as soon as it follows. */
export function followingLate(execution: Execution): Operation {
  const { query, variables } = followingOf(execution);
  return { query, variables: { ...variables, challengeId: 'an older one' } };
}

/** What the next result says of the execution. */
export async function nextExecution(results: Results): Promise<Execution> {
  const { done, value } = await results.next();
  if (done === true || value.errors) throw new Error(`no execution: ${JSON.stringify({ done, value })}`);
  return value.data.flowExecutionChanged;
}

/** The codes of the errors that the next result consists of. */
export async function nextCodes(results: Results): Promise<string[]> {
  const { value } = await results.next();
  return value.errors.map((error: { extensions: { code: string } }) => error.extensions.code);
}
