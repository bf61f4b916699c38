import type { Catalogue } from '../flow/catalogue.js';
import type {
  FlowDefinition,
  PolicyBindingDefinition,
  PolicyDefinition,
  StageDefinition,
} from '../flow/definition.js';
import type { PromptFieldDefinition } from '../flow/prompt-field.js';
import { allReferencesIn } from '../stages/configuration.js';
import type { StageKindDefinition } from '../stages/define.js';
import type { ReferenceTarget } from '../stages/reference.js';

/** What becomes of a flow that a stage of another one leads to. */
export const linkedFlows = {
  REFERENCES: 'It is only named: it has to be where the document is applied.',
  INCLUDED: 'It stands in the document as well, with all that it needs.',
} as const;

export type LinkedFlows = keyof typeof linkedFlows;

/** Definitions by id, as a catalogue has them. */
export type Definitions = Pick<Catalogue, 'flow' | 'stage' | 'policy' | 'promptField' | 'policiesCalledBy'>;

/** Some flows, and everything without which they would not be what they are. */
export interface Closure {
  readonly flows: readonly FlowDefinition[];
  readonly stages: readonly StageDefinition[];
  readonly policies: readonly PolicyDefinition[];
  readonly promptFields: readonly PromptFieldDefinition[];
  readonly groupIds: readonly string[];
  readonly userIds: readonly string[];
}

interface Needed {
  readonly to: ReferenceTarget | 'user';
  readonly id: string;
}

/** What flows need: their stages and those that these show, the fields of forms, policies and those that these call. */
export function closureOf(
  flows: readonly FlowDefinition[],
  catalogue: Definitions,
  stageKinds: readonly StageKindDefinition[],
  linked: LinkedFlows,
): Closure {
  const kinds = new Map(stageKinds.map((kind) => [kind.name, kind]));
  const found = new Map<string, Needed>(flows.map(({ id }) => [id, { to: 'flow', id }]));
  // Whatever is added while the map is walked has its turn as well, and each thing only once.
  for (const { to, id } of found.values()) {
    for (const needed of neededBy(to, id)) {
      if (needed.to === 'flow' && linked === 'REFERENCES') continue;
      if (!found.has(needed.id)) found.set(needed.id, needed);
    }
  }
  const idsOf = (wanted: Needed['to']): string[] =>
    [...found.values()].flatMap(({ to, id }) => (to === wanted ? [id] : []));
  return {
    flows: idsOf('flow').flatMap((id) => catalogue.flow(id) ?? []),
    stages: idsOf('stage').flatMap((id) => catalogue.stage(id) ?? []),
    policies: idsOf('policy').flatMap((id) => catalogue.policy(id) ?? []),
    promptFields: idsOf('promptField').flatMap((id) => catalogue.promptField(id) ?? []),
    groupIds: idsOf('group'),
    userIds: idsOf('user'),
  };

  function neededBy(to: Needed['to'], id: string): readonly Needed[] {
    switch (to) {
      case 'flow':
        return neededByFlow(catalogue.flow(id));
      case 'stage':
        return neededByStage(catalogue.stage(id), kinds);
      case 'policy':
        return neededByPolicy(catalogue.policy(id), catalogue);
      case 'promptField':
      case 'group':
      case 'user':
        return [];
    }
  }
}

function neededByFlow(flow: FlowDefinition | undefined): Needed[] {
  if (!flow) return [];
  const places = flow.stageBindings.flatMap(({ stage, policyBindings }): Needed[] => [
    { to: 'stage', id: stage.id },
    ...policyBindings.map(neededByGuard),
  ]);
  return [...flow.policyBindings.map(neededByGuard), ...places];
}

function neededByGuard({ subject }: PolicyBindingDefinition): Needed {
  switch (subject.type) {
    case 'policy':
      return { to: 'policy', id: subject.policy.id };
    case 'group':
      return { to: 'group', id: subject.groupId };
    case 'user':
      return { to: 'user', id: subject.userId };
  }
}

function neededByStage(
  stage: StageDefinition | undefined,
  kinds: ReadonlyMap<string, StageKindDefinition>,
): readonly Needed[] {
  const kind = kinds.get(stage?.kind ?? '');
  return stage && kind ? allReferencesIn(kind, stage.config) : [];
}

function neededByPolicy(policy: PolicyDefinition | undefined, catalogue: Definitions): Needed[] {
  return policy ? catalogue.policiesCalledBy(policy).map(({ id }) => ({ to: 'policy', id })) : [];
}
