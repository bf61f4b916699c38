import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, InterfaceType, ObjectType, createUnionType } from 'type-graphql';

import type { MessageLevel as Level } from '../../flow/outcome.js';
import type { StageKindDefinition } from '../../stages/define.js';
import { AsReached, Needs, Public } from '../access-rules.js';
import { outputType } from '../derive.js';
import type { DerivedType } from '../derive.js';
import { MessageLevel } from '../enums.js';
import { typeName } from '../kind-names.js';
import { tagOf } from '../tag.js';
import { FlowInfo } from './flow-info.js';

@Public()
@ObjectType({ description: 'What was wrong with an answer.' })
class ResponseError {
  @Field(() => String, {
    nullable: true,
    description:
      "Path of the answer's field, such as password or values.email; null where the whole answer is refused.",
  })
  field!: string | null;

  @Field(() => String, { description: 'Stable and documented, such as REQUIRED or INVALID_CREDENTIALS.' })
  code!: string;

  @Field(() => String, { description: 'For people.' })
  message!: string;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it is worth trying again, where the answer was throttled.',
  })
  retryAt!: Date | null;
}

@Public()
@ObjectType({ description: 'Something to tell the person.' })
class FlowMessage {
  @Field(() => MessageLevel, { description: 'How urgent it is.' })
  level!: Level;

  @Field(() => String, { description: 'For people.' })
  text!: string;
}

@Public()
@ObjectType({ description: 'Whom a flow is about, as far as the client may see it.' })
class PendingUser {
  @Field(() => String, { description: 'What the person typed, or is called.' })
  displayName!: string;

  @Field(() => String, { nullable: true, description: 'A picture of the person.' })
  avatarUrl!: string | null;
}

@InterfaceType({
  description: 'Common to every challenge.',
  autoRegisterImplementations: false,
  resolveType: tagOf,
})
class Challenge {
  @Field(() => ID, { description: 'Changes with every presentation of a stage; submitStage must name it.' })
  id!: string;

  @Field(() => String, { description: 'The name of the stage, for tracing; never needed to render it.' })
  stageName!: string;

  @Field(() => [ResponseError], {
    description: 'What was wrong with the last answer to this stage; empty on its first presentation.',
  })
  errors!: ResponseError[];

  @Field(() => [FlowMessage], {
    description: 'What stages and policies have to say to the person; each is delivered once.',
  })
  messages!: FlowMessage[];

  @Field(() => PendingUser, {
    nullable: true,
    description: 'Whom the flow is about, as far as the client may see it.',
  })
  user!: PendingUser | null;
}

@AsReached()
@ObjectType({ description: 'A session: that somebody is signed in on some client.' })
export class Session {
  @Field(() => ID, { description: 'Names the session; it is not its secret.' })
  id!: string;

  @Field(() => GraphQLDateTime, { description: 'When the person signed in.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it ends by itself.' })
  expiresAt!: Date;

  @Field(() => [String], { description: 'How the person was verified, as RFC 8176 names it.' })
  amr!: readonly string[];

  @Field(() => Int, { description: 'How sure the session is of its person (NIST SP 800-63B-4), from 1.' })
  aal!: number;
}

@Public()
@ObjectType({ description: 'A session that a flow has opened.' })
class IssuedSession {
  @Field(() => Session, { description: 'The session.' })
  session!: Session;

  @Field(() => String, {
    nullable: true,
    description: "The session's secret; NATIVE clients only, and only here.",
  })
  token!: string | null;
}

@Public()
@ObjectType({ description: 'The flow reached its end.' })
class FlowCompleted {
  @Field(() => String, {
    nullable: true,
    description:
      "Where to go: the execution's next, or what a stage decided; null where there is nowhere in particular.",
  })
  redirectTo!: string | null;

  @Field(() => [FlowMessage], { description: 'What is left to tell the person.' })
  messages!: FlowMessage[];

  @Field(() => IssuedSession, {
    nullable: true,
    description: 'The session that a user-login stage opened in this execution; null where none did.',
  })
  session!: IssuedSession | null;
}

@Public()
@ObjectType({ description: 'The flow does not go on.' })
class FlowDenied {
  @Field(() => String, {
    description:
      'Stable and documented, such as POLICY_DENIED, NOT_APPLICABLE, EMPTY_FLOW, INVALID_TOKEN or EXPIRED.',
  })
  code!: string;

  @Field(() => String, { description: 'For people.' })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: "Where the flow's denied action says to go instead.",
  })
  redirectTo!: string | null;

  @Field(() => ID, {
    description: 'Quote this to an administrator, who finds the trace of the run under it.',
  })
  supportId!: string;
}

@Public()
@ObjectType({ description: 'The flow was abandoned.' })
class FlowCancelled {
  @Field(() => String, { nullable: true, description: 'Where the person was going.' })
  redirectTo!: string | null;
}

export interface FlowStepTypes {
  /** The challenge of each kind that asks something. */
  readonly challenges: readonly DerivedType[];
  readonly FlowStep: object;
  readonly FlowExecution: new () => FlowExecutionView;
}

/** What every client can receive while a flow runs: a challenge of one of these kinds, or one of the ends. */
export function flowStepTypes(kinds: readonly StageKindDefinition[]): FlowStepTypes {
  const challenges = kinds.flatMap((kind) =>
    kind.interaction
      ? [
          outputType(
            typeName(kind.name, 'Challenge'),
            kind.description,
            kind.interaction.challenge,
            Public(),
            Challenge,
          ),
        ]
      : [],
  );
  const FlowStep = createUnionType({
    name: 'FlowStep',
    description: 'What is to be done next: a challenge of exactly one stage kind, or one of the ends.',
    types: () => [...challenges, FlowCompleted, FlowDenied, FlowCancelled],
    resolveType: tagOf,
  });

  @Public()
  @ObjectType({ description: 'One run of one flow.' })
  class FlowExecution implements FlowExecutionView {
    @Field(() => ID, { description: 'Names the execution; continuing it needs its secret as well.' })
    id!: string;

    @Field(() => String, {
      nullable: true,
      description:
        'The secret that continues this execution. Only from startFlow, and only for NATIVE clients.',
    })
    token!: string | null;

    @Field(() => FlowInfo, { description: 'The flow that is run.' })
    flow!: FlowInfo;

    @Needs('EXECUTION_INSPECT')
    @Field(() => Int, {
      nullable: true,
      description:
        'For administrators: the version of the flow that was planned, as the inspector tells it. Not to be followed.',
    })
    flowVersion!: number | null;

    @Field(() => FlowStep, { description: 'What is to be done next.' })
    step!: object;

    @Field(() => GraphQLDateTime, { description: 'When it can no longer be continued.' })
    expiresAt!: Date;

    @Field(() => Int, { description: "How many of startFlow's responses were used." })
    responsesUsed!: number;
  }
  return { challenges, FlowStep, FlowExecution };
}

/** An execution as a client sees it. */
export interface FlowExecutionView {
  id: string;
  token: string | null;
  flow: FlowInfo;
  flowVersion: number | null;
  step: object;
  expiresAt: Date;
  responsesUsed: number;
}
