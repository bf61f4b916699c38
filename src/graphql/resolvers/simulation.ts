import { Arg, Ctx, Field, InputType, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Secret } from '../../kernel/secret.js';
import type { AnswerFate } from '../../flow/engine.js';
import { simulateFlow } from '../../flow/simulation.js';
import type { ClientKind as Client } from '../../flow/stage-kind.js';
import { AsReached, Needs } from '../access-rules.js';
import { Circumstances, clientOf, knownBeforehand } from '../circumstances.js';
import type { RequestContext } from '../context.js';
import { ClientKind, SimulatedFate } from '../enums.js';
import { stepView } from '../step-view.js';
import type { FlowStepTypes } from '../types/execution.js';
import { FlowSelector, selectorOf } from '../types/flow-selector.js';
import type { ResponseTypes } from '../types/stage-response.js';
import { TraceEntry, traceEntryView } from '../types/trace.js';
import { selectedUser, UserSelector } from '../types/user-selector.js';

/** Trying flows out, for administrators. */
export function simulationApi(
  { FlowStep }: FlowStepTypes,
  { StageResponse, responsesOf }: ResponseTypes,
): ClassType {
  @InputType({ description: 'Which flow to try out, as whom, and with what answers.' })
  class SimulateFlowInput extends Circumstances {
    @Field(() => FlowSelector, { description: 'Which flow.' })
    flow!: FlowSelector;

    @Field(() => UserSelector, { nullable: true, description: 'Who is signed in; null for nobody.' })
    user?: UserSelector | null;

    @Field(() => ClientKind, { defaultValue: 'BROWSER', description: 'What the client is.' })
    client!: Client;

    @Field(() => String, { nullable: true, description: 'Where the person was going.' })
    next?: string | null;

    @Field(() => String, { nullable: true, description: 'What the person is likely to type.' })
    loginHint?: string | null;

    @Field(() => String, {
      nullable: true,
      description: 'What the person was invited by. It is looked for, and not used up.',
    })
    invitationToken?: string | null;

    @Field(() => [StageResponse], {
      nullable: true,
      description:
        'The answers, each to the challenge before it. The first one that does not fit its challenge ends the simulation.',
    })
    responses?: object[] | null;

    @Field(() => Boolean, {
      defaultValue: true,
      description:
        'What passwords, and codes from mails, are taken to be: none is compared with a stored one.',
    })
    passwordsAreRight!: boolean;
  }

  @AsReached()
  @ObjectType({ description: 'How far a simulated flow has come with one request.' })
  class SimulatedStep {
    @Field(() => FlowStep, { description: 'What the client would be told to do next.' })
    step!: object;

    @Field(() => SimulatedFate, {
      nullable: true,
      description: 'How the answer fared that led here; null for the start.',
    })
    fate!: AnswerFate | null;

    @Field(() => [TraceEntry], {
      description: 'What happened on the way, with what each policy read, and what would have been done.',
    })
    entries!: object[];
  }

  @AsReached()
  @ObjectType({ description: 'What would happen.' })
  class SimulationResult {
    @Field(() => [SimulatedStep], { description: 'The start, and one for each answer.' })
    steps!: SimulatedStep[];

    @Field(() => Int, { description: 'How many of the responses were used.' })
    responsesUsed!: number;
  }

  @Resolver()
  class SimulationResolver {
    @Needs('FLOW_SIMULATE', 'USER_VIEW')
    @Query(() => SimulationResult, {
      description:
        'Run a flow without anything coming of it: the same engine, with what it would do noted instead of done. No row, no counter and no mail changes.',
    })
    async simulateFlow(
      @Arg('input', () => SimulateFlowInput, { description: 'Which flow, as whom, with what answers.' })
      input: SimulateFlowInput,
      @Ctx() context: RequestContext,
    ): Promise<SimulationResult> {
      const user = input.user ? await selectedUser(input.user, context) : null;
      const visit = await context.visit(input.client);
      const client = clientOf(input, visit.client, context.locations);
      const asked = { ...visit, client, viewer: null };
      const flow = await context.runner.select(asked, selectorOf(input.flow));
      const { steps, responsesUsed } = await simulateFlow(context.engine, asked, {
        flow,
        user,
        next: context.runner.acceptableNext(input.next ?? null),
        loginHint: input.loginHint ?? null,
        invitationToken: input.invitationToken == null ? null : new Secret(input.invitationToken),
        context: knownBeforehand(input),
        responses: responsesOf(input.responses),
        passwordsAreRight: input.passwordsAreRight,
      });
      return {
        responsesUsed,
        steps: steps.map(({ step, fate, trace }) => ({
          step: stepView(step, null),
          fate,
          entries: trace.map(traceEntryView),
        })),
      };
    }
  }

  return SimulationResolver;
}
