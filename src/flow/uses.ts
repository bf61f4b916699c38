import type { Catalogue } from './catalogue.js';
import type { ObjectType } from './change.js';
import type {
  FlowDesignation,
  PolicyBindingDefinition,
  PolicyDefinition,
  PolicyTarget,
  StageBindingDefinition,
  StageDefinition,
} from './definition.js';

/** What something else can depend on, by its type and id. */
export interface Used {
  readonly type: 'FLOW' | 'STAGE' | 'PROMPT_FIELD' | 'POLICY' | 'GROUP' | 'USER';
  readonly id: string;
}

/** Something that uses another object: deleting that would break it. A default flow alone can be deleted all the same. */
export type Use =
  | { readonly type: 'STAGE_BINDING'; readonly binding: StageBindingDefinition }
  | { readonly type: 'STAGE'; readonly stage: StageDefinition }
  | { readonly type: 'POLICY_BINDING'; readonly binding: PolicyBindingDefinition }
  | { readonly type: 'POLICY'; readonly policy: PolicyDefinition }
  | { readonly type: 'SETTINGS'; readonly designation: FlowDesignation };

/** A use as it is told where deleting is refused. */
export interface NamedUse {
  readonly type: ObjectType;
  readonly id: string | null;
  readonly name: string;
}

/** Everything that uses an object, places in flows first. What there is no such object of, nothing uses. */
export function usesOf(catalogue: Catalogue, { type, id }: Used): readonly Use[] {
  switch (type) {
    case 'FLOW':
      return [...stagesNaming(catalogue, id), ...defaults(catalogue, id)];
    case 'STAGE':
      return [
        ...catalogue.bindingsOfStage(id).map((binding): Use => ({ type: 'STAGE_BINDING', binding })),
        ...stagesNaming(catalogue, id),
      ];
    case 'PROMPT_FIELD':
      return stagesNaming(catalogue, id);
    case 'POLICY':
      return [...bindingsAsking(catalogue, id), ...stagesNaming(catalogue, id), ...callers(catalogue, id)];
    case 'GROUP':
      return [...bindingsAsking(catalogue, id), ...stagesNaming(catalogue, id)];
    case 'USER':
      return bindingsAsking(catalogue, id);
  }
}

export function namedUse(catalogue: Catalogue, use: Use): NamedUse {
  switch (use.type) {
    case 'STAGE_BINDING':
      return { type: use.type, id: use.binding.id, name: nameOfStageBinding(catalogue, use.binding) };
    case 'STAGE':
      return { type: use.type, id: use.stage.id, name: use.stage.name };
    case 'POLICY_BINDING':
      return { type: use.type, id: use.binding.id, name: nameOfTarget(catalogue, use.binding.target) };
    case 'POLICY':
      return { type: use.type, id: use.policy.id, name: use.policy.name };
    case 'SETTINGS':
      return { type: use.type, id: null, name: `defaultFlows.${use.designation}` };
  }
}

function nameOfStageBinding(catalogue: Catalogue, { flowId, stage }: StageBindingDefinition): string {
  return `${catalogue.flow(flowId)?.slug ?? flowId} / ${stage.name}`;
}

function nameOfTarget(catalogue: Catalogue, target: PolicyTarget): string {
  if (target.type === 'flow') return catalogue.flow(target.flowId)?.slug ?? target.flowId;
  const binding = catalogue.stageBinding(target.stageBindingId);
  return binding ? nameOfStageBinding(catalogue, binding) : target.stageBindingId;
}

function stagesNaming(catalogue: Catalogue, id: string): Use[] {
  return catalogue.stagesThatReferTo(id).map((stage) => ({ type: 'STAGE', stage }));
}

function bindingsAsking(catalogue: Catalogue, id: string): Use[] {
  return catalogue.bindingsThatAsk(id).map((binding) => ({ type: 'POLICY_BINDING', binding }));
}

function callers(catalogue: Catalogue, id: string): Use[] {
  const policy = catalogue.policy(id);
  return policy
    ? catalogue.policiesThatCall(policy).map((caller) => ({ type: 'POLICY', policy: caller }))
    : [];
}

function defaults(catalogue: Catalogue, id: string): Use[] {
  const flow = catalogue.flow(id);
  return flow ? catalogue.defaultOf(flow).map((designation) => ({ type: 'SETTINGS', designation })) : [];
}
