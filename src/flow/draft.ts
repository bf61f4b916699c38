import type { JsonObject } from '../kernel/json.js';
import { Context } from './context.js';
import {
  flowTokenKey,
  invitationTokenKey,
  isNamedByToken,
  loginHintKey,
  mailLinkKey,
  pendingUserKey,
} from './context-keys.js';
import type { FlowDefinition } from './definition.js';
import { isLasting } from './effect.js';
import type { Effect } from './effect.js';
import type { Visit } from './engine.js';
import type { InsertedStage } from './inserted-stage.js';
import { proofsOf, provenIn } from './execution.js';
import type {
  Execution,
  FlowStep,
  IssuedToken,
  PlannedStage,
  SessionFacts,
  TrailEntry,
} from './execution.js';
import type { DenialCode, Enter, FlowMessage, ResponseError } from './outcome.js';
import { displayName } from './title.js';
import type { Proof } from './proof.js';

/** An execution while one request changes it, with the effects gathered so far. */
export class Draft {
  readonly effects: Effect[] = [];
  #execution: Execution;

  constructor(
    execution: Execution,
    private readonly visit: Pick<Visit, 'viewer'>,
  ) {
    this.#execution = execution;
  }

  get execution(): Execution {
    return this.#execution;
  }

  /** The pending user where there is one, else whoever is signed in; null for nobody and for pretended people. */
  userId(context: Context = this.#execution.context): string | null {
    const pending = context.get(pendingUserKey);
    return pending ? pending.id : (this.visit.viewer?.user.id ?? null);
  }

