import { Args, ArgsType, Field, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { ClassType, SubscribeResolverData } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import type { Visit } from '../../flow/engine.js';
import type { Watch } from '../../flow/execution-changes.js';
import type { FlowRun } from '../../flow/runner.js';
import { Public } from '../access-rules.js';
import type { StreamContext } from '../context.js';
import { callerOf } from '../execution-caller.js';
import { executionView } from '../execution-view.js';
import type { FlowExecutionView, FlowStepTypes } from '../types/execution.js';

@ArgsType()
class FollowingArgs {
  @Field(() => ID, { description: 'The execution.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Native clients only.' })
  token?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The challenge that the client shows. Where another step is current already, that is told at once; so nothing is missed between fetching and following.',
  })
  challengeId?: string | null;
}

/** Where an execution stands, and at which visit that was seen. */
interface Standing {
  readonly run: FlowRun;
  readonly visit: Visit;
}

/** What clients follow executions with. */
export function followingApi({ FlowExecution }: FlowStepTypes): ClassType {
  @Resolver()
  class FollowingResolver {
    @Public()
    @Subscription(() => FlowExecution, {
      description:
        'Follows an execution whose next step depends on something elsewhere, such as a link opened on the phone. Tells each step that becomes current from now on, whoever brings it about, and ends after an end of the flow. Cookies cannot be set here, and no secret is told.',
      subscribe: ({ args, context }: SubscribeResolverData<unknown, FollowingArgs, StreamContext>) =>
        follow(args, context),
    })
    flowExecutionChanged(
      @Root() { run, visit }: Standing,
      @Args(() => FollowingArgs) _which: FollowingArgs,
    ): FlowExecutionView {
      return executionView(run, visit);
    }
  }
  return FollowingResolver;
}

/** The steps of an execution as they become current. Refuses where this client may not continue it. */
async function follow(
  { id, token, challengeId }: FollowingArgs,
  context: StreamContext,
): Promise<AsyncIterable<Standing>> {
  const caller = callerOf(context, id, token);
  if (!caller) throw Refusal.notFound('execution');
  // Whether it is still this client's is asked each time, of the store.
  const look = async (): Promise<Standing> => {
    const visit = await context.visit(caller.client);
    const run = await context.runner.find(visit, id, caller.owner);
    if (!run) throw Refusal.notFound('execution');
    return { run, visit };
  };
  // What changes while it is looked at for the first time is not to be missed.
  const watch = context.changes.watch(id);
  try {
    const first = await look();
    return untilLeft(newSteps(first, challengeId ?? challengeOf(first), watch, look), watch);
  } catch (error) {
    watch.stop();
    throw error;
  }
}

/** Every standing in which another challenge is current than before, or shows something else, and the one in which there is none any more. */
async function* newSteps(
  first: Standing,
  shown: string | undefined,
  watch: Watch,
  look: () => Promise<Standing>,
): AsyncGenerator<Standing, void, void> {
  try {
    let seen = shown;
    let standing: Standing | undefined = first;
    while (standing) {
      const challenge = challengeOf(standing);
      if (challenge === undefined || challenge !== seen) yield standing;
      if (challenge === undefined) return;
      seen = challenge;
      standing = await nextStanding(watch, look);
    }
  } finally {
    watch.stop();
  }
}

/** Where the execution stands once it may have changed; undefined where the watch was stopped. A store that is away is waited for. */
async function nextStanding(watch: Watch, look: () => Promise<Standing>): Promise<Standing | undefined> {
  while (await watch.changed()) {
    try {
      return await look();
    } catch (error) {
      if (!watch.missed(error)) throw error;
    }
  }
  return undefined;
}

/**
 * The id of the current challenge, and what it shows where that has changed since it was put; undefined where the
 * execution has ended.
 */
function challengeOf({ run: { step, refreshed = false } }: Standing): string | undefined {
  if (step.type !== 'challenge') return undefined;
  return refreshed ? `${step.id} ${JSON.stringify(step.data)}` : step.id;
}

/** A generator that waits does not notice that nobody listens any more: leaving it ends the waiting first. */
function untilLeft(standings: AsyncGenerator<Standing, void, void>, watch: Watch): AsyncIterable<Standing> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => standings.next(),
      return() {
        watch.stop();
        return standings.return();
      },
    }),
  };
}
