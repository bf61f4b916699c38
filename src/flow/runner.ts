import { secondsAfter } from '../kernel/clock.js';
import { Refusal } from '../kernel/refusal.js';
import type { Secret } from '../kernel/secret.js';
import { isStorableText } from '../kernel/text.js';
import type { FlowDefinition, FlowDesignation } from './definition.js';
import type { EngineParts, FlowResponse, Stepped, Visit } from './engine.js';
import type { Execution, FlowStep } from './execution.js';
import type { ClaimedExecution, Commit, ExecutionStore, FlowTokens, GivenResult } from './execution-store.js';
import { answerChallenge, cancelExecution, firstApplicable, startExecution } from './executor.js';
import { acceptableNext } from './next.js';
import { responseError } from './outcome.js';
import { refreshedStep } from './refresh.js';
import { asksForViewer } from './requirement.js';

/** How long somebody may look at one answer before others may take it that they died over it. */
const CLAIM_SECONDS = 30;
/** As long as anything that an identification stage takes. */
const LONGEST_LOGIN_HINT = 320;
/** Longer than the secret of any invitation: nobody was invited by that, and it is not kept. */
const LONGEST_INVITATION_TOKEN = 200;

export type FlowSelector = { readonly slug: string } | { readonly designation: FlowDesignation };

export interface StartInput {
  readonly flow: FlowSelector;
  readonly next: string | null;
  readonly flowToken: Secret | null;
  readonly invitationToken: Secret | null;
  readonly loginHint: string | null;
  readonly responses: readonly FlowResponse[];
}

export interface SubmitInput {
  readonly executionId: string;
  readonly challengeId: string;
  readonly response: FlowResponse;
}

/** What a request has come to, for the client. */
export interface FlowRun extends GivenResult {
  readonly execution: Pick<Execution, 'id' | 'flowId' | 'flowVersion' | 'expiresAt' | 'client' | 'context'>;
  readonly responsesUsed: number;
  /** Whether the challenge shows something else by now than when it was put. */
  readonly refreshed?: boolean;
}

export interface RunnerParts {
  readonly engine: EngineParts;
  readonly store: ExecutionStore;
  readonly flowTokens: Pick<FlowTokens, 'find'>;
  /** The hash under which an execution remembers its client's secret. */
  hashOf(secret: Secret): string;
  /** A keyed hash of an answer: equal for equal answers, and of no use for guessing what they said. */
  macOf(text: string): string;
  /** Waits a little, longer each time; false once that has been long enough. */
  patience(attempt: number): Promise<boolean>;
  readonly publicUrl: string;
  readonly allowedOrigins: readonly string[];
  readonly lifetimeSeconds: number;
}

/** Runs flows for clients: loads, lets the engine step, and commits. */
export class FlowRunner {
  constructor(private readonly parts: RunnerParts) {}

  /**
   * The first flow of this designation that lets the visitor in: the configured default, else by slug. Whoever is
   * signed in already wants to prove it anew: of the flows for signing in, those made for that come first.
   */
  defaultFlow(visit: Visit, designation: FlowDesignation): Promise<FlowDefinition | undefined> {
    const { catalogue, viewer } = visit;
    const flows = catalogue.flowsFor(designation);
    const ordered = designation === 'AUTHENTICATION' && viewer ? forViewersFirst(flows) : flows;
    return firstApplicable(this.parts.engine, visit, ordered);
  }

  /** The flow that is asked for: of a designation the one that the flow token is for, else the first that applies. */
  async select(visit: Visit, selector: FlowSelector, tokenFlowId?: string): Promise<FlowDefinition> {
    const { catalogue } = visit;
    if ('slug' in selector) return foundFlow(catalogue.flowBySlug(selector.slug));
    const candidates = catalogue.flowsFor(selector.designation);
    const ofToken = candidates.find((flow) => flow.id === tokenFlowId);
    return foundFlow(ofToken ?? (await this.defaultFlow(visit, selector.designation)) ?? candidates[0]);
  }

