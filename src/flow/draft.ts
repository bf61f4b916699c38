import type { JsonObject } from '../kernel/json.js';
import { Context } from './context.js';
import { flowTokenKey } from './context-keys.js';
import type { FlowDefinition } from './definition.js';
import { isLasting } from './effect.js';
import type { Effect } from './effect.js';
import type { Execution, FlowStep, IssuedToken, PlannedStage, TrailEntry } from './execution.js';
import type { DenialCode, FlowMessage, ResponseError } from './outcome.js';
import type { PolicyDecision } from './policy-engine.js';
import type { Viewer } from './stage-kind.js';
import { displayName } from './title.js';

/** An execution while one request changes it, with the effects gathered so far. */
export class Draft {
  readonly effects: Effect[] = [];
  issued: IssuedToken | null = null;
  #execution: Execution;

  constructor(execution: Execution) {
    this.#execution = execution;
  }

  get execution(): Execution {
    return this.#execution;
  }

  change(change: Partial<Execution>): void {
    this.#execution = { ...this.#execution, ...change };
  }

  say(messages: readonly FlowMessage[]): void {
    if (messages.length > 0) this.change({ messages: [...this.#execution.messages, ...messages] });
  }

  /** Leaves the current stage behind. */
  leave(place: PlannedStage, entry: Omit<TrailEntry, 'bindingId'>): void {
    const trail = [...this.#execution.trail, { bindingId: place.bindingId, ...entry }];
    this.change({ plan: this.#execution.plan.slice(1), trail });
  }

  /** Puts a stage's challenge before the person, with everything that there was to say. */
  ask(
    id: string,
    { kind, stage }: { readonly kind: { readonly name: string }; readonly stage: { readonly name: string } },
    data: JsonObject,
    errors: readonly ResponseError[],
    viewer: Viewer | null,
  ): void {
    const { context, messages } = this.#execution;
    const name = displayName(context, viewer);
    const user = name === undefined ? null : { displayName: name, avatarUrl: null };
    const step = {
      type: 'challenge',
      id,
      kind: kind.name,
      stageName: stage.name,
      errors,
      messages,
      user,
      data,
    } as const;
    this.change({ step, messages: [] });
  }

  /** Notes what evaluating policies has come to, where it failed or where the policy wants it noted. */
  record({ errors, recorded }: PolicyDecision, userId: string | null, flow: string): void {
    for (const error of errors) {
      this.effects.push({ type: 'recordEvent', action: 'POLICY_ERROR', userId, details: { ...error, flow } });
    }
    for (const verdict of recorded) {
      this.effects.push({
        type: 'recordEvent',
        action: 'POLICY_EVALUATED',
        userId,
        details: { ...verdict, flow },
      });
    }
  }

  /** Remembers what the policies said that took a login stage out: without it nobody is signed in. */
  blockLogin(messages: readonly string[]): void {
    this.change({ loginBlocked: [...(this.#execution.loginBlocked ?? []), ...messages] });
  }

  /** The plan is walked to its end. */
  complete(): void {
    const { loginBlocked, session, next, messages } = this.#execution;
    if (loginBlocked !== null && session === null) {
      this.deny('LOGIN_BLOCKED', loginBlocked.join('\n') || 'You may not sign in here.', null);
    } else {
      this.#end({ type: 'completed', redirectTo: next, messages, session });
    }
  }

  /** Denies somebody whom the flow does not let in; a signed-in person who wants to sign in simply goes on. */
  denyEntry(flow: FlowDefinition, signedIn: boolean, code: DenialCode, message: string): void {
    const { next } = this.#execution;
    if (flow.designation === 'AUTHENTICATION' && signedIn) {
      this.#end({ type: 'completed', redirectTo: next, messages: [], session: null });
      return;
    }
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
    this.deny('CONFIGURATION_ERROR', `${reason} Please tell an administrator.`, null);
  }

  deny(code: DenialCode, message: string, redirectTo: string | null = null): void {
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

  /** What was collected in secret is of no use any more once a flow has ended. */
  #end(step: FlowStep): void {
    const context = new Context(this.#execution.context.open, {});
    this.change({ step, plan: [], messages: [], context });
  }
}
