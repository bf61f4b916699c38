import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';

import type { JsonObject } from '../../kernel/json.js';
import type {
  ExecutionState as State,
  StageOutcome as Outcome,
  StepKind as Kind,
} from '../../flow/inspection.js';
import type { ClientKind as Client } from '../../flow/stage-kind.js';
import { AsReached, Needs } from '../access-rules.js';
import { ClientKind, ExecutionState, StageOutcome, StepKind } from '../enums.js';
import { momentOrder } from '../moment-order.js';
import type { ManagementTypes } from './management.js';
import { User } from './people.js';
import { TraceEntry } from './trace.js';

export const ExecutionOrder = momentOrder('ExecutionOrder');

@InputType({ description: 'Which executions to list; all conditions hold.' })
export class ExecutionFilter {
  @Field(() => ExecutionState, { nullable: true, description: 'Where it stands.' })
  state?: State | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The flow that runs now, or ran last; who asks must be able to see flows.',
  })
  flowId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Whom it is about, or who was signed in when it began; the account may be gone. Who asks must be able to see accounts.',
  })
  userId?: string | null;

  @Field(() => ID, { nullable: true, description: 'What a person was told to quote.' })
  supportId?: string | null;
}

@AsReached()
@ObjectType({ description: 'What the client was told to do next, less what the challenge shows.' })
class InspectedStep {
  @Field(() => StepKind, { description: 'What sort of thing.' })
  kind!: Kind;

  @Field(() => String, { nullable: true, description: 'The name of the stage that asks.' })
  stageName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The kind of the stage that asks, as StageKind names it.',
  })
  stageKind!: string | null;

  @Field(() => [String], { description: 'Of what was wrong with the last answer, or of the denial.' })
  codes!: readonly string[];

  @Field(() => String, { nullable: true, description: 'What the codes mean, as the person was told.' })
  message!: string | null;
}

@AsReached()
@ObjectType({ description: 'A stage of a plan.' })
class InspectedStage {
  @Field(() => ID, { description: "Names the stage's place in the flow." })
  bindingId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the stage; null where it has been deleted, or is bound there no longer.',
  })
  stageName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The kind of the stage, as StageKind names it; null where the name is.',
  })
  stageKind!: string | null;

  @Field(() => StageOutcome, { description: 'How far it has come.' })
  outcome!: Outcome;
}

@AsReached()
@ObjectType({ description: 'What one request did to an execution.' })
class RecordedRequest {
  @Field(() => GraphQLDateTime, { description: 'When it came.' })
  at!: Date;

  @Field(() => String, { description: 'The address that it came from.' })
  address!: string;

  @Field(() => [TraceEntry], { description: 'What happened, in order.' })
  entries!: object[];
}

/** What administrators see of executions. */
export function inspectionTypes({ Flow }: ManagementTypes) {
  @AsReached()
  @ObjectType({ description: 'A flow that waits for another one to end, and goes on then.' })
  class WaitingFlow {
    @Field(() => Flow, { nullable: true, description: 'The flow; null where it has been deleted.' })
    flow!: object | null;

    @Field(() => Int, {
      nullable: true,
      description: 'The version of the flow that it was planned by; null where that was not kept yet.',
    })
    flowVersion!: number | null;

    @Field(() => String, {
      nullable: true,
      description: 'The name of the stage that it waits at; null where that has been deleted.',
    })
    stageName!: string | null;
  }

  @Needs('EXECUTION_INSPECT')
  @ObjectType({
    description: 'One run of a flow, as administrators see it: what explains it, and no secret.',
  })
  class InspectedExecution {
    @Field(() => ID, { description: 'Names the execution.' })
    id!: string;

    @Field(() => ID, { description: 'What its person was told to quote.' })
    supportId!: string;

    @Field(() => ClientKind, { description: 'The client that runs it.' })
    client!: Client;

    @Field(() => ExecutionState, { description: 'Where it stands.' })
    state!: State;

    @Field(() => Flow, {
      nullable: true,
      description: 'The flow that runs now, or ran last; null where it has been deleted.',
    })
    flow!: object | null;

    @Field(() => Int, {
      nullable: true,
      description:
        'The version of the flow that it runs: the one that it was planned by, until it is planned anew. Null where that was not kept yet, or a link in a mail leads to one stage alone.',
    })
    flowVersion!: number | null;

    @Field(() => User, {
      nullable: true,
      description:
        'Whom it is about, else who was signed in when it began; null where that is nobody, or nobody any more.',
    })
    user!: object | null;

    @Field(() => GraphQLDateTime, { description: 'When it was started.' })
    createdAt!: Date;

    @Field(() => GraphQLDateTime, { description: 'When it can no longer be continued.' })
    expiresAt!: Date;

    @Field(() => Int, { description: 'How many requests it is made of.' })
    requests!: number;

    @Field(() => InspectedStep, { description: 'What the client was told to do next.' })
    step!: InspectedStep;

    @Field(() => [InspectedStage], { description: 'The plan of the flow that runs now, in order.' })
    stages!: InspectedStage[];

    @Field(() => [WaitingFlow], {
      description: 'The flows that wait for the one that runs now, the outermost first.',
    })
    outerFlows!: WaitingFlow[];

    @Field(() => String, {
      nullable: true,
      description: 'The slug of the flow that led to the one that runs now.',
    })
    redirectedFrom!: string | null;

    @Field(() => GraphQLJSONObject, {
      description: 'What stages have noted and policies can read; never a secret.',
    })
    context!: JsonObject;

    @Field(() => [RecordedRequest], {
      description:
        'What happened, request by request; where there were more than a hundred, the last hundred.',
    })
    history!: RecordedRequest[];
  }

  return { InspectedExecution };
}
