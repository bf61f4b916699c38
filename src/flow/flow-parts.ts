import type { Catalogue } from './catalogue.js';
import type {
  FlowDefinition,
  PolicyBindingDefinition,
  PolicyDefinition,
  StageDefinition,
} from './definition.js';

/** Something that a flow consists of, or a flow that it leads to. */
interface FlowPart {
  readonly id: string;
  /** Null for a flow that it leads to: what that consists of is no part of it. */
  readonly version: number | null;
  /** As `type:name`; null for a place or a guard. */
  readonly name: string | null;
}

/**
 * Everything that a flow consists of, the flow first. It is found without looking into any configuration, and so for any
 * number of flows.
 */
export function flowParts(flow: FlowDefinition, catalogue: Catalogue): readonly FlowPart[] {
  const parts = new Parts(catalogue);
  parts.add(flow, `flow:${flow.slug}`);
  parts.addGuards(flow.policyBindings);
  for (const place of flow.stageBindings) {
    parts.add(place, null);
    parts.addGuards(place.policyBindings);
    parts.addStage(place.stage);
  }
  return parts.all();
}

/** One text of all parts with their versions: as long as that is the same, so is what there is to say of the flow. */
export function stateOf(parts: readonly FlowPart[]): string {
  return parts
    .map(({ id, version, name }) => `${id}:${version ?? name}`)
    .toSorted()
    .join(' ');
}

class Parts {
  readonly #parts = new Map<string, FlowPart>();

  constructor(private readonly catalogue: Catalogue) {}

  all(): readonly FlowPart[] {
    return [...this.#parts.values()];
  }

  /** False where it has been added before. */
  add({ id, version }: Pick<FlowPart, 'id' | 'version'>, name: string | null): boolean {
    if (this.#parts.has(id)) return false;
    this.#parts.set(id, { id, version, name });
    return true;
  }

  addGuards(bindings: readonly PolicyBindingDefinition[]): void {
    for (const binding of bindings) {
      this.add(binding, null);
      if (binding.subject.type === 'policy') this.#addPolicy(binding.subject.policy);
    }
  }

  addStage(stage: StageDefinition): void {
    if (!this.add(stage, `stage:${stage.name}`)) return;
    for (const id of this.catalogue.namedByStage(stage.id)) this.#addNamed(id);
  }

  #addPolicy(policy: PolicyDefinition): void {
    if (!this.add(policy, `policy:${policy.name}`)) return;
    for (const id of policy.calls) this.#addNamed(id);
  }

  /** What a configuration names; groups are known by their ids alone. */
  #addNamed(id: string): void {
    const stage = this.catalogue.stage(id);
    if (stage) this.addStage(stage);
    const policy = this.catalogue.policy(id);
    if (policy) this.#addPolicy(policy);
    const field = this.catalogue.promptField(id);
    if (field) this.add(field, `promptField:${field.name}`);
    const flow = this.catalogue.flow(id);
    if (flow) this.add({ id, version: null }, `flow:${flow.slug}`);
  }
}
