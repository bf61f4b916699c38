import type { FlowStep } from '../flow/execution.js';
import type { SimulatedStep, Simulation } from '../flow/simulation.js';
import type { TraceEntry } from '../flow/trace.js';
import type { Output } from './output.js';

/** A simulation for people: each request with what happened on its way, and where it led. */
export function simulationText({ steps }: Simulation, output: Output): string {
  return steps
    .map((simulated, index) =>
      [
        output.paint('bold', headOf(simulated, index)),
        ...simulated.trace.map((entry) => `  ${entryText(entry, output)}`),
        ...stepLines(simulated.step, output).map((line) => `  ${line}`),
      ].join('\n'),
    )
    .join('\n\n');
}

/** The same for scripts. All of it is JSON already. */
export function simulationJson({ steps, responsesUsed }: Simulation): object {
  return { steps: steps.map(({ step, fate, trace }) => ({ step, fate, trace })), responsesUsed };
}

function headOf({ fate }: SimulatedStep, index: number): string {
  return fate === null ? 'Start' : `Answer ${index}: ${fate.toLowerCase()}`;
}

function entryText(entry: TraceEntry, output: Output): string {
  switch (entry.type) {
    case 'flow':
      return `flow ${entry.flow ?? 'that is gone'}: ${entry.event.toLowerCase()}`;
    case 'stage':
      return `stage ${entry.stage} (${entry.kind}): ${words(entry.event, entry.codes)}`;
    case 'policy': {
      const verdict = entry.passing
        ? output.paint('green', 'passes')
        : output.paint('yellow', 'does not pass');
      const where = entry.stage === null ? `flow ${entry.flow}` : `stage ${entry.stage}`;
      const why = entry.error === null ? '' : output.paint('red', ` (${entry.error})`);
      return `policy ${entry.policy} on ${where}, ${entry.moment.toLowerCase()}: ${verdict}${why}`;
    }
    case 'effect':
      return `would ${inWords(entry.effect)}`;
  }
}

function words(event: string, codes: readonly string[]): string {
  return codes.length === 0 ? event.toLowerCase() : `${event.toLowerCase()} (${codes.join(', ')})`;
}

/** `openSession` as `open session` */
function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function stepLines(step: FlowStep, output: Output): string[] {
  switch (step.type) {
    case 'challenge':
      return [
        output.paint('cyan', `→ asks: ${step.kind} (stage ${step.stageName})`),
        ...step.messages.map(({ text }) => `  ${text}`),
        ...step.errors.map(({ code, message }) => `  ${code}: ${message}`),
        ...Object.entries(step.data).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
      ];
    case 'completed':
      return [
        output.paint('green', step.session === null ? '→ completed' : '→ completed, with a session'),
        ...(step.redirectTo === null ? [] : [`  goes on to ${step.redirectTo}`]),
      ];
    case 'denied':
      return [output.paint('red', `→ denied: ${step.code}`), `  ${step.message}`];
    case 'cancelled':
      return ['→ cancelled'];
  }
}