  proofsOf(userId: string | null): Proof[] {
    return proofsOf(this.#execution, userId);
  }

  change(change: Partial<Execution>): void {
    this.#execution = { ...this.#execution, ...change };
  }

  say(messages: readonly FlowMessage[]): void {
    if (messages.length > 0) this.change({ messages: [...this.#execution.messages, ...messages] });
  }

  /** Leaves the current stage behind, and with it the link that it may have waited for. */
  leave(place: PlannedStage, outcome: TrailEntry['outcome'], proofs: readonly Proof[]): void {
    const { plan, trail, context } = this.#execution;
    const entry = { bindingId: place.bindingId, outcome, userId: this.userId(), proofs };
    this.change({
      plan: plan.slice(1),
      trail: [...trail, entry],
      context: context.with([mailLinkKey.cleared()]),
    });
  }

  /** Puts stages before the current one: it has its turn once they are passed. */
  insert(stages: readonly InsertedStage[], newId: () => string): void {
    const { plan, planned } = this.#execution;
    const places = stages.map((stage) => insertedPlace(stage, newId()));
    const at = planned.length - plan.length;
    this.change({
      plan: [...places, ...plan],
      planned: planned.toSpliced(at, 0, ...places.map(({ bindingId }) => bindingId)),
    });
  }

  /** Puts a stage's challenge before the person, with everything that there was to say. */
  ask(
    id: string,
    { kind, stage }: { readonly kind: { readonly name: string }; readonly stage: { readonly name: string } },
    data: JsonObject,
    errors: readonly ResponseError[],
  ): void {
    const { context, messages } = this.#execution;
    const name = displayName(context, this.visit.viewer);
    const user = name === undefined ? null : { displayName: name, avatarUrl: null };
    const asked = { id, kind: kind.name, stageName: stage.name, errors, messages, user, data };
    this.change({ step: { type: 'challenge', ...asked }, messages: [] });
  }

  /** Keeps for the next step what was to be said with the current one, which nobody will see. */
  takeBackMessages(): void {
    const { step, messages } = this.#execution;
    if (step.type === 'challenge') this.change({ messages: [...step.messages, ...messages] });
  }

  /** Remembers what the policies said that took a login stage out: without it nobody is signed in. */
  blockLogin(messages: readonly string[]): void {
    this.change({ loginBlocked: [...(this.#execution.loginBlocked ?? []), ...messages] });
  }

  /** Keeps a session's secret until the client can be given it; one that this takes the place of is ended. */
  openSession(session: SessionFacts, issued: IssuedToken): void {
    const { undelivered, session: superseded } = this.#execution;
    if (undelivered && superseded) this.effects.push({ type: 'endSession', sessionId: superseded.id });
    this.change({ session, undelivered: issued });
  }

  /** Ends the session that was opened on the way: whose it may be is deleted. */
  dropSession(): void {
    const { session } = this.#execution;
    if (!session) return;
    this.effects.push({ type: 'endSession', sessionId: session.id });
    this.change({ session: null, undelivered: null });
  }

  /** Begins the flow again. What the client brought stays known; what it has said only where `keepContext`. */
  restart(keepContext: boolean): void {
    const { context, origin } = this.#execution;
    const { loginBlocked } = origin;
    const known = keepContext ? context.with([mailLinkKey.cleared()]) : brought(context);
    this.change({ loginBlocked, plan: [], planned: [], trail: [], context: known });
  }

  /** Goes on with another flow; where it is to return, the current stage waits for that. */
  enter(flow: FlowDefinition, from: FlowDefinition, { keepContext, returns }: Enter): void {
    const { flowId, flowVersion, plan, planned, trail, loginBlocked, origin } = this.#execution;
    const { outer, context } = this.#execution;
    const waiting = {
      ...{ flowId, flowVersion, plan, planned, trail, loginBlocked, origin },
      context: keepContext ? null : context,
    };
    const blocked = returns ? null : loginBlocked;
    this.change({
      flowId: flow.id,
      flowVersion: flow.currentVersion,
      plan: [],
      planned: [],
      trail: [],
      loginBlocked: blocked,
      origin: {
        redirectedFrom: from.slug,
        proven: keepContext ? provenIn(this.#execution) : [],
        loginBlocked: blocked,
      },
      outer: returns ? [...outer, waiting] : outer,
      context: keepContext ? context : brought(context),
    });
  }

  /** Ends the flow whose plan is walked to its end. True where an outer flow goes on now. */
  finish(): boolean {
    const { loginBlocked, session, next, messages } = this.#execution;
    if (loginBlocked !== null && session === null) {
      this.deny('LOGIN_BLOCKED', loginBlocked.join('\n') || 'You may not sign in here.');
      return false;
    }
    if (this.#return()) return true;
    this.#end({ type: 'completed', redirectTo: next, messages, session });
    return false;
  }

  /** Denies somebody whom the flow does not let in. */
  denyEntry(flow: FlowDefinition, code: DenialCode, message: string): void {
    const { next } = this.#execution;
    switch (flow.deniedAction) {
      case 'MESSAGE':
        return this.deny(code, message, null);
      case 'MESSAGE_CONTINUE':
        return this.deny(code, message, next);
      case 'CONTINUE':
        return this.deny(code, message, next ?? '/');
    }
  }

  denyUnconfigured(reason: string): void {
    this.deny('CONFIGURATION_ERROR', `${reason} Please tell an administrator.`);
  }

  /** What only an administrator can mend is in the event log as well. */
  deny(code: DenialCode, message: string, redirectTo: string | null = null): void {
    if (code === 'CONFIGURATION_ERROR') {
      const details = { flowId: this.#execution.flowId, reason: message };
      this.effects.push({ type: 'recordEvent', action: code, userId: this.userId(), details });
    }
    this.#end({ type: 'denied', code, message, redirectTo, supportId: this.#execution.supportId });
  }

  /** A flow token is used up by the first request that changes something for good, and at the latest by the last. */
  consumeFlowToken(): void {
    const token = this.#execution.context.get(flowTokenKey);
    const ended = this.#execution.step.type === 'completed';
    if (!token || token.consumed || !(ended || this.effects.some(isLasting))) return;
    this.effects.push({ type: 'consumeFlowToken', id: token.id });
    const consumed = flowTokenKey.to({ ...token, consumed: true });
    this.change({ context: this.#execution.context.with([consumed]) });
  }

  /**
   * The secret of a session for the client to keep: for a browser at once, for a native client with the end of the
   * flow, where its form has a place for it. A session whose secret nobody will ever get is ended again.
   */
  deliver(): IssuedToken | null {
    const { undelivered, client, step, session } = this.#execution;
    if (!undelivered || (client === 'NATIVE' && step.type === 'challenge')) return null;
    this.change({ undelivered: null });
    if (client === 'BROWSER' || step.type === 'completed') return undelivered;
    if (session) this.effects.push({ type: 'endSession', sessionId: session.id });
    return null;
  }

  #return(): boolean {
    const { outer, context, messages } = this.#execution;
    const waiting = outer.at(-1);
    const [place] = waiting?.plan ?? [];
    if (!waiting || !place) return false;
    const { context: own, ...position } = waiting;
    const origin = own ? position.origin : { ...position.origin, proven: provenIn(this.#execution) };
    const token = context.get(flowTokenKey);
    const known = own?.with(token ? [flowTokenKey.to(token)] : []) ?? context;
    this.change({ ...position, origin, outer: outer.slice(0, -1), context: known, messages });
    this.leave(place, 'passed', []);
    return true;
  }

  /** What was collected in secret is of no use any more once a flow has ended. */
  #end(step: FlowStep): void {
    const context = new Context(this.#execution.context.open, {});
    this.change({ step, plan: [], outer: [], messages: [], context });
  }
}

function insertedPlace(stage: InsertedStage, bindingId: string): PlannedStage {
  const builtIn = 'builtIn' in stage ? stage.builtIn : null;
  const stageId = 'builtIn' in stage ? stage.builtIn.id : stage.stageId;
  return { bindingId, stageId, builtIn, reEvaluatePolicies: false, invalidResponseAction: 'RETRY' };
}

/** Of what is known, that which the client has brought along, and did not have to be asked for. */
function brought(context: Context): Context {
  const token = context.get(flowTokenKey);
  const hint = context.get(loginHintKey);
  const invitedBy = context.get(invitationTokenKey);
  const user = isNamedByToken(context) ? context.get(pendingUserKey) : undefined;
  return Context.empty.with([
    ...(token ? [flowTokenKey.to(token)] : []),
    ...(hint === undefined ? [] : [loginHintKey.to(hint)]),
    ...(invitedBy === undefined ? [] : [invitationTokenKey.to(invitedBy)]),
    ...(user ? [pendingUserKey.to(user)] : []),
  ]);
}
