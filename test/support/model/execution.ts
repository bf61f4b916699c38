import { placeOf } from './installation.js';
import type { Account, Installation } from './installation.js';
import { ModelRequest, asksBy, newRun } from './run.js';
import type { Answer, Run } from './run.js';

/** What a client is shown, or why it is refused. */
export type View =
  | { readonly type: 'challenge'; readonly place: number; readonly errors: readonly string[] }
  /** Signed in: a session was opened. Told: its secret is in this very answer. */
  | { readonly type: 'completed'; readonly signedIn: boolean; readonly told: boolean }
  | { readonly type: 'denied'; readonly code: string }
  | { readonly type: 'cancelled' }
  /** Nothing at all: there is no such execution for this client. */
  | { readonly type: 'unknown' }
  | { readonly type: 'refused'; readonly code: string };

/** An answer that was looked at: whoever sends it again is shown the same. */
interface Given {
  readonly asked: number;
  readonly answer: Answer;
  readonly view: View;
}

/** One execution, with what its clients may rely on: challenges are numbered as they were asked, from 1. */
export interface Execution extends Run {
  readonly given: readonly Given[];
  readonly expired: boolean;
}

/** What a request comes to. */
export interface Outcome {
  readonly view: View;
  readonly execution: Execution;
  readonly accounts: readonly Account[];
  /** Which of the answers that were given this was, word for word. */
  readonly repeats?: number;
}

/** An execution that begins; undefined where the start is refused as a whole. */
export function started(
  installation: Installation,
  /** Answers to the first challenges, by their places, as long as there are any. */
  answers: (place: number) => Answer | undefined,
): Outcome | undefined {
  const request = new ModelRequest(installation, newRun);
  request.begin();
  for (;;) {
    const { step } = request.run;
    const answer = step.type === 'challenge' ? answers(step.place) : undefined;
    if (!answer || request.answer(answer) !== 'passed') break;
  }
  const result = request.result();
  if (!result) return undefined;
  const execution = { ...result.run, given: [], expired: false };
  return { view: viewOf(result.run, true), execution, accounts: result.accounts };
}

export function submitted(
  installation: Installation,
  execution: Execution,
  asked: number,
  answer: Answer,
): Outcome {
  const { step, expired, given } = execution;
  const unchanged = (view: View): Outcome => ({ view, execution, accounts: installation.accounts });
  const isCurrent = step.type === 'challenge' && asked === execution.asked;
  if (isCurrent && !expired) {
    if (asksBy(placeOf(installation, step.place)) !== answer.kind)
      return unchanged(refused('BAD_USER_INPUT'));
    const request = new ModelRequest(installation, execution);
    request.answer(answer);
    const result = request.result();
    if (!result) return unchanged(refused('CONFLICT'));
    const view = viewOf(result.run, true);
    const after = { ...result.run, given: [...given, { asked, answer, view }], expired };
    return { view, execution: after, accounts: result.accounts };
  }
  const repeats = given.findIndex((one) => one.asked === asked && isSame(one.answer, answer));
  const before = given[repeats];
  if (before) return { ...unchanged(before.view), repeats };
  if (isCurrent) return unchanged({ type: 'denied', code: 'EXPIRED' });
  return unchanged(
    step.type === 'challenge' ? { ...step, errors: ['STALE_CHALLENGE'] } : refused('STALE_CHALLENGE'),
  );
}

/** Where an execution is abandoned, nobody gets anything again for what they had answered before. */
export function cancelled(installation: Installation, execution: Execution): Outcome {
  const { accounts } = installation;
  if (execution.step.type !== 'challenge') return { view: viewOf(execution, false), execution, accounts };
  const after = { ...execution, step: { type: 'cancelled' }, session: null, given: [] } as const;
  return { view: { type: 'cancelled' }, execution: after, accounts };
}

export function lookedAt(execution: Execution): View {
  const isOver = execution.expired && execution.step.type === 'challenge';
  return isOver ? { type: 'denied', code: 'EXPIRED' } : viewOf(execution, false);
}

function viewOf({ step, session }: Run, told: boolean): View {
  if (step.type !== 'completed') return step;
  return { type: 'completed', signedIn: session !== null, told: told && session !== null };
}

function refused(code: string): View {
  return { type: 'refused', code };
}

function isSame(one: Answer, other: Answer): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
