import { filledIn } from '../compose.js';
import type { TestClient } from '../test-client.js';
import type { View } from './execution.js';
import type { House } from './house.js';
import type { Answer } from './run.js';

/** By what a client continues an execution. */
export interface Ticket {
  readonly id: string;
  readonly token: string;
}

/** What a client was shown: in the model's words, and as it came. */
export interface Shown {
  readonly view: View;
  readonly raw: string;
  /** Undefined where there is no challenge. */
  readonly challengeId: string | undefined;
  /** Undefined where there is none to be had. */
  readonly sessionToken: string | undefined;
}

const STEP = `step {
  __typename
  ... on Challenge { id stageName errors { code } }
  ... on FlowCompleted { session { token session { id } } }
  ... on FlowDenied { code }
}`;
const START = `mutation($input: StartFlowInput!) { run: startFlow(input: $input) { id token responsesUsed ${STEP} } }`;
const SUBMIT = `mutation($input: SubmitStageInput!) { run: submitStage(input: $input) { ${STEP} } }`;
const CANCEL = `mutation($input: CancelFlowInput!) { run: cancelFlow(input: $input) { ${STEP} } }`;
const LOOK = `query($id: ID!, $token: String) { run: flowExecution(id: $id, token: $token) { ${STEP} } }`;
const VIEWER = '{ viewer { username } }';

/** What somebody of a game is called outside of it. */
export function nameIn(game: string, name: string): string {
  return name === '' ? '' : `${game}-${name}`;
}

/** What the stage of a place is called. */
export function stageNameIn(game: string, place: number): string {
  return `${game}-${place}`;
}

/** A native client that runs one game's flow, now on one node and now on the other. */
export class Player {
  readonly #clients: readonly TestClient[];

  constructor(
    house: House,
    private readonly slug: string,
    private readonly game: string,
    /** One of its own, so that the wrong names of one game do not count in another. */
    address: string,
  ) {
    this.#clients = [house.client(0, address), house.client(1, address)];
  }

  async start(
    node: number,
    answers: readonly Answer[],
  ): Promise<{ readonly ticket: Ticket | undefined; readonly used: number; readonly shown: Shown }> {
    const responses = answers.map((answer) => this.#responseOf(answer));
    const input = { flow: { slug: this.slug }, client: 'NATIVE', responses };
    const { run, shown } = await this.#send(node, START, { input });
    return { ticket: run && { id: run.id, token: run.token }, used: run?.responsesUsed, shown };
  }

  async submit(node: number, { id, token }: Ticket, challengeId: string, answer: Answer): Promise<Shown> {
    const input = { executionId: id, token, challengeId, response: this.#responseOf(answer) };
    return (await this.#send(node, SUBMIT, { input })).shown;
  }

  async cancel(node: number, { id, token }: Ticket): Promise<Shown> {
    return (await this.#send(node, CANCEL, { input: { executionId: id, token } })).shown;
  }

  async look(node: number, { id, token }: Ticket): Promise<Shown> {
    return (await this.#send(node, LOOK, { id, token })).shown;
  }

  /** The username of whoever is signed in by a session's secret; null for nobody. */
  async whoIs(node: number, sessionToken: string): Promise<string | null> {
    const client = this.#client(node);
    const { data } = await client.send(VIEWER, {}, { authorization: `Bearer ${sessionToken}` });
    return data.viewer?.username ?? null;
  }

  #client(node: number): TestClient {
    const client = this.#clients[node];
    if (!client) throw new Error(`there is no node ${node}`);
    return client;
  }

  async #send(node: number, document: string, variables: object) {
    const { data, errors } = await this.#client(node).send(document, variables);
    const run = data?.run ?? undefined;
    const [problem] = errors;
    const view: View = problem ? { type: 'refused', code: problem.extensions.code } : viewOf(run?.step);
    const shown: Shown = {
      view,
      raw: JSON.stringify(run?.step ?? errors),
      challengeId: run?.step.id,
      sessionToken: run?.step.session?.token ?? undefined,
    };
    return { run, shown };
  }

  #responseOf(answer: Answer): object {
    switch (answer.kind) {
      case 'identification':
        return { identification: { identifier: nameIn(this.game, answer.name) } };
      case 'prompt':
        return filledIn({ username: nameIn(this.game, answer.name) });
      case 'dummy':
        return { dummy: { acknowledge: answer.acknowledge } };
      case 'user-login':
        return { userLogin: { rememberMe: answer.rememberMe } };
    }
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- What comes over HTTP gets its type here.
function viewOf(step: any): View {
  switch (step?.__typename) {
    case undefined:
      return { type: 'unknown' };
    case 'FlowCompleted': {
      const { session } = step;
      return { type: 'completed', signedIn: session !== null, told: typeof session?.token === 'string' };
    }
    case 'FlowDenied':
      return { type: 'denied', code: step.code };
    case 'FlowCancelled':
      return { type: 'cancelled' };
    default: {
      const place = Number(step.stageName.split('-').at(-1));
      return { type: 'challenge', place, errors: step.errors.map((error: { code: string }) => error.code) };
    }
  }
}
