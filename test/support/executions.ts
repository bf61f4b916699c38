import { EXECUTION, START } from './flows.js';
import type { Execution } from './flows.js';
import { ADMIN } from './test-app.js';
import type { Answer, TestClient } from './test-client.js';

export const LOGIN = { slug: 'default-authentication-flow' };
export const LOGOUT = { slug: 'default-invalidation-flow' };
export const WRONG = { password: { password: 'surely not the password' } };
export const VIEWER = '{ viewer { id username email isSuperuser session { id aal amr expiresAt } } }';

const FIND = /* GraphQL */ `
  query Find($id: ID!, $token: String) {
    flowExecution(id: $id, token: $token) {
      ...Execution
    }
  }
  ${EXECUTION}
`;

const CANCEL = /* GraphQL */ `
  mutation Cancel($input: CancelFlowInput!) {
    cancelFlow(input: $input) {
      ...Execution
    }
  }
  ${EXECUTION}
`;

/** The two answers of the shipped login. */
export function credentials({ username, password } = ADMIN): object[] {
  return [{ identification: { identifier: username } }, { password: { password } }];
}

export function tryStart(client: TestClient, input: object): Promise<Answer> {
  return client.send(START, { input });
}

/** What to send as an answer to an execution's current challenge. */
export function answerTo({ id, token, step }: Execution, response: object): Record<string, unknown> {
  return { executionId: id, challengeId: step.id, response, ...(token && { token }) };
}

/** The execution as the service sees it now; null where the client may not know of it. */
export async function find(client: TestClient, { id, token }: Execution): Promise<Execution> {
  return (await client.ok(FIND, { id, token })).flowExecution;
}

export function tryCancel(client: TestClient, { id, token }: Execution): Promise<Answer> {
  return client.send(CANCEL, { input: { executionId: id, token } });
}

export async function cancel(client: TestClient, execution: Execution): Promise<Execution> {
  const { data, errors } = await tryCancel(client, execution);
  if (errors.length > 0) throw new Error(`not cancelled: ${JSON.stringify(errors)}`);
  return data.cancelFlow;
}

/** Whoever is signed in on this client; null for nobody. */
export async function viewerOf(client: TestClient): Promise<Execution> {
  return (await client.ok(VIEWER)).viewer;
}
