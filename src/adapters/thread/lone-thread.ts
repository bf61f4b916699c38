import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';

import PQueue from 'p-queue';

import { Limit } from './limit.js';

const LONGEST_QUEUE = 64;
/** What a thread loads before it is ready is the same each time; on a small and busy machine that takes its time. */
const LONGEST_START_MILLISECONDS = 60_000;

interface ThreadOptions extends Pick<WorkerOptions, 'resourceLimits'> {
  readonly name: string;
  /** For a task, from when the thread is ready for it. */
  readonly longestMilliseconds: number;
}

/** A task came to nothing: the thread took too long and was ended, or died over it, or too many wait already. */
export class Unanswered extends Error {}

/**
 * A worker thread that says, by one message, when it is ready, then takes one task at a time, and answers each with one
 * message. It is started when it is first needed and keeps no process alive. One that takes too long is ended; the next
 * task gets another.
 */
export class LoneThread<Task, Answer> {
  readonly #queue = new PQueue({ concurrency: 1 });
  #worker: Worker | undefined;

  constructor(
    private readonly file: URL,
    private readonly options: ThreadOptions,
  ) {}

  /** Rejects with `Unanswered` where the task came to nothing. */
  async run(task: Task): Promise<Answer> {
    if (this.#queue.size >= LONGEST_QUEUE) throw new Unanswered(`too much waits for ${this.options.name}`);
    return this.#queue.add(() => this.#answered(task));
  }

  async close(): Promise<void> {
    this.#queue.clear();
    await this.#worker?.terminate();
  }

  async #answered(task: Task): Promise<Answer> {
    const worker = this.#worker ?? (await this.#started());
    // Those were its last words.
    if (worker !== this.#worker) throw this.#hasEnded();
    const answer = this.#said<Answer>(worker, this.options.longestMilliseconds);
    worker.postMessage(task);
    return answer;
  }

  async #started(): Promise<Worker> {
    const worker = this.#start();
    await this.#said(worker, LONGEST_START_MILLISECONDS);
    return worker;
  }

  /** What it says next. */
  #said<Message>(worker: Worker, longestMilliseconds: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      const limit = new Limit(longestMilliseconds, () => void worker.terminate());
      const settled = (): void => {
        limit.lift();
        worker.off('message', said).off('exit', ended);
        worker.unref();
      };
      const said = (message: Message): void => {
        settled();
        resolve(message);
      };
      const ended = (): void => {
        settled();
        reject(this.#hasEnded());
      };
      worker.ref();
      worker.on('message', said).on('exit', ended);
    });
  }

  #hasEnded(): Unanswered {
    return new Unanswered(`the thread for ${this.options.name} has ended`);
  }

  #start(): Worker {
    const { name, resourceLimits } = this.options;
    const limits = resourceLimits && { resourceLimits };
    const worker = new Worker(this.file, { name, ...limits, argv: [], execArgv: [], env: {} });
    // One that fails is gone after that: whoever waits for it is told there, and the next one gets another.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    this.#worker = worker;
    return worker;
  }
}
