import { Arg, Ctx, Field, ID, InputType, Mutation, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { Refusal } from '../../kernel/refusal.js';
import { Secret } from '../../kernel/secret.js';
import type { FlowDesignation as Designation, FlowInfo as FlowFacts } from '../../flow/definition.js';
import type { FlowResponse } from '../../flow/engine.js';
import type { FlowRun } from '../../flow/runner.js';
import { displayName, titleFor } from '../../flow/title.js';
import type { ClientKind as Client } from '../../flow/stage-kind.js';
import type { StageKindDefinition } from '../../stages/define.js';
import type { RequestContext } from '../context.js';
import { inputType, oneOfInput } from '../derive.js';
import { plain } from '../input.js';
import { ClientKind, FlowDesignation } from '../enums.js';
import { fieldName, typeName } from '../kind-names.js';
import { stepView } from '../step-view.js';
import { flowStepTypes } from '../types/execution.js';
import type { FlowExecutionView } from '../types/execution.js';
import { FlowInfo } from '../types/flow-info.js';
import { FlowSelector } from '../types/flow-selector.js';
import { Viewer, viewerView } from '../types/viewer.js';

const MOST_RESPONSES = 20;

/** What clients run flows with, for these stage kinds. */
export function runningApi(kinds: readonly StageKindDefinition[]): {
  readonly resolver: ClassType;
  readonly orphanedTypes: readonly ClassType[];
} {
  const { challenges, FlowExecution } = flowStepTypes(kinds);
  const StageResponse = oneOfInput(
    'StageResponse',
    "The answer to a challenge: exactly one field, the one that belongs to the challenge's kind.",
    kinds.flatMap((kind) =>
      kind.interaction
        ? [
            {
              key: fieldName(kind.name),
              description: `Answers a challenge of the kind ${kind.name}.`,
              type: inputType(
                typeName(kind.name, 'Response'),
                `What to answer to ${kind.name}.`,
                kind.interaction.response,
              ),
            },
          ]
        : [],
    ),
  );
  const kindsByField = new Map(kinds.map((kind) => [fieldName(kind.name), kind.name]));

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
      const owner = ownerOf(context, id, token);
      if (!owner) return null;
      const visit = await context.visit(token == null ? 'BROWSER' : 'NATIVE');
      const run = await context.runner.find(visit, id, owner);
      return run ? this.#view(run, context) : null;
    }

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

    @Query(() => Viewer, { nullable: true, description: 'The signed-in user, or null.' })
    async viewer(@Ctx() context: RequestContext): Promise<Viewer | null> {
      const viewer = await context.viewer();
      return viewer && viewerView(viewer);
    }

    @Mutation(() => FlowExecution, { description: 'Plan a flow and return its first step.' })
    async startFlow(
      @Arg('input', () => StartFlowInput, { description: 'Which flow, and how.' }) input: StartFlowInput,
      @Ctx() context: RequestContext,
    ): Promise<FlowExecutionView> {
      const responses = (input.responses ?? []).map(responseOf);
      if (responses.length > MOST_RESPONSES) {
        const message = `At most ${MOST_RESPONSES} responses may be sent along.`;
        throw Refusal.badInput([{ path: 'input.responses', code: 'TOO_MANY', message }]);
      }
      const { client } = input;
      const owner = context.newSecret();
      const run = await context.runner.start(
        await context.visit(client),
        {
          flow: selectorOf(input.flow),
          next: input.next ?? null,
          flowToken: secretOf(input.flowToken) ?? null,
          loginHint: input.loginHint ?? null,
          responses,
        },
        owner,
      );
      const { id, expiresAt } = run.execution;
      if (client === 'BROWSER') context.cookies.keepExecutionSecret(id, owner, expiresAt);
      return this.#deliver(run, client, context, client === 'NATIVE' ? owner : null);
    }

    @Mutation(() => FlowExecution, {
      description:
        'Answer the current challenge and return the next step. Safe to repeat: the same answer to the same challenge has one effect.',
    })
    async submitStage(
      @Arg('input', () => SubmitStageInput, { description: 'The answer.' }) input: SubmitStageInput,
      @Ctx() context: RequestContext,
    ): Promise<FlowExecutionView> {
      const owner = ownerOf(context, input.executionId, input.token);
      if (!owner) throw Refusal.notFound('execution');
      const client = input.token == null ? 'BROWSER' : 'NATIVE';
      const { executionId, challengeId } = input;
      const response = responseOf(input.response);
      const run = await context.runner.submit(
        await context.visit(client),
        { executionId, challengeId, response },
        owner,
      );
      return this.#deliver(run, client, context, null);
    }

    @Mutation(() => FlowExecution, {
      description: 'Abandon an execution. Nothing that it collected is kept.',
    })
    async cancelFlow(
      @Arg('input', () => CancelFlowInput, { description: 'Which execution.' }) input: CancelFlowInput,
      @Ctx() context: RequestContext,
    ): Promise<FlowExecutionView> {
      const owner = ownerOf(context, input.executionId, input.token);
      if (!owner) throw Refusal.notFound('execution');
      const client = input.token == null ? 'BROWSER' : 'NATIVE';
      return this.#view(await context.runner.cancel(input.executionId, client, owner), context);
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
        return this.#view(run, context);
      }
      return this.#view(run, context, token?.reveal(), run.issued?.token.reveal());
    }

    async #view(
      { execution, step, responsesUsed }: FlowRun,
      context: RequestContext,
      token?: string,
      sessionToken?: string,
    ): Promise<FlowExecutionView> {
      const { id, expiresAt, client, context: known } = execution;
      const { catalogue, viewer } = await context.visit(client);
      const flow = catalogue.flow(execution.flowId) ?? removedFlow;
      return {
        id,
        token: token ?? null,
        flow: { ...flow, title: titleFor(flow.title, displayName(known, viewer)) },
        step: stepView(step, sessionToken ?? null),
        expiresAt,
        responsesUsed,
      };
    }
  }

  function responseOf(input: object): FlowResponse {
    const given = Object.entries(plain(input)).find(([, value]) => value !== null && value !== undefined);
    const kind = given && kindsByField.get(given[0]);
    const data = given && jsonObject.safeParse(given[1]);
    if (kind === undefined || data?.success !== true) {
      const message = 'Exactly one kind of response must be given.';
      throw Refusal.badInput([{ path: 'input.response', code: 'INVALID', message }]);
    }
    return { kind, data: data.data };
  }

  return { resolver: RunningResolver, orphanedTypes: challenges };
}

/** What is left to say of a flow that was deleted while somebody was in it. */
const removedFlow: FlowFacts = {
  slug: '',
  title: '',
  designation: 'STAGE_CONFIGURATION',
  layout: 'STACKED',
  backgroundUrl: null,
};

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

function selectorOf({ slug, designation }: FlowSelector) {
  if (slug != null) return { slug };
  if (designation != null) return { designation };
  throw Refusal.badInput([
    { path: 'input.flow', code: 'REQUIRED', message: 'Name a slug or a designation.' },
  ]);
}

function secretOf(text: string | null | undefined): Secret | undefined {
  return text == null ? undefined : new Secret(text);
}

function ownerOf(
  context: RequestContext,
  executionId: string,
  token: string | null | undefined,
): Secret | undefined {
  return secretOf(token) ?? context.cookies.executionSecret(executionId);
}
