import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';

import PQueue from 'p-queue';

const LONGEST_QUEUE = 64;

interface ThreadOptions extends Pick<WorkerOptions, 'resourceLimits'> {
  readonly name: string;
  readonly longestMilliseconds: number;
}

/** A task came to nothing: the thread took too long and was ended, or died over it, or too many wait already. */
export class Unanswered extends Error {}

/**
 * A worker thread that takes one task at a time, and answers each with one message. It is started when it is first needed
 * and keeps no process alive. One that takes too long is ended; the next task gets another.
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

  #answered(task: Task): Promise<Answer> {
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => void worker.terminate(), this.options.longestMilliseconds);
      const settled = (): void => {
        clearTimeout(timer);
        worker.off('message', answered).off('exit', ended);
        worker.unref();
      };
      const answered = (answer: Answer): void => {
        settled();
        resolve(answer);
      };
      const ended = (): void => {
        settled();
        reject(new Unanswered(`the thread for ${this.options.name} has ended`));
      };
      worker.ref();
      worker.on('message', answered).on('exit', ended);
      worker.postMessage(task);
    });
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
