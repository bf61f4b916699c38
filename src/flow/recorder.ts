import type { FlowDefinition } from './definition.js';
import type { Effect } from './effect.js';
import { effectView } from './effect-view.js';
import type { DeniedStep, FlowStep } from './execution.js';
import type { PolicyDecision } from './policy-engine.js';
import type { PolicyInput } from './policy-kind.js';
import { policyView } from './policy-view.js';
import type { FlowTrace, PolicyMoment, StageTrace, TraceEntry } from './trace.js';

/** A stage where it stands in a flow. */
interface StagePlace {
  readonly flow: Pick<FlowDefinition, 'slug'>;
  readonly place: { readonly bindingId: string };
  readonly stage: { readonly name: string; readonly kind: string };
}

/** Writes down what one request does, as it does it. */
export class Recorder {
  readonly #entries: TraceEntry[] = [];

  flow(event: FlowTrace['event'], flow: Pick<FlowDefinition, 'slug'> | undefined): void {
    this.#entries.push({ type: 'flow', event, flow: flow?.slug ?? null, code: null, message: null });
  }

  stage(event: StageTrace['event'], { flow, place, stage }: StagePlace, codes: readonly string[] = []): void {
    const { name, kind } = stage;
    const { bindingId } = place;
    this.#entries.push({ type: 'stage', event, flow: flow.slug, stage: name, kind, bindingId, codes });
  }

  policies(
    moment: PolicyMoment,
    flow: Pick<FlowDefinition, 'slug'>,
    stage: { readonly name: string } | undefined,
    input: PolicyInput,
    { evaluations }: PolicyDecision,
  ): void {
    const view = policyView(input);
    for (const evaluation of evaluations) {
      const { bindingId, policy, passing, messages, error, milliseconds, read, decidedBy } = evaluation;
      const calls = evaluation.calls.map(({ recorded: _recorded, ...called }) => called);
      const what = { bindingId, policy, passing, messages, error, milliseconds, read, decidedBy, calls };
      const where = { moment, flow: flow.slug, stage: stage?.name ?? null };
      this.#entries.push({ type: 'policy', ...where, ...what, input: view });
    }
  }

  /** Everything so far, with what the request ends in. */
  entries(
    step: FlowStep,
    flow: Pick<FlowDefinition, 'slug'> | undefined,
    effects: readonly Effect[],
  ): TraceEntry[] {
    const done = effects.map(
      (effect): TraceEntry => ({ type: 'effect', effect: effect.type, details: effectView(effect) }),
    );
    return [...this.#entries, ...endOf(step, flow?.slug ?? null), ...done];
  }
}

function endOf(step: FlowStep, flow: string | null): TraceEntry[] {
  switch (step.type) {
    case 'challenge':
      return [];
    case 'completed':
      return [{ type: 'flow', event: 'COMPLETED', flow, code: null, message: null }];
    case 'denied':
      return [denied(step, flow)];
    case 'cancelled':
      return [{ type: 'flow', event: 'CANCELLED', flow, code: null, message: null }];
  }
}

function denied({ code, message }: DeniedStep, flow: string | null): FlowTrace {
  return { type: 'flow', event: 'DENIED', flow, code, message };
}
