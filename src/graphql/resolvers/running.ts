import { Arg, Ctx, Field, ID, InputType, Mutation, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import { Secret } from '../../kernel/secret.js';
import type { FlowDesignation as Designation } from '../../flow/definition.js';
import type { FlowRun } from '../../flow/runner.js';
import type { ClientKind as Client } from '../../flow/stage-kind.js';
import { Public } from '../access-rules.js';
import type { RequestContext } from '../context.js';
import { callerOf } from '../execution-caller.js';
import { executionView } from '../execution-view.js';
import type { HandedOut } from '../execution-view.js';
import { ClientKind, FlowDesignation } from '../enums.js';
import type { FlowExecutionView, FlowStepTypes } from '../types/execution.js';
import { FlowInfo } from '../types/flow-info.js';
import { FlowSelector, selectorOf } from '../types/flow-selector.js';
import type { ResponseTypes } from '../types/stage-response.js';
import { Viewer, viewerView } from '../types/viewer.js';

/** What clients run flows with. */
export function runningApi(
  { FlowExecution }: FlowStepTypes,
  { StageResponse, responseOf, responsesOf }: ResponseTypes,
): ClassType {
  @InputType({ description: 'Which flow to run, and how.' })
  class StartFlowInput {
    @Field(() => FlowSelector, { description: 'Which flow to run.' })
    flow!: FlowSelector;

    @Field(() => ClientKind, {
      defaultValue: 'BROWSER',
      description:
        'BROWSER keeps every secret in HttpOnly cookies; NATIVE returns them once, in the response, and sets no cookie.',
    })
    client!: Client;

    @Field(() => String, {
      nullable: true,
      description:
        'Where the person was going. A path on this origin, or an absolute URL whose origin is allowed.',
    })
    next?: string | null;

    @Field(() => String, {
      nullable: true,
      description: 'A secret from a mail or an administrator that opens a flow.',
    })
    flowToken?: string | null;

    @Field(() => String, {
      nullable: true,
      description:
        'A secret that an invitation stage looks for. One that is good for nothing is as good as none.',
    })
    invitationToken?: string | null;

    @Field(() => String, {
      nullable: true,
      description: 'What the person is likely to type into the identification stage.',
    })
    loginHint?: string | null;

    @Field(() => [StageResponse], {
      nullable: true,
      description:
        'Answers to the first challenges, in order, so that a known login takes one round trip. The first one that does not fit its challenge is left unused, and so are those after it.',
    })
    responses?: object[] | null;
  }

  @InputType({ description: 'An answer to a challenge.' })
  class SubmitStageInput {
    @Field(() => ID, { description: 'The execution to continue.' })
    executionId!: string;

    @Field(() => String, { nullable: true, description: 'Native clients only.' })
    token?: string | null;

    @Field(() => ID, {
      description:
        'The challenge that is answered. An answer to a challenge that is no longer current changes nothing.',
    })
    challengeId!: string;

    @Field(() => StageResponse, { description: 'The answer.' })
    response!: object;
  }

  @InputType({ description: 'Which execution to abandon.' })
  class CancelFlowInput {
    @Field(() => ID, { description: 'The execution.' })
    executionId!: string;

    @Field(() => String, { nullable: true, description: 'Native clients only.' })
    token?: string | null;
  }

  @Resolver()
  class RunningResolver {
    @Public()
    @Query(() => FlowExecution, {
      nullable: true,
      description:
        "The execution that this client may continue: by its token (native), else by the browser's cookie.",
    })
    async flowExecution(
      @Arg('id', () => ID, { description: 'The execution.' }) id: string,
      @Arg('token', () => String, { nullable: true, description: 'Native clients only.' })
      token: string | null,
      @Ctx() context: RequestContext,
    ): Promise<FlowExecutionView | null> {
      const caller = callerOf(context, id, token);
      if (!caller) return null;
      const run = await context.runner.find(await context.visit(caller.client), id, caller.owner);
      return run ? this.#view(run, context) : null;
    }

    @Public()
    @Query(() => FlowInfo, {
      nullable: true,
      description:
        'The first flow with this designation (by slug) that the caller may use; what a start page links to.',
    })
    async defaultFlow(
      @Arg('designation', () => FlowDesignation, { description: 'What the flow is for.' })
      designation: Designation,
      @Ctx() context: RequestContext,
    ): Promise<FlowInfo | null> {
      return (await context.runner.defaultFlow(await context.visit('BROWSER'), designation)) ?? null;
    }

    @Public()
    @Query(() => Viewer, { nullable: true, description: 'The signed-in user, or null.' })
    async viewer(@Ctx() context: RequestContext): Promise<Omit<Viewer, 'permissions' | 'consents'> | null> {
      const viewer = await context.viewer();
      return viewer && viewerView(viewer);
    }

    @Public()
    @Mutation(() => FlowExecution, { description: 'Plan a flow and return its first step.' })
    async startFlow(
      @Arg('input', () => StartFlowInput, { description: 'Which flow, and how.' }) input: StartFlowInput,
      @Ctx() context: RequestContext,
    ): Promise<FlowExecutionView> {
      const responses = responsesOf(input.responses);
      const { client } = input;
      const owner = context.newSecret();
      const run = await context.runner.start(
        await context.visit(client),
        {
          flow: selectorOf(input.flow),
          next: input.next ?? null,
          flowToken: secretOf(input.flowToken) ?? null,
          invitationToken: secretOf(input.invitationToken) ?? null,
          loginHint: input.loginHint ?? null,
          responses,
        },
        owner,
      );
      const { id, expiresAt } = run.execution;
      if (client === 'BROWSER') context.cookies.keepExecutionSecret(id, owner, expiresAt);
      return this.#deliver(run, client, context, client === 'NATIVE' ? owner : null);
    }

    @Public()
    @Mutation(() => FlowExecution, {
      description:
        'Answer the current challenge and return the next step. Safe to repeat: the same answer to the same challenge has one effect.',
    })
    async submitStage(
      @Arg('input', () => SubmitStageInput, { description: 'The answer.' }) input: SubmitStageInput,
      @Ctx() context: RequestContext,
    ): Promise<FlowExecutionView> {
      const { executionId, challengeId } = input;
      const caller = callerOf(context, executionId, input.token);
      if (!caller) throw Refusal.notFound('execution');
      const response = responseOf(input.response);
      const run = await context.runner.submit(
        await context.visit(caller.client),
        { executionId, challengeId, response },
        caller.owner,
      );
      return this.#deliver(run, caller.client, context, null);
    }

    @Public()
    @Mutation(() => FlowExecution, {
      description: 'Abandon an execution. Nothing that it collected is kept.',
    })
    async cancelFlow(
      @Arg('input', () => CancelFlowInput, { description: 'Which execution.' }) input: CancelFlowInput,
      @Ctx() context: RequestContext,
    ): Promise<FlowExecutionView> {
      const { executionId } = input;
      const caller = callerOf(context, executionId, input.token);
      if (!caller) throw Refusal.notFound('execution');
      const visit = await context.visit(caller.client);
      return this.#view(await context.runner.cancel(visit, executionId, caller.owner), context);
    }

    /** Hands out what the run has issued: to a browser in cookies, to a native client in the response. */
    async #deliver(
      run: FlowRun,
      client: Client,
      context: RequestContext,
      token: Secret | null,
    ): Promise<FlowExecutionView> {
      if (client === 'BROWSER') {
        if (run.issued) context.cookies.keepSession(run.issued);
        else if (run.signedOut) context.cookies.dropSession();
        if (run.remembered) context.cookies.keepBrowser(run.remembered);
        return this.#view(run, context);
      }
      return this.#view(run, context, { token, sessionToken: run.issued?.token ?? null });
    }

    async #view(run: FlowRun, context: RequestContext, handedOut?: HandedOut): Promise<FlowExecutionView> {
      return executionView(run, await context.visit(run.execution.client), handedOut);
    }
  }

  return RunningResolver;
}

function secretOf(text: string | null | undefined): Secret | undefined {
  return text == null ? undefined : new Secret(text);
}
