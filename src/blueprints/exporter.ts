import { Refusal } from '../kernel/refusal.js';
import type { JsonObject } from '../kernel/json.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { FlowDefinition } from '../flow/definition.js';
import type { NamedObjects } from '../flow/named-objects.js';
import { may } from '../identity/access.js';
import type { Rights } from '../identity/access.js';
import type { Permission } from '../identity/permissions.js';
import type { StageKindDefinition } from '../stages/define.js';
import { closureOf } from './closure.js';
import type { Closure, LinkedFlows } from './closure.js';
import { describeFlows } from './describe.js';

export interface ExporterParts {
  readonly stageKinds: readonly StageKindDefinition[];
  /** The definitions of this moment. */
  catalogue(): Promise<Catalogue>;
  readonly named: Pick<NamedObjects, 'groupNames' | 'usernames'>;
}

export interface ExportOptions {
  readonly linked: LinkedFlows;
}

/** The operator may read everything: it is their database. */
const everything: Rights = { superuser: true, permissions: new Set() };

/** Writes flows down as documents. */
export class BlueprintExporter {
  constructor(private readonly parts: ExporterParts) {}

  /**
   * The document of these flows, by slug, for the operator. Refused as NOT_FOUND where there is no such flow, and as
   * CONFLICT where it has a stage of a kind that this installation does not know.
   */
  flows(slugs: readonly string[], options: ExportOptions): Promise<JsonObject> {
    return this.flowsFor(everything, slugs, options);
  }

  /** The same for somebody with these rights: FORBIDDEN where they may not see all that would stand in it. */
  async flowsFor(rights: Rights, slugs: readonly string[], { linked }: ExportOptions): Promise<JsonObject> {
    const { stageKinds } = this.parts;
    const catalogue = await this.parts.catalogue();
    const flows = [...new Set(slugs)].map((slug) => flowCalled(slug, catalogue));
    const closure = closureOf(flows, catalogue, stageKinds, linked);
    expectSight(rights, closure);
    expectKnownKinds(closure, stageKinds);
    const { named } = this.parts;
    const names = {
      group: among(await named.groupNames(closure.groupIds)),
      user: among(await named.usernames(closure.userIds)),
    };
    return describeFlows(flows, catalogue, names, stageKinds, { linked });
  }
}

function flowCalled(slug: string, catalogue: Catalogue): FlowDefinition {
  const flow = catalogue.flowBySlug(slug);
  if (!flow) throw new Refusal('NOT_FOUND', `There is no flow with the slug ${slug}.`);
  return flow;
}

/** Nobody reads in a document what they could not read in the API. */
function expectSight(rights: Rights, closure: Closure): void {
  const places = closure.flows.flatMap(({ stageBindings }) => stageBindings);
  const guards = [...closure.flows, ...places].flatMap(({ policyBindings }) => policyBindings);
  const within: readonly (readonly [Permission, readonly unknown[]])[] = [
    ['FLOW_VIEW', closure.flows],
    ['STAGE_BINDING_VIEW', places],
    ['STAGE_VIEW', closure.stages],
    ['PROMPT_FIELD_VIEW', closure.promptFields],
    ['POLICY_BINDING_VIEW', guards],
    ['POLICY_VIEW', closure.policies],
    ['GROUP_VIEW', closure.groupIds],
    ['USER_VIEW', closure.userIds],
  ];
  const missing = within.flatMap(([permission, objects]) =>
    objects.length > 0 && !may(rights, permission) ? [permission] : [],
  );
  if (missing.length === 0) return;
  throw new Refusal('FORBIDDEN', `This needs permissions that you do not have: ${missing.join(', ')}.`);
}

function expectKnownKinds({ stages }: Closure, kinds: readonly StageKindDefinition[]): void {
  const known = new Set(kinds.map(({ name }) => name));
  const stage = stages.find(({ kind }) => !known.has(kind));
  if (!stage) return;
  const why = `this installation has no stages of the kind ${stage.kind}`;
  throw new Refusal('CONFLICT', `The stage ${stage.name} cannot be written down: ${why}.`);
}

function among(names: ReadonlyMap<string, string>): (id: string) => string {
  return (id) => {
    const name = names.get(id);
    // Deleted since the definitions were read.
    if (name === undefined) throw new Refusal('CONFLICT', 'Something has been deleted meanwhile. Try again.');
    return name;
  };
}
