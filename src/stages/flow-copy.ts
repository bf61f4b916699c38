import type { Catalogue } from '../flow/catalogue.js';
import type {
  FlowDefinition,
  PolicyBindingDefinition,
  PolicySubject,
  PolicyTarget,
  StageDefinition,
} from '../flow/definition.js';
import type { DefinitionEditor, FlowFields, SubjectReference } from '../flow/definition-store.js';
import { Refusal } from '../kernel/refusal.js';
import { checkStageConfig, mapReferences } from './configuration.js';
import type { StageKindDefinition } from './define.js';

const LONGEST_NAME = 200;

export interface FlowCopy {
  readonly original: FlowDefinition;
  /** What the copy is called, and what it shows. */
  readonly names: Pick<FlowFields, 'slug' | 'name' | 'title'>;
  /** Copies its stages too, with those that they show; otherwise the copy has the same ones. */
  readonly copyStages: boolean;
}

/** Makes a flow with the places, the policies before them and, where wanted, the stages of another; returns its id. */
export async function copyFlow(
  { original, names, copyStages }: FlowCopy,
  catalogue: Catalogue,
  kinds: readonly StageKindDefinition[],
  editor: DefinitionEditor,
): Promise<string> {
  const { id, version, currentVersion, policyBindings, stageBindings, ...fields } = original;
  const flowId = await editor.createFlow({ ...fields, ...names });
  await copyPolicyBindings({ type: 'flow', flowId }, policyBindings, editor);
  const stages = new StageCopies(names.slug, catalogue, kinds, editor);
  for (const binding of stageBindings) {
    const { id: _id, version: _version, flowId: _flow, stage, policyBindings: guards, ...place } = binding;
    const stageId = copyStages ? await stages.copyOf(stage) : stage.id;
    const stageBindingId = await editor.bindStage(flowId, stageId, place);
    await copyPolicyBindings({ type: 'stageBinding', stageBindingId }, guards, editor);
  }
  return flowId;
}

async function copyPolicyBindings(
  target: PolicyTarget,
  bindings: readonly PolicyBindingDefinition[],
  editor: DefinitionEditor,
): Promise<void> {
  for (const { id, version, target: _target, subject, ...fields } of bindings) {
    await editor.bindPolicy(target, referenceTo(subject), fields);
  }
}

function referenceTo(subject: PolicySubject): SubjectReference {
  return subject.type === 'policy' ? { type: 'policy', policyId: subject.policy.id } : subject;
}

/** Copies each stage once, and before it those that it shows within itself. */
class StageCopies {
  readonly #copies = new Map<string, string>();
  readonly #names: Set<string>;

  constructor(
    private readonly slug: string,
    private readonly catalogue: Catalogue,
    private readonly kinds: readonly StageKindDefinition[],
    private readonly editor: DefinitionEditor,
  ) {
    this.#names = new Set(catalogue.stages.map(({ name }) => name));
  }

  async copyOf(stage: StageDefinition): Promise<string> {
    const made = this.#copies.get(stage.id) ?? (await this.#copy(stage));
    this.#copies.set(stage.id, made);
    return made;
  }

  async #copy({ id: originalId, name, kind: kindName, config }: StageDefinition): Promise<string> {
    const kind = this.kinds.find((candidate) => candidate.name === kindName);
    if (!kind) throw notCopied(name, `this installation has no stages of the kind ${kindName}`);
    for (const shown of stagesIn(kind, config)) {
      const stage = this.catalogue.stage(shown);
      if (stage) await this.copyOf(stage);
    }
    const mapped = mapReferences(kind, config, (to, id) =>
      to === 'stage' ? (this.#copies.get(id) ?? id) : id,
    );
    // The original has been checked; the database holds the copy to what it refers to.
    const checked = await checkStageConfig(kind, mapped, () => true);
    if (!checked.ok) throw notCopied(name, 'its configuration is not valid any more');
    const { config: complete, references, secrets } = checked;
    const fields = { name: this.#freeName(name), kind: kindName, config: complete, references, secrets };
    return this.editor.createStage(fields, { originalId });
  }

  #freeName(original: string): string {
    for (let count = 1; ; count += 1) {
      const suffix = count === 1 ? ` (${this.slug})` : ` (${this.slug} ${count})`;
      const name = original.slice(0, LONGEST_NAME - suffix.length).toWellFormed() + suffix;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
  }
}

/** The ids of the stages that a configuration names. */
function stagesIn(kind: StageKindDefinition, config: StageDefinition['config']): string[] {
  const ids: string[] = [];
  mapReferences(kind, config, (to, id) => {
    if (to === 'stage') ids.push(id);
    return id;
  });
  return ids;
}

function notCopied(stage: string, why: string): Refusal {
  return new Refusal('CONFLICT', `The stage ${stage} cannot be copied: ${why}.`);
}
