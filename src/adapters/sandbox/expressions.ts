import type { ExpressionFailure, ExpressionOutcome, Expressions } from '../../flow/services/expressions.js';
import type { Json } from '../../kernel/json.js';
import { failureMessage } from './failure-message.js';
import { Pool, type PoolSize, type Settlement } from './pool.js';
import type { Problem, Task } from './protocol.js';
import { readSource } from './syntax.js';

const LONGEST_INPUT = 1_000_000;
const LONGEST_DEADLINE_MILLISECONDS = 60_000;

/**
 * Runs expressions in QuickJS, compiled to WebAssembly, within worker threads: no more than `workers` at a time, and
 * no more than `queueLimit` waiting. Nothing is started before the first evaluation.
 *
 * An expression is strict JavaScript (ES2023) and a function of its input: there is no `Date`, no `Math.random`, no
 * `eval`, nothing of the host, and nothing of an earlier evaluation. Nothing is awaited: a promise is an
 * unusable result. So is what JSON would change, except that properties that are undefined are left out; so are
 * results longer than 64 Ki characters or deeper than 64 levels. Sources are limited to 20,000 characters,
 * inputs to a million characters of JSON, memory to less than 32 MiB, deadlines to a minute.
 *
 * The deadline counts from when the expression starts. One that waited as long for its turn fails as `BUSY`.
 * Starting a worker (tens of milliseconds, at most ten seconds) counts as neither.
 */
export function createExpressions({ workers = 2, queueLimit = 64 }: Partial<PoolSize> = {}): Expressions {
  const pool = new Pool({ workers, queueLimit });
  return {
    check(source) {
      const reading = readSource(source);
      return reading.ok ? undefined : reading.problem;
    },

    async evaluate(source, input, deadlineMilliseconds) {
      const reading = readSource(source);
      if (!reading.ok) {
        const { message, line, column } = reading.problem;
        return failure('ERROR', `${message} (line ${String(line)}, column ${String(column)})`);
      }
      const inputText = JSON.stringify(input);
      if (inputText.length > LONGEST_INPUT) return failure('MEMORY', 'The input is too large');
      const task: Task = {
        script: reading.script,
        input: inputText,
        deadlineMilliseconds: Math.min(deadlineMilliseconds, LONGEST_DEADLINE_MILLISECONDS),
      };
      const settlement = await pool.run(task);
      return outcomeOf(settlement, task, (problem) => failureMessage(problem, source, reading.lineShift));
    },

    close: () => pool.close(),
  };
}

type Tell = (problem: Problem) => string;

function outcomeOf(settlement: Settlement, task: Task, tell: Tell): ExpressionOutcome {
  switch (settlement.kind) {
    case 'VALUE': {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- what JSON.parse returns is Json
      const value: Json = JSON.parse(settlement.json);
      return { ok: true, value };
    }
    case 'ERROR':
    case 'UNUSABLE_RESULT':
      return failure(settlement.kind, tell(settlement.problem));
    case 'TIMEOUT':
      return failure('TIMEOUT', `Not finished after ${String(task.deadlineMilliseconds)} ms`);
    case 'MEMORY':
      return failure('MEMORY', 'More memory needed than an expression may use');
    case 'BROKEN':
      return failure('ERROR', 'The sandbox failed while it ran the expression');
    case 'BUSY':
      return failure('BUSY', 'Too many expressions were running');
    case 'CLOSED':
      return failure('ERROR', 'The sandbox is closed');
  }
}

function failure(reason: ExpressionFailure, message: string): ExpressionOutcome {
  return { ok: false, reason, message };
}
