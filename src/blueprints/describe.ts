import { z } from 'zod';

import { durationOf } from '../kernel/duration.js';
import type { JsonObject } from '../kernel/json.js';
import { pick } from '../kernel/pick.js';
import { flowFields, promptFieldFields, stageBindingFields } from '../flow/definition-rules.js';
import type {
  FlowDefinition,
  PolicyBindingDefinition,
  PolicyDefinition,
  PolicySubject,
  StageBindingDefinition,
  StageDefinition,
} from '../flow/definition.js';
import type { PromptFieldDefinition } from '../flow/prompt-field.js';
import { mapReferenceValues } from '../stages/configuration.js';
import type { StageKindDefinition } from '../stages/define.js';
import type { ReferenceTarget } from '../stages/reference.js';
import { secretFields } from '../stages/secret.js';
import { closureOf } from './closure.js';
import type { Definitions, LinkedFlows } from './closure.js';
import { FORMAT } from './document.js';
import { literalMembers } from './literal.js';
import { secretName } from './secret-name.js';

/** What those are called who have no place in a catalogue, by their ids. */
export interface KnownNames {
  group(id: string): string;
  user(id: string): string;
}

const LONGEST_NAME = 200;

/**
 * The document of these flows and of all that they need, without ids and secrets. It says everything that there is to
 * say of them, defaults too, and what is not in it is not part of them: wherever it is applied, they are the same
 * afterwards. It is the same document, member by member, for what is the same but for its ids.
 */
export function describeFlows(
  flows: readonly FlowDefinition[],
  catalogue: Definitions,
  names: KnownNames,
  stageKinds: readonly StageKindDefinition[],
  { linked }: { readonly linked: LinkedFlows },
): JsonObject {
  const closure = closureOf(flows, catalogue, stageKinds, linked);
  const describe = new Description(catalogue, names, stageKinds);
  const entries: readonly JsonObject[] = [
    ...closure.groupIds
      .map((id) => names.group(id))
      .toSorted(byText)
      .map((group) => ({ group })),
    ...closure.promptFields.toSorted(byName).map((field) => describe.promptField(field)),
    ...closure.policies.toSorted(byName).map((policy) => describe.policy(policy)),
    ...closure.stages.toSorted(byName).map((stage) => describe.stage(stage)),
    ...closure.flows.toSorted((a, b) => byText(a.slug, b.slug)).map((flow) => describe.flow(flow)),
  ];
  return { stagedoor: FORMAT, name: nameOf(flows), entries };
}

function nameOf(flows: readonly FlowDefinition[]): string {
  const [flow, ...others] = flows.toSorted((a, b) => byText(a.slug, b.slug));
  if (!flow) throw new Error('a document is about flows');
  if (others.length === 0) return flow.name;
  const name = [flow, ...others].map(({ slug }) => slug).join(', ');
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1)}…`;
}

/** One entry each. */
class Description {
  readonly #kinds: ReadonlyMap<string, StageKindDefinition>;

  constructor(
    private readonly catalogue: Definitions,
    private readonly names: KnownNames,
    kinds: readonly StageKindDefinition[],
  ) {
    this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]));
  }

  promptField({ name, ...field }: PromptFieldDefinition): JsonObject {
    const { name: _name, ...fields } = promptFieldFields.shape;
    const { choices, ...rest } = pick(field, keysOf(fields));
    return { promptField: name, ...rest, choices: choices.map(({ value, label }) => ({ value, label })) };
  }

  policy({ name, kind, executionLogging, config }: PolicyDefinition): JsonObject {
    return { policy: name, kind, executionLogging, config: literalMembers(config) };
  }

  stage({ name, kind: kindName, config }: StageDefinition): JsonObject {
    const kind = this.#kinds.get(kindName);
    // Of a kind that is not known here, nobody can tell which fields hold ids or secrets.
    if (!kind) return { stage: name, kind: kindName };
    const hidden = secretFields(kind.config).flatMap((field): [string, unknown][] =>
      config[field] == null ? [] : [[field, { secret: secretName(name, field) }]],
    );
    const named = mapReferenceValues(kind, complete(kind, config), (value, { to }) =>
      typeof value === 'string' ? { ref: this.#reference(to, value) } : value,
    );
    const readable = z.record(z.string(), z.json()).parse({ ...named, ...Object.fromEntries(hidden) });
    return { stage: name, kind: kindName, config: literalMembers(readable) };
  }

  flow({ stageBindings, policyBindings, ...flow }: FlowDefinition): JsonObject {
    const { slug: _slug, ...fields } = flowFields.shape;
    return {
      flow: flow.slug,
      ...pick(flow, keysOf(fields)),
      prune: true,
      policies: this.#guards(policyBindings),
      stages: stageBindings.toSorted(byPlace).map((place) => this.#place(place)),
    };
  }

  #place({ stage, policyBindings, ...place }: StageBindingDefinition): JsonObject {
    return {
      stage: stage.name,
      ...pick(place, keysOf(stageBindingFields.shape)),
      policies: this.#guards(policyBindings),
    };
  }

  #guards(bindings: readonly PolicyBindingDefinition[]): readonly JsonObject[] {
    return bindings
      .map((binding) => ({ order: binding.order, guard: this.#guard(binding) }))
      .toSorted((a, b) => a.order - b.order || byText(JSON.stringify(a.guard), JSON.stringify(b.guard)))
      .map(({ guard }) => guard);
  }

  #guard(binding: PolicyBindingDefinition): JsonObject {
    const { subject, order, enabled, negate, timeoutSeconds, failureResult, expiresAt } = binding;
    return {
      ...this.#subject(subject),
      ...{ order, enabled, negate, timeout: durationOf(timeoutSeconds), failureResult },
      expiresAt: expiresAt?.toISOString() ?? null,
    };
  }

  #subject(subject: PolicySubject): JsonObject {
    switch (subject.type) {
      case 'policy':
        return { policy: subject.policy.name };
      case 'group':
        return { group: this.names.group(subject.groupId) };
      case 'user':
        return { user: this.names.user(subject.userId) };
    }
  }

  #reference(to: ReferenceTarget, id: string): string {
    return `${to}:${this.#nameOf(to, id)}`;
  }

  #nameOf(to: ReferenceTarget, id: string): string {
    const name = this.#knownName(to, id);
    // The database holds configurations to what they refer to.
    if (name === undefined) throw new Error(`a configuration names a ${to} that is not there`);
    return name;
  }

  #knownName(to: ReferenceTarget, id: string): string | undefined {
    switch (to) {
      case 'flow':
        return this.catalogue.flow(id)?.slug;
      case 'group':
        return this.names.group(id);
      case 'stage':
      case 'policy':
      case 'promptField':
        return this.catalogue[to](id)?.name;
    }
  }
}

/** With defaults for what has been added to the kind since; what the kind does not know any more is left out. */
function complete(kind: StageKindDefinition, config: JsonObject): Readonly<Record<string, unknown>> {
  const parsed = kind.config.safeParse(config);
  return parsed.success
    ? parsed.data
    : pick(
        config,
        Object.keys(kind.config.shape).filter((key) => key in config),
      );
}

/** Places at the same number have no order of their own. */
function byPlace(a: StageBindingDefinition, b: StageBindingDefinition): number {
  return a.order - b.order || byText(a.stage.name, b.stage.name);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return byText(a.name, b.name);
}

/** By the numbers of characters: languages and machines sort otherwise, each in its own way. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function keysOf<T extends object>(shape: T): (keyof T)[];
function keysOf(shape: object): string[] {
  return Object.keys(shape);
}
