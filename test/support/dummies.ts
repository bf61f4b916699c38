import type { ComposedFlow, Composer } from './compose.js';
import { submit } from './flows.js';
import type { Execution } from './flows.js';
import type { TestClient } from './test-client.js';

/** The right answer to a dummy stage. */
export const ACKNOWLEDGED = { dummy: { acknowledge: true } };
/** An answer that a dummy stage refuses. */
export const REFUSED = { dummy: { acknowledge: false } };

/** Decides while the flow is planned, and never again. */
export const ON_PLAN = { evaluateOnPlan: true, reEvaluatePolicies: false };
/** Decides whenever the stage's turn has come, and not before. */
export const ON_RUN = { evaluateOnPlan: false, reEvaluatePolicies: true };

/** Where a stage stands in a flow, and what an administrator has put before it. */
export interface DummyPlace {
  readonly order?: number;
  /** What else its binding says: when its policies are asked, what a refused answer leads to. */
  readonly place?: object;
  /** Policies, groups or people before it. */
  readonly guards?: readonly object[];
}

/**
 * Flows of stages that only ask for an acknowledgement. A challenge shows the name of its stage; flows share their
 * stages of one name.
 */
export class DummyFlows {
  readonly #stages = new Map<string, string>();

  constructor(private readonly composer: Composer) {}

  /** A flow of these stages, by name; where a place has no order of its own, they come as they are written. */
  async flow(fields: object, places: Readonly<Record<string, DummyPlace>>): Promise<ComposedFlow> {
    const flow = await this.composer.flow(fields);
    for (const [index, [name, place]] of Object.entries(places).entries()) {
      await this.add(flow, name, { order: index * 10, ...place });
    }
    return flow;
  }

  /** Puts the stage of this name into a flow; the binding's id. */
  async add(
    { id }: ComposedFlow,
    name: string,
    { order = 0, place, guards = [] }: DummyPlace,
  ): Promise<string> {
    const binding = await this.composer.bind(id, await this.#stage(name), order, place);
    for (const subject of guards) await this.composer.guard({ stageBindingId: binding }, subject);
    return binding;
  }

  async #stage(name: string): Promise<string> {
    const id = this.#stages.get(name) ?? (await this.composer.stage({ dummy: {} }, name));
    this.#stages.set(name, id);
    return id;
  }
}

/** A policy that an administrator can have change its mind, also while somebody is in the middle of a flow. */
export class ChangingPolicy {
  private constructor(
    private readonly admin: TestClient,
    /** What to put before a flow or a stage. */
    readonly subject: { readonly policyId: string },
  ) {}

  /** A new one, which passes until it is told otherwise. */
  static async made(composer: Composer): Promise<ChangingPolicy> {
    const policyId = await composer.policy({ dummy: { result: true } });
    return new ChangingPolicy(composer.admin, { policyId });
  }

  async decide(result: boolean): Promise<void> {
    const update =
      'mutation($id: ID!, $input: UpdatePolicyInput!) { updatePolicy(id: $id, input: $input) { id } }';
    await this.admin.ok(update, { id: this.subject.policyId, input: { config: { dummy: { result } } } });
  }
}

/** Acknowledges one stage after the other: the names of those that asked, and the step at the end. */
export async function acknowledgeAll(
  client: TestClient,
  execution: Execution,
): Promise<{ asked: string[]; end: Execution }> {
  const asked: string[] = [];
  let current = execution;
  while (current.step.__typename === 'DummyChallenge') {
    asked.push(current.step.stageName);
    current = await submit(client, current, ACKNOWLEDGED);
  }
  return { asked, end: current.step };
}
