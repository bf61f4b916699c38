import type {
  CalledResult,
  ExpressionFailure,
  ExpressionOutcome,
  Expressions,
  ExpressionTerms,
} from '../../flow/services/expressions.js';
import { failureMessage } from './failure-message.js';
import { Pool, type PoolSize, type Settlement } from './pool.js';
import type { Problem } from './protocol.js';
import { Readings } from './readings.js';
import type { Reading } from './syntax.js';
import { readResult } from './result.js';
import { Suspects } from './suspects.js';

const LONGEST_INPUT = 1_000_000;
const LONGEST_DEADLINE_MILLISECONDS = 60_000;
const MOST_CALLS = 10;
const SUSPECT_MANNER = { isLowPriority: true, restartPauseMilliseconds: 500 };

/**
 * Runs expressions in QuickJS, compiled to WebAssembly, within worker threads: no more than `workers` at a time, and
 * no more than `queueLimit` waiting. Nothing is started before the first evaluation.
 *
 * An expression is strict JavaScript (ES2023) and a function of its input: there is no `Date`, no `Math.random`, no
 * `eval`, nothing of the host, and nothing of an earlier evaluation. Nothing is awaited: a promise is an
 * unusable result. So is what JSON would change, except that properties that are undefined are left out; so are
 * results longer than 64 Ki characters or deeper than 64 levels. Sources are limited to 20,000 characters,
 * inputs, with what called policies say, to a million characters of JSON, memory to less than 32 MiB, deadlines to a
 * minute, called policies to ten.
 *
 * Since it is a function, an expression that calls a policy is simply run again, from its beginning, once it is known what
 * that policy says. Nothing has to wait inside the sandbox, and no thread is held meanwhile.
 *
 * The deadline counts from when the expression starts, and for all its runs together. One that waited as long for its
 * turn fails as `BUSY`. Starting a worker (tens of milliseconds, at most ten seconds) counts as neither.
 *
 * Expressions that took all their time or memory the last time share a worker of their own, which has the processor only
 * where nobody else wants it: others wait neither for them nor for what they leave behind.
 */
export function createExpressions({ workers = 2, queueLimit = 64 }: Partial<PoolSize> = {}): Expressions {
  const pool = new Pool({ workers, queueLimit });
  const readings = new Readings();
  const suspects = new Suspects();
  const suspectPool = new Pool({ workers: 1, queueLimit }, SUSPECT_MANNER);

  /** Runs it as often as it takes to know what all the policies say that it calls. */
  async function replay(
    source: string,
    { script, lineShift }: Readable,
    input: string,
    { deadlineMilliseconds, call }: ExpressionTerms,
  ): Promise<ExpressionOutcome> {
    const known = new Map<string, CalledResult>();
    let left = deadlineMilliseconds;
    for (;;) {
      const task = { script, input, calls: textOf(known), deadlineMilliseconds: left };
      if (task.input.length + task.calls.length > LONGEST_INPUT)
        return failure('MEMORY', 'The input is too large');
      const settlement = await (suspects.has(source) ? suspectPool : pool).run(task);
      suspects.judge(source, settlement);
      if (settlement.kind !== 'NEEDS')
        return outcomeOf(settlement, deadlineMilliseconds, (problem) =>
          failureMessage(problem, source, lineShift),
        );
      if (known.size >= MOST_CALLS)
        return failure('ERROR', `More than ${String(MOST_CALLS)} policies are called`);
      known.set(settlement.name, await call(settlement.name));
      left = Math.max(left - settlement.milliseconds, 0);
    }
  }

  return {
    check(source) {
      const reading = readings.of(source);
      return reading.ok ? undefined : reading.problem;
    },

    mentions(source) {
      const reading = readings.of(source);
      return reading.ok ? reading.mentions : { calls: [], paths: [] };
    },

    async evaluate(source, input, { deadlineMilliseconds: wanted, call }) {
      const reading = readings.of(source);
      if (!reading.ok) {
        const { message, line, column } = reading.problem;
        return failure('ERROR', `${message} (line ${String(line)}, column ${String(column)})`);
      }
      const terms = { deadlineMilliseconds: Math.min(wanted, LONGEST_DEADLINE_MILLISECONDS), call };
      return replay(source, reading, JSON.stringify(input), terms);
    },

    async close() {
      await Promise.all([pool.close(), suspectPool.close()]);
    },
  };
}

type Readable = Extract<Reading, { readonly ok: true }>;
type Ended = Exclude<Settlement, { readonly kind: 'NEEDS' }>;
type Tell = (problem: Problem) => string;

function textOf(calls: ReadonlyMap<string, CalledResult>): string {
  return JSON.stringify(Object.fromEntries([...calls].map(([name, said]) => [name, JSON.stringify(said)])));
}

function outcomeOf(ended: Ended, deadlineMilliseconds: number, tell: Tell): ExpressionOutcome {
  switch (ended.kind) {
    case 'VALUE': {
      const result = readResult(ended.json);
      return result ? { ok: true, ...result } : outcomeOf({ kind: 'BROKEN' }, deadlineMilliseconds, tell);
    }
    case 'ERROR':
    case 'UNUSABLE_RESULT':
      return failure(ended.kind, tell(ended.problem));
    case 'TIMEOUT':
      return failure('TIMEOUT', `Not finished after ${String(deadlineMilliseconds)} ms`);
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
