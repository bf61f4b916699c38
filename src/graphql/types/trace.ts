import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, ObjectType, createUnionType, registerEnumType } from 'type-graphql';

import type { JsonObject } from '../../kernel/json.js';
import { effectKinds } from '../../flow/effect-kinds.js';
import type { KeptEntry } from '../../flow/inspection.js';
import type {
  EffectTrace,
  FlowTrace,
  PolicyTrace,
  StageTrace,
  TraceEntry as Entry,
} from '../../flow/trace.js';
import { AsReached } from '../access-rules.js';
import { FlowEventKind, PolicyMoment, StageEventKind } from '../enums.js';
import { enumName } from '../kind-names.js';
import { tagOf, tagged } from '../tag.js';

/** `OPEN_SESSION` */
function effectName(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

const EffectKind = Object.fromEntries(Object.keys(effectKinds).map((kind) => [effectName(kind), kind]));
registerEnumType<Record<string, string>>(EffectKind, {
  name: 'EffectKind',
  description: 'Everything that stages can have done.',
  valuesConfig: Object.fromEntries(
    Object.entries(effectKinds).map(([kind, description]) => [effectName(kind), { description }]),
  ),
});

// What is called the same in several of them has the same type in each, or nobody could ask for all of it at once.
const FLOW = { nullable: true, description: 'The slug of the flow; null where it had been deleted.' };

/** What every policy says of how it came to its result. */
@ObjectType()
class ExplainedPolicy {
  @Field(() => [String], { description: 'What it had to say to the person.' })
  messages!: readonly string[];

  @Field(() => GraphQLJSONObject, {
    description: 'What it has looked at to decide, by name. Long values are cut, and none is a secret.',
  })
  read!: JsonObject;

  @Field(() => [String], {
    description: 'Where in its configuration it was decided, as paths; empty where there is one place only.',
  })
  decidedBy!: readonly string[];
}

@AsReached()
@ObjectType({ description: 'A policy was asked by another one.' })
export class PolicyCall extends ExplainedPolicy {
  @Field(() => String, { description: "The policy's name." })
  policy!: string;

  @Field(() => Boolean, { description: 'What it came to.' })
  passing!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it came to no result. For administrators only.' })
  error!: string | null;
}

@AsReached()
@ObjectType({ description: 'A binding of a policy, a group or a person was evaluated.' })
class PolicyEvaluation extends ExplainedPolicy {
  @Field(() => PolicyMoment, { description: 'What it was asked.' })
  moment!: PolicyTrace['moment'];

  @Field(() => String, FLOW)
  flow!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the stage that the binding guards; null where it guards the flow.',
  })
  stageName!: string | null;

  @Field(() => ID, { description: 'Names the binding.' })
  bindingId!: string;

  @Field(() => String, { description: "The policy's name, or which person or group was asked for." })
  policy!: string;

  @Field(() => Boolean, {
    description: 'The result, as the binding counts it: turned round where it negates.',
  })
  passing!: boolean;

  @Field(() => [PolicyCall], { description: 'The policies that it has asked, in order.' })
  calls!: readonly PolicyCall[];

  @Field(() => String, {
    nullable: true,
    description:
      "Why it came to no result; then passing is the binding's failure result. For administrators only.",
  })
  error!: string | null;

  @Field(() => Float, { description: 'How long it took.' })
  milliseconds!: number;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'All that it could read; only in simulations.',
  })
  input!: JsonObject | null;
}

@AsReached()
@ObjectType({ description: 'Something became of a stage.' })
class StageEvent {
  @Field(() => StageEventKind, { description: 'What became of it.' })
  stageEvent!: StageTrace['event'];

  @Field(() => String, FLOW)
  flow!: string;

  @Field(() => String, { nullable: true, description: 'The name of the stage.' })
  stageName!: string;

  @Field(() => String, { description: 'The kind of the stage, as StageKind names it.' })
  stageKind!: string;

  @Field(() => ID, { description: "Names the stage's place in the flow." })
  bindingId!: string;

  @Field(() => [String], { description: 'Of what was wrong with the answer, or of the denial.' })
  codes!: readonly string[];
}

@AsReached()
@ObjectType({ description: 'Something became of a flow.' })
class FlowEvent {
  @Field(() => FlowEventKind, { description: 'What became of it.' })
  flowEvent!: FlowTrace['event'];

  @Field(() => String, FLOW)
  flow!: string | null;

  @Field(() => String, { nullable: true, description: 'Of the denial.' })
  code!: string | null;

  @Field(() => String, { nullable: true, description: 'What a denial said to the person.' })
  message!: string | null;
}

@AsReached()
@ObjectType({ description: 'Something was to happen together with the new state.' })
class RecordedEffect {
  @Field(() => EffectKind, { description: 'What sort of thing.' })
  effect!: EffectTrace['effect'];

  @Field(() => GraphQLJSONObject, { description: 'Who and what, less every secret.' })
  details!: JsonObject;
}

export const TraceEntry = createUnionType({
  name: 'TraceEntry',
  description: 'One thing that happened while a request took an execution on.',
  types: () => [PolicyEvaluation, StageEvent, FlowEvent, RecordedEffect] as const,
  resolveType: tagOf,
});

/** An entry of a trace as GraphQL's types want it; it says itself of what type it is. */
export function traceEntryView(entry: Entry | KeptEntry): object {
  switch (entry.type) {
    case 'policy': {
      const { stage: stageName, ...evaluation } = entry;
      return tagged({ input: null, ...evaluation, stageName }, 'PolicyEvaluation');
    }
    case 'stage': {
      const { event: stageEvent, stage: stageName, kind, ...where } = entry;
      return tagged({ ...where, stageEvent, stageName, stageKind: enumName(kind) }, 'StageEvent');
    }
    case 'flow': {
      const { event: flowEvent, ...how } = entry;
      return tagged({ ...how, flowEvent }, 'FlowEvent');
    }
    case 'effect':
      return tagged(entry, 'RecordedEffect');
  }
}
