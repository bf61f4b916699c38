import { EXECUTION } from './flows.js';
import type { Execution } from './flows.js';
import type { Answer, TestClient } from './test-client.js';

const STEPS = /* GraphQL */ `
  fragment Steps on FlowExecution {
    ...Execution
    step {
      ... on EmailChallenge {
        purpose
        sentTo
        matchCode
        confirmed
        resendAt
        expiresAt
      }
    }
  }
  ${EXECUTION}
`;

const START = `mutation($input: StartFlowInput!) { run: startFlow(input: $input) { ...Steps } } ${STEPS}`;
const SUBMIT = `mutation($input: SubmitStageInput!) { run: submitStage(input: $input) { ...Steps } } ${STEPS}`;
const FIND = `query($id: ID!, $token: String) { run: flowExecution(id: $id, token: $token) { ...Steps } } ${STEPS}`;

/** One client on its way through one flow, step by step; it keeps all that it was answered. */
export class Journey {
  readonly answers: Answer[] = [];
  #run: Execution;

  private constructor(readonly client: TestClient) {}

  static async begin(client: TestClient, input: object, headers = {}): Promise<Journey> {
    const journey = new Journey(client);
    await journey.#send(START, { input }, headers);
    return journey;
  }

  get execution(): Execution {
    return this.#run;
  }

  get step(): Execution {
    return this.#run.step;
  }

  /** Answers the challenge that it has before it. */
  async answer(response: object, headers = {}): Promise<this> {
    const { id: executionId, token, step } = this.#run;
    const input = { executionId, challengeId: step.id, response, ...(token && { token }) };
    await this.#send(SUBMIT, { input }, headers);
    return this;
  }

  /** Looks again where it stands. */
  async look(): Promise<this> {
    const { id, token } = this.#run;
    await this.#send(FIND, { id, token });
    return this;
  }

  async #send(document: string, variables: object, headers: Record<string, string> = {}): Promise<void> {
    const answer = await this.client.send(document, variables, headers);
    this.answers.push(answer);
    const run = answer.data?.run;
    if (run) this.#run = { ...run, token: run.token ?? this.#run?.token };
  }
}