  /** Plans a flow, gives it the answers that fit, and keeps where it then stands for this owner. */
  async start(visit: Visit, input: StartInput, owner: Secret): Promise<FlowRun> {
    const found = input.flowToken && (await this.parts.flowTokens.find(input.flowToken, visit.now));
    const flow = await this.select(visit, input.flow, found?.flowId);
    const expiresAt = secondsAfter(visit.now, this.parts.lifetimeSeconds);
    const next = this.acceptableNext(input.next);
    const flowToken = found?.flowId === flow.id ? found : input.flowToken && ('invalid' as const);
    const loginHint = acceptableHint(input.loginHint);
    const { responses } = input;
    const invitationToken = conceivable(input.invitationToken);
    const request = { flow, next, loginHint, flowToken, invitationToken, expiresAt, responses };
    const started = await startExecution(this.parts.engine, visit, request);
    await this.parts.store.insert(commitOf(visit, started), this.parts.hashOf(owner));
    const { execution, responsesUsed } = started;
    return this.#checked({ ...givenBy(visit, started), execution, responsesUsed });
  }

  /**
   * Gives an answer to a challenge. The first to send it has it looked at; whoever sends the same again, at the
   * same time or later, gets the same result, and a different answer changes nothing.
   */
  async submit(visit: Visit, input: SubmitInput, owner: Secret): Promise<FlowRun> {
    return this.#checked(await this.#submit(visit, input, owner));
  }

  /** Where the execution stands, with what its challenge shows of what has happened elsewhere since. */
  async find(visit: Visit, executionId: string, owner: Secret): Promise<FlowRun | undefined> {
    const address = { executionId, client: visit.client.kind, ownerHash: this.parts.hashOf(owner) };
    const execution = await this.parts.store.find(address);
    if (!execution) return undefined;
    const expired = execution.step.type === 'challenge' && execution.expiresAt <= visit.now;
    if (expired) return this.#checked(runOf(execution, expiredStep(execution)));
    const { step, refreshed } = await refreshedStep(this.parts.engine, visit, execution);
    return { ...this.#checked(runOf(execution, step)), refreshed };
  }

  async cancel(visit: Visit, executionId: string, owner: Secret): Promise<FlowRun> {
    const address = { executionId, client: visit.client.kind, ownerHash: this.parts.hashOf(owner) };
    const execution = await this.parts.store.replace(address, (running) => {
      if (running.step.type !== 'challenge') return undefined;
      return commitOf(visit, cancelExecution(running, visit.catalogue.flow(running.flowId)));
    });
    if (!execution) throw Refusal.notFound('execution');
    return this.#checked(runOf(execution, execution.step));
  }

  async #submit(visit: Visit, input: SubmitInput, owner: Secret): Promise<FlowRun> {
    const { executionId, challengeId, response } = input;
    const answer = { challengeId, mac: this.parts.macOf(JSON.stringify([response.kind, response.data])) };
    const address = { executionId, client: visit.client.kind, ownerHash: this.parts.hashOf(owner) };
    for (let attempt = 0; ; attempt += 1) {
      const until = secondsAfter(visit.now, CLAIM_SECONDS);
      const claim = await this.parts.store.claim({ ...address, answer, now: visit.now, until });
      switch (claim.type) {
        case 'unknown':
          throw Refusal.notFound('execution');
        case 'expired':
          return runOf(claim.execution, expiredStep(claim.execution));
        case 'stale':
          return staleRun(claim.execution);
        case 'answered':
          return { ...claim.given, execution: claim.execution, responsesUsed: 0 };
        case 'busy':
          if (await this.parts.patience(attempt)) break;
          throw new Refusal(
            'CONFLICT',
            'An answer to this challenge is still being looked at. Send it again in a while.',
          );
        case 'claimed': {
          const run = await this.#answer(visit, claim.claimed, response, answer);
          if (run) return run;
        }
      }
    }
  }

