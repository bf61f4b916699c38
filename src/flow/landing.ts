import { Context } from './context.js';
import { mailLandingKey } from './context-keys.js';
import type { MailLanding } from './context-keys.js';
import type { Effect } from './effect.js';
import type { Execution, Suspension } from './execution.js';

/**
 * A plan of one stage alone, to be gone on with by whoever opens a link in a mail. No flow surrounds it, nothing comes
 * after it, and it is about nobody: a stage that opened a session or wrote to an account would find none.
 */
export function landingAt(
  flowId: string,
  place: { readonly bindingId: string; readonly stageId: string },
  landing: MailLanding,
): Suspension {
  return {
    flowId,
    flowVersion: null,
    // Neither policies nor a restart lead from here into the rest of the flow.
    plan: [{ ...place, reEvaluatePolicies: false, invalidResponseAction: 'RETRY', builtIn: null }],
    planned: [place.bindingId],
    trail: [],
    loginBlocked: null,
    origin: { redirectedFrom: null, proven: [], loginBlocked: null },
    outer: [],
    context: Context.empty.with([mailLandingKey.to(landing)]),
    messages: [],
    next: null,
  };
}

/** Whether the execution is there only to confirm a link. */
export function isLanding({ context }: Pick<Execution, 'context'>): boolean {
  return context.get(mailLandingKey) !== undefined;
}

const allowedEffects: ReadonlySet<Effect['type']> = new Set(['confirmMailLink', 'recordEvent']);

/** Throws where a landing has come to more than the confirmation that it is there for: that would be a fault of ours. */
export function expectOnlyLanding(execution: Execution, effects: readonly Effect[]): void {
  const { planned, outer, session, undelivered } = execution;
  const more = effects.find(({ type }) => !allowedEffects.has(type));
  if (more) throw new Error(`a link in a mail cannot bring about ${more.type}`);
  if (planned.length !== 1 || outer.length > 0 || session || undelivered)
    throw new Error('a link in a mail leads to one stage only');
}
