import type { TestApp } from './test-app.js';
import { start } from './flows.js';
import type { TestClient } from './test-client.js';

const ids = (name: string, input: string): string =>
  `mutation($input: ${input}!) { made: ${name}(input: $input) { id } }`;

let made = 0;

/** A name that nothing else in this process has. */
export function uniqueName(prefix: string): string {
  made += 1;
  return `${prefix}-${made}`;
}

export interface ComposedFlow {
  readonly id: string;
  readonly slug: string;
}

/** Composes flows as an administrator does, over GraphQL. Whatever needs a name and is given none gets a new one. */
export class Composer {
  constructor(readonly admin: TestClient) {}

  async flow(fields: object = {}): Promise<ComposedFlow> {
    const slug = uniqueName('flow');
    const designation = 'STAGE_CONFIGURATION';
    const input = { slug, name: slug, title: slug, designation, ...fields };
    return (
      await this.admin.ok('mutation($input: CreateFlowInput!) { createFlow(input: $input) { id slug } }', {
        input,
      })
    ).createFlow;
  }

  stage(config: object, name = uniqueName('stage')): Promise<string> {
    return this.#make('createStage', 'CreateStageInput', { name, config });
  }

  policy(config: object, name = uniqueName('policy')): Promise<string> {
    return this.#make('createPolicy', 'CreatePolicyInput', { name, config });
  }

  promptField(fields: object): Promise<string> {
    const name = uniqueName('field');
    return this.#make('createPromptField', 'CreatePromptFieldInput', { name, label: name, ...fields });
  }

  bind(flowId: string, stageId: string, order: number, place: object = {}): Promise<string> {
    return this.#make('bindStage', 'BindStageInput', { flowId, stageId, order, ...place });
  }

  /** A flow of new stages of these configurations, in this order. */
  async flowOf(fields: object, ...configs: readonly object[]): Promise<ComposedFlow> {
    const flow = await this.flow(fields);
    for (const [index, config] of configs.entries()) await this.add(flow, index * 10, config);
    return flow;
  }

  /** A new stage in a flow; the binding's id. */
  async add({ id }: ComposedFlow, order: number, config: object, place: object = {}): Promise<string> {
    return this.bind(id, await this.stage(config), order, place);
  }

  group(fields: object = {}): Promise<string> {
    return this.#make('createGroup', 'CreateGroupInput', { name: uniqueName('group'), ...fields });
  }

  /** Puts a policy, a group or a person before a flow or a stage binding. */
  guard(target: object, subject: object, how: object = {}): Promise<string> {
    return this.#make('bindPolicy', 'BindPolicyInput', { target, subject, order: 0, ...how });
  }

  /** Puts a new policy before a flow or a stage binding. */
  async guardWith(target: object, config: object, how: object = {}): Promise<string> {
    return this.guard(target, { policyId: await this.policy(config) }, how);
  }

  /** A flow in which people make accounts, and are signed in. */
  async enrollment(): Promise<ComposedFlow> {
    const fieldIds = [
      await this.promptField({ key: 'username', type: 'USERNAME', order: 1 }),
      await this.promptField({ key: 'password', type: 'PASSWORD', order: 2 }),
    ];
    return this.flowOf(
      { designation: 'ENROLLMENT' },
      { prompt: { fieldIds } },
      { userWrite: { creation: 'ALWAYS' } },
      { userLogin: {} },
    );
  }

  async #make(mutation: string, inputType: string, input: object): Promise<string> {
    return (await this.admin.ok(ids(mutation, inputType), { input })).made.id;
  }
}

export interface Person {
  readonly username: string;
  readonly password: string;
}

/** What to answer to a prompt, by field key. */
export function filledIn(values: Readonly<Record<string, string | number | boolean>>): object {
  const members = { string: 'text', number: 'number', boolean: 'checked' };
  const entries = Object.entries(values).map(([key, value]) => {
    const type = typeof value;
    if (type !== 'string' && type !== 'number' && type !== 'boolean') throw new Error(`no value: ${key}`);
    return { key, value: { [members[type]]: value } };
  });
  return { prompt: { values: entries } };
}

/** A browser in which somebody has just signed up. */
export async function signedUp(
  app: TestApp,
  slug: string,
  { username, password }: Person,
): Promise<TestClient> {
  const client = app.client();
  const responses = [filledIn({ username, password })];
  const { step } = await start(client, { flow: { slug }, responses });
  if (step.__typename !== 'FlowCompleted') throw new Error(`no enrollment: ${JSON.stringify(step)}`);
  return client;
}
