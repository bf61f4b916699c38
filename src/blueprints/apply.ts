import { durationSeconds } from '../kernel/duration.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { PolicyDefinition, PolicyTarget } from '../flow/definition.js';
import type { DefinitionEditor } from '../flow/definition-store.js';
import type { PolicyServices } from '../flow/policy-kind.js';
import { promptFieldProblems } from '../flow/prompt-field-problems.js';
import { checkPolicyConfig } from '../policies/configuration.js';
import type { KnownPolicies } from '../policies/configuration.js';
import type { PolicyKindDefinition } from '../policies/define.js';
import { checkStageConfig, mapReferences } from '../stages/configuration.js';
import type { StageKindDefinition } from '../stages/define.js';
import type { ReferenceTarget } from '../stages/reference.js';
import type { BlueprintDocument, BlueprintEntry } from './document.js';

export interface BlueprintParts {
  readonly stageKinds: readonly StageKindDefinition[];
  readonly policyKinds: readonly PolicyKindDefinition[];
  readonly policyServices: PolicyServices;
}

type FlowEntry = Extract<BlueprintEntry, { flow: string }>;
type PolicyPlaces = FlowEntry['policies'];

/**
 * Makes what a document describes and is not there yet; what is there already belongs to the administrators and is
 * left alone. Throws where the document cannot work, and then nothing of it is made.
 */
export async function applyDocument(
  parts: BlueprintParts,
  document: BlueprintDocument,
  catalogue: Catalogue,
  editor: DefinitionEditor,
): Promise<void> {
  const application = new Application(parts, catalogue, editor);
  for (const entry of document.entries) await application.apply(entry);
}

/** The policies that are there, with those that have been made so far. */
class PoliciesByThen implements KnownPolicies {
  readonly #all: PolicyDefinition[];

  constructor(policies: readonly PolicyDefinition[]) {
    this.#all = [...policies];
  }

  add(policy: PolicyDefinition): void {
    this.#all.push(policy);
  }

  policy(id: string): PolicyDefinition | undefined {
    return this.#all.find((policy) => policy.id === id);
  }

  policyByName(name: string): PolicyDefinition | undefined {
    return this.#all.find((policy) => policy.name === name);
  }
}

class Application {
  /** Ids of what this document names, by `type:name`. */
  readonly #ids = new Map<string, string>();
  readonly #policies: PoliciesByThen;

  constructor(
    private readonly parts: BlueprintParts,
    catalogue: Catalogue,
    private readonly editor: DefinitionEditor,
  ) {
    this.#policies = new PoliciesByThen(catalogue.policies);
    for (const { name, id } of catalogue.stages) this.#ids.set(`stage:${name}`, id);
    for (const { name, id } of catalogue.policies) this.#ids.set(`policy:${name}`, id);
    for (const { name, id } of catalogue.promptFields) this.#ids.set(`promptField:${name}`, id);
    for (const { slug, id } of catalogue.flows) this.#ids.set(`flow:${slug}`, id);
  }

  async apply(entry: BlueprintEntry): Promise<void> {
    if ('group' in entry) {
      this.#ids.set(`group:${entry.group}`, await this.editor.ensureGroup(entry.group, entry.superuser));
    } else if ('promptField' in entry) {
      await this.#make(`promptField:${entry.promptField}`, () => this.#createPromptField(entry));
    } else if ('stage' in entry) {
      await this.#make(`stage:${entry.stage}`, () => this.#createStage(entry));
    } else if ('policy' in entry) {
      await this.#make(`policy:${entry.policy}`, () => this.#createPolicy(entry));
    } else {
      await this.#make(`flow:${entry.flow}`, () => this.#createFlow(entry));
    }
  }

  async #make(key: string, create: () => Promise<string>): Promise<void> {
    if (!this.#ids.has(key)) this.#ids.set(key, await create());
  }

  async #createPromptField({ promptField: name, ...rest }: Extract<BlueprintEntry, { promptField: string }>) {
    const fields = { name, ...rest };
    const problems = promptFieldProblems(fields, this.parts.policyServices.expressions);
    if (problems.length > 0) throw new Error(`prompt field ${name}: ${JSON.stringify(problems)}`);
    return this.editor.createPromptField(fields);
  }

  async #createStage({ stage: name, kind: kindName, config }: Extract<BlueprintEntry, { stage: string }>) {
    const kind = this.parts.stageKinds.find((candidate) => candidate.name === kindName);
    if (!kind) throw new Error(`stage ${name}: there is no stage kind ${kindName}`);
    const mapped = mapReferences(kind, config, (to, target) => this.#idOf(to, target));
    // What the document names has been looked up already; the database holds it to that.
    const checked = await checkStageConfig(kind, mapped, () => true);
    if (!checked.ok) throw new Error(`stage ${name}: ${JSON.stringify(checked.problems)}`);
    return this.editor.createStage({
      name,
      kind: kind.name,
      config: checked.config,
      references: checked.references,
    });
  }

  async #createPolicy({ policy: name, kind: kindName, config }: Extract<BlueprintEntry, { policy: string }>) {
    const kind = this.parts.policyKinds.find((candidate) => candidate.name === kindName);
    if (!kind) throw new Error(`policy ${name}: there is no policy kind ${kindName}`);
    const checked = checkPolicyConfig(kind, config, this.parts.policyServices, this.#policies, name);
    if (!checked.ok) throw new Error(`policy ${name}: ${JSON.stringify(checked.problems)}`);
    const { config: complete, calls } = checked;
    const policy = { name, kind: kind.name, config: complete, executionLogging: false };
    const id = await this.editor.createPolicy({ ...policy, calls });
    this.#policies.add({ id, version: 1, ...policy, calls: calls.map((called) => called.id) });
    return id;
  }

  async #createFlow({ flow: slug, name = slug, stages, policies, ...fields }: FlowEntry): Promise<string> {
    const flowId = await this.editor.createFlow({ slug, name, ...fields });
    await this.#bindPolicies({ type: 'flow', flowId }, policies);
    for (const { stage, policies: stagePolicies, ...place } of stages) {
      const stageBindingId = await this.editor.bindStage(flowId, this.#idOf('stage', stage), place);
      await this.#bindPolicies({ type: 'stageBinding', stageBindingId }, stagePolicies);
    }
    return flowId;
  }

  async #bindPolicies(target: PolicyTarget, places: PolicyPlaces): Promise<void> {
    for (const { policy, timeout, expiresAt, ...fields } of places) {
      const subject = { type: 'policy' as const, policyId: this.#idOf('policy', policy) };
      await this.editor.bindPolicy(target, subject, {
        ...fields,
        timeoutSeconds: durationSeconds(timeout),
        expiresAt: expiresAt === null ? null : new Date(expiresAt),
      });
    }
  }

  #idOf(type: ReferenceTarget, name: string): string {
    const id = this.#ids.get(`${type}:${name}`);
    if (id === undefined) throw new Error(`there is no ${type} named ${name}`);
    return id;
  }
}