  async #answer(
    visit: Visit,
    claimed: ClaimedExecution,
    response: FlowResponse,
    answer: { challengeId: string; mac: string },
  ): Promise<FlowRun | undefined> {
    try {
      const { step } = claimed.execution;
      if (step.type !== 'challenge') throw new Error('a claimed execution has a challenge');
      if (step.kind !== response.kind) throw wrongKind(step.kind, response.kind);
      const stepped = await answerChallenge(this.parts.engine, visit, claimed.execution, response.data);
      const given = givenBy(visit, stepped);
      const written = await this.parts.store.commit(claimed, commitOf(visit, stepped), answer, given);
      return written ? { ...given, execution: stepped.execution, responsesUsed: 0 } : undefined;
    } catch (error) {
      // Where even that cannot be said, the claim lapses by itself.
      await this.parts.store.release(claimed).catch(() => undefined);
      throw error;
    }
  }

  /** An address that was acceptable when it was set may be so no longer when it is given out. */
  #checked(run: FlowRun): FlowRun {
    const { step } = run;
    if (step.type === 'challenge' || step.redirectTo === null) return run;
    const { publicUrl, allowedOrigins } = this.parts;
    const redirectTo = acceptableNext(step.redirectTo, publicUrl, allowedOrigins) ?? null;
    return { ...run, step: { ...step, redirectTo } };
  }

  /** Where the client wants the person to go on to; refuses what may not be. */
  acceptableNext(wanted: string | null): string | null {
    if (wanted === null) return null;
    const next = acceptableNext(wanted, this.parts.publicUrl, this.parts.allowedOrigins);
    if (next !== undefined) return next;
    const message = 'Must be a path on this origin, or an address whose origin is allowed.';
    throw Refusal.badInput([{ path: 'input.next', code: 'NOT_ALLOWED', message }]);
  }
}

function acceptableHint(hint: string | null): string | null {
  if (hint === null || (hint.length <= LONGEST_LOGIN_HINT && isStorableText(hint))) return hint;
  const message = `Must be text of at most ${LONGEST_LOGIN_HINT} characters.`;
  throw Refusal.badInput([{ path: 'input.loginHint', code: 'INVALID', message }]);
}

function forViewersFirst(flows: readonly FlowDefinition[]): FlowDefinition[] {
  const { forViewers = [], others = [] } = Object.groupBy(flows, ({ authentication }) =>
    asksForViewer(authentication) ? 'forViewers' : 'others',
  );
  return [...forViewers, ...others];
}

function conceivable(invitationToken: Secret | null): Secret | null {
  const tooLong = (invitationToken?.reveal().length ?? 0) > LONGEST_INVITATION_TOKEN;
  return tooLong ? null : invitationToken;
}

function foundFlow(flow: FlowDefinition | undefined): FlowDefinition {
  if (!flow) throw Refusal.notFound('flow');
  return flow;
}

function commitOf(visit: Visit, { execution, effects, trace }: Omit<Stepped, 'issued'>): Commit {
  const { address, userAgent, location } = visit.client;
  return { execution, effects, trace, now: visit.now, address, userAgent, location };
}

function givenBy(visit: Visit, { execution, effects, issued }: Stepped): GivenResult {
  const own = visit.viewer?.sessionId;
  const signedOut = effects.some((effect) => effect.type === 'endSession' && effect.sessionId === own);
  const remembered = effects.findLast((effect) => effect.type === 'rememberBrowser') ?? null;
  return { step: execution.step, issued, signedOut, remembered };
}

function runOf(execution: Execution, step: FlowStep): FlowRun {
  return { step, issued: null, signedOut: false, remembered: null, execution, responsesUsed: 0 };
}

function expiredStep({ supportId }: Execution): FlowStep {
  const message = 'This has taken too long. Please start again.';
  return { type: 'denied', code: 'EXPIRED', message, redirectTo: null, supportId };
}

/** What the person is shown whose answer came too late: where the flow stands now, and that it was not used. */
function staleRun(execution: Execution): FlowRun {
  const { step } = execution;
  if (step.type !== 'challenge') {
    throw new Refusal(
      'STALE_CHALLENGE',
      'The execution has ended; this answer was not used. Nothing changed.',
    );
  }
  const error = responseError(
    null,
    'STALE_CHALLENGE',
    'This has been answered already. Please go on from here.',
  );
  return runOf(execution, { ...step, errors: [error] });
}

function wrongKind(expected: string, given: string): Refusal {
  const message = `The current challenge is of the kind ${expected}, the response of the kind ${given}.`;
  return Refusal.badInput([{ path: 'input.response', code: 'WRONG_KIND', message }]);
}
