import { designations } from './definition.js';
import type {
  FlowDefinition,
  FlowDesignation,
  PolicyBindingDefinition,
  PolicyDefinition,
  PolicySubject,
  StageBindingDefinition,
  StageDefinition,
} from './definition.js';
import type { Installation } from './installation.js';
import type { PromptFieldDefinition } from './prompt-field.js';

export interface CatalogueContent {
  readonly version: number;
  readonly installation: Installation;
  readonly flows: readonly FlowDefinition[];
  readonly stages: readonly StageDefinition[];
  readonly policies: readonly PolicyDefinition[];
  readonly promptFields: readonly PromptFieldDefinition[];
  /** Ids of flows, by the designation that they are the default of. */
  readonly defaultFlows: ReadonlyMap<FlowDesignation, string>;
  /** Ids of the stages whose configurations name something, by the id of that. */
  readonly referringStages: ReadonlyMap<string, readonly string[]>;
}

/**
 * Every definition of one moment, immutable and indexed. It is numbered; whoever finds that the number in the
 * database has moved on reads a new one.
 */
export class Catalogue {
  readonly version: number;
  readonly installation: Installation;
  /** Ordered by slug. */
  readonly flows: readonly FlowDefinition[];
  /** Ordered by name. */
  readonly stages: readonly StageDefinition[];
  /** Ordered by name. */
  readonly policies: readonly PolicyDefinition[];
  /** Ordered by name. */
  readonly promptFields: readonly PromptFieldDefinition[];

  readonly #defaultFlows: ReadonlyMap<FlowDesignation, string>;
  readonly #referringStages: ReadonlyMap<string, readonly string[]>;
  readonly #namedByStages: ReadonlyMap<string, readonly string[]>;
  readonly #flowsById: ReadonlyMap<string, FlowDefinition>;
  readonly #flowsBySlug: ReadonlyMap<string, FlowDefinition>;
  readonly #stagesById: ReadonlyMap<string, StageDefinition>;
  readonly #policiesById: ReadonlyMap<string, PolicyDefinition>;
  readonly #policiesByName: ReadonlyMap<string, PolicyDefinition>;
  readonly #promptFieldsById: ReadonlyMap<string, PromptFieldDefinition>;
  readonly #stageBindingsById: ReadonlyMap<string, StageBindingDefinition>;
  readonly #stageBindingsByStage: ReadonlyMap<string, readonly StageBindingDefinition[]>;
  readonly #policyBindingsById: ReadonlyMap<string, PolicyBindingDefinition>;
  readonly #policyBindingsBySubject: ReadonlyMap<string, readonly PolicyBindingDefinition[]>;

  constructor(content: CatalogueContent) {
    this.version = content.version;
    this.installation = content.installation;
    this.flows = content.flows;
    this.stages = content.stages;
    this.policies = content.policies;
    this.promptFields = content.promptFields;
    this.#defaultFlows = content.defaultFlows;
    this.#referringStages = content.referringStages;
    this.#namedByStages = inverted(content.referringStages);
    this.#flowsById = byId(content.flows);
    this.#flowsBySlug = new Map(content.flows.map((flow) => [flow.slug, flow]));
    this.#stagesById = byId(content.stages);
    this.#policiesById = byId(content.policies);
    this.#policiesByName = new Map(content.policies.map((policy) => [policy.name, policy]));
    this.#promptFieldsById = byId(content.promptFields);
    const stageBindings = content.flows.flatMap((flow) => flow.stageBindings);
    this.#stageBindingsById = byId(stageBindings);
    this.#stageBindingsByStage = Map.groupBy(stageBindings, ({ stage }) => stage.id);
    const policyBindings = [...content.flows, ...stageBindings].flatMap((target) => target.policyBindings);
    this.#policyBindingsById = byId(policyBindings);
    this.#policyBindingsBySubject = Map.groupBy(policyBindings, ({ subject }) => subjectId(subject));
  }

  flow(id: string): FlowDefinition | undefined {
    return this.#flowsById.get(id);
  }

  flowBySlug(slug: string): FlowDefinition | undefined {
    return this.#flowsBySlug.get(slug);
  }

  /** The configured default first, then the others by slug. */
  flowsFor(designation: FlowDesignation): readonly FlowDefinition[] {
    const chosen = this.defaultFlow(designation);
    const others = this.flows.filter((flow) => flow.designation === designation && flow !== chosen);
    return chosen ? [chosen, ...others] : others;
  }

  /** What administrators have chosen; a flow that has got another designation since then is chosen no longer. */
  defaultFlow(designation: FlowDesignation): FlowDefinition | undefined {
    const flow = this.flow(this.#defaultFlows.get(designation) ?? '');
    return flow?.designation === designation ? flow : undefined;
  }

  stage(id: string): StageDefinition | undefined {
    return this.#stagesById.get(id);
  }

  policy(id: string): PolicyDefinition | undefined {
    return this.#policiesById.get(id);
  }

  policyByName(name: string): PolicyDefinition | undefined {
    return this.#policiesByName.get(name);
  }

  promptField(id: string): PromptFieldDefinition | undefined {
    return this.#promptFieldsById.get(id);
  }

  stageBinding(id: string): StageBindingDefinition | undefined {
    return this.#stageBindingsById.get(id);
  }

  policyBinding(id: string): PolicyBindingDefinition | undefined {
    return this.#policyBindingsById.get(id);
  }

  /** What the flow is the default of, as administrators have chosen. */
  defaultOf({ id }: FlowDefinition): FlowDesignation[] {
    return designations.filter((designation) => this.defaultFlow(designation)?.id === id);
  }

  /** The places that a stage has in flows. */
  bindingsOfStage(stageId: string): readonly StageBindingDefinition[] {
    return this.#stageBindingsByStage.get(stageId) ?? [];
  }

  /** The bindings that ask a policy, or for members of a group, or for a person: by the id of that. */
  bindingsThatAsk(subject: string): readonly PolicyBindingDefinition[] {
    return this.#policyBindingsBySubject.get(subject) ?? [];
  }

  /** The stages whose configurations name the flow, stage, prompt field, policy or group with this id; by name. */
  stagesThatReferTo(id: string): readonly StageDefinition[] {
    const ids = new Set(this.#referringStages.get(id));
    return ids.size === 0 ? [] : this.stages.filter((stage) => ids.has(stage.id));
  }

  /** The ids of the flows, stages, prompt fields, policies and groups that a stage's configuration names. */
  namedByStage(stageId: string): readonly string[] {
    return this.#namedByStages.get(stageId) ?? [];
  }

  /** How many bindings a policy has, and how many stages have their answers judged by it. */
  usesOfPolicy(policyId: string): number {
    return this.bindingsThatAsk(policyId).length + (this.#referringStages.get(policyId)?.length ?? 0);
  }

  policiesCalledBy({ calls }: PolicyDefinition): PolicyDefinition[] {
    return this.policies.filter(({ id }) => calls.includes(id));
  }

  policiesThatCall({ id }: PolicyDefinition): PolicyDefinition[] {
    return this.policies.filter(({ calls }) => calls.includes(id));
  }
}

function subjectId(subject: PolicySubject): string {
  switch (subject.type) {
    case 'policy':
      return subject.policy.id;
    case 'group':
      return subject.groupId;
    case 'user':
      return subject.userId;
  }
}

/** By each of the values those keys that have it. */
function inverted(lists: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const pairs = [...lists].flatMap(([key, values]) => values.map((value) => ({ key, value })));
  const groups = Map.groupBy(pairs, ({ value }) => value);
  return new Map([...groups].map(([value, found]) => [value, found.map(({ key }) => key)]));
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
