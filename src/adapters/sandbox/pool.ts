import { setTimeout as pauseFor } from 'node:timers/promises';
import { Limit } from '../thread/limit.js';
import type { Answer, Task } from './protocol.js';
import { Thread } from './thread.js';

/** How a task ended in the pool: `BUSY` and `CLOSED` were never started. */
export type Settlement = Answer | { readonly kind: 'BUSY' } | { readonly kind: 'CLOSED' };

export interface PoolSize {
  /** How many threads there are at most. They are started when they are first needed. */
  readonly workers: number;
  /** How many tasks may wait for a thread. */
  readonly queueLimit: number;
}

interface PoolManner {
  /** Whether everything else that this machine has to do comes first. */
  readonly isLowPriority: boolean;
  /** How long it is without a thread after one has ended: starting them is what costs most. */
  readonly restartPauseMilliseconds: number;
}

interface Slot {
  thread: Thread | undefined;
  isTaken: boolean;
}

interface Waiting {
  readonly task: Task;
  readonly settle: (settlement: Settlement | Promise<Settlement>) => void;
  readonly limit: Limit;
}

/** Gives tasks to threads, each thread one at a time. Other tasks wait, at most as long as their own deadline. */
export class Pool {
  readonly #slots: readonly Slot[];
  readonly #queueLimit: number;
  readonly #manner: PoolManner;
  readonly #waiting = new Set<Waiting>();
  #isClosed = false;

  constructor(
    { workers, queueLimit }: PoolSize,
    manner: PoolManner = { isLowPriority: false, restartPauseMilliseconds: 0 },
  ) {
    this.#manner = manner;
    this.#slots = Array.from({ length: workers }, () => ({ thread: undefined, isTaken: false }));
    this.#queueLimit = queueLimit;
  }

  run(task: Task): Promise<Settlement> {
    if (this.#isClosed) return Promise.resolve({ kind: 'CLOSED' });
    const slot = this.#freeSlot();
    if (slot) return this.#runIn(slot, task);
    if (this.#waiting.size >= this.#queueLimit) return Promise.resolve({ kind: 'BUSY' });
    return this.#wait(task);
  }

  /** What runs settles as broken, what waits as never started. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiting of this.#waiting) this.#leave(waiting, { kind: 'CLOSED' });
    await Promise.all(this.#slots.flatMap(({ thread }) => (thread ? [thread.stop()] : [])));
  }

  #freeSlot(): Slot | undefined {
    const free = this.#slots.filter((slot) => !slot.isTaken);
    return free.find((slot) => slot.thread?.isUsable) ?? free[0];
  }

  async #runIn(slot: Slot, task: Task): Promise<Settlement> {
    slot.isTaken = true;
    if (!slot.thread?.isUsable) slot.thread = new Thread(this.#manner);
    const answer = await slot.thread.run(task);
    void this.#free(slot, slot.thread);
    return this.#isClosed && answer.kind === 'BROKEN' ? { kind: 'CLOSED' } : answer;
  }

  /** A thread that ended is replaced before there is a next task, so that this need not wait for a start. */
  async #free(slot: Slot, thread: Thread): Promise<void> {
    if (!thread.isUsable) {
      await thread.ended;
      const pause = this.#manner.restartPauseMilliseconds;
      if (pause > 0) await pauseFor(pause, undefined, { ref: false });
      if (this.#isClosed) return;
      slot.thread = thread.isReady ? new Thread(this.#manner) : undefined;
    }
    slot.isTaken = false;
    const [next] = this.#waiting;
    if (next) this.#leave(next, this.#runIn(slot, next.task));
  }

  #wait(task: Task): Promise<Settlement> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        task,
        settle: resolve,
        limit: new Limit(task.deadlineMilliseconds, () => {
          this.#leave(waiting, { kind: 'BUSY' });
        }),
      };
      this.#waiting.add(waiting);
    });
  }

  #leave(waiting: Waiting, settlement: Settlement | Promise<Settlement>): void {
    this.#waiting.delete(waiting);
    waiting.limit.lift();
    waiting.settle(settlement);
  }
}
