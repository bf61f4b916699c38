import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Limit } from '../thread/limit.js';
import { PRELUDE } from './prelude.js';
import type { Answer, FromWorker, Task, WorkerSetup } from './protocol.js';

const START_LIMIT_MILLISECONDS = 10_000;
/** What the deadline that is kept inside the worker is given before the worker is ended from outside. */
const GRACE_MILLISECONDS = 250;
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 };

/** Beside this very file: `worker.ts` in tests, `worker.js` once it is built. */
const WORKER_FILE = new URL(`./worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

interface Running {
  readonly task: Task;
  readonly settle: (answer: Answer) => void;
  limit: Limit;
}

/**
 * One worker thread, which runs one task at a time. It keeps the process alive only while it does.
 * Once it is not usable, because it was stopped or died or had to be given up, it stays so.
 */
export class Thread {
  readonly #worker: Worker;
  /** Fulfilled when the thread is gone. */
  readonly ended: Promise<void>;
  #isUsable = true;
  #isReady = false;
  #running: Running | undefined;

  constructor(
    { isLowPriority }: Pick<WorkerSetup, 'isLowPriority'>,
    private readonly graceMilliseconds = GRACE_MILLISECONDS,
  ) {
    const setup: WorkerSetup = { prelude: PRELUDE, isLowPriority };
    this.#worker = new Worker(WORKER_FILE, {
      name: 'expressions',
      workerData: setup,
      argv: [],
      execArgv: [],
      env: {},
      stdin: false,
      // Not passed on to ours. Nor is it read: a stream that is being read would keep the process alive.
      stdout: true,
      stderr: true,
      resourceLimits: RESOURCE_LIMITS,
    });
    this.#worker.on('message', (message: FromWorker) => {
      this.#receive(message);
    });
    this.#worker.on('error', () => {
      this.#fail({ kind: 'BROKEN' });
    });
    this.ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#fail({ kind: 'BROKEN' });
        resolve();
      });
    });
    // Only now: listening for messages holds the process again.
    this.#worker.unref();
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  /** Whether it has ever got as far as being able to run tasks. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Always settles: the deadline counts from when the worker has the task, and starting is limited too. */
  run(task: Task): Promise<Answer> {
    return new Promise((settle) => {
      this.#worker.ref();
      const limit = new Limit(START_LIMIT_MILLISECONDS, () => {
        this.#fail({ kind: 'BROKEN' });
      });
      this.#running = { task, settle, limit };
      if (this.#isReady) this.#send(this.#running);
    });
  }

  async stop(): Promise<void> {
    this.#fail({ kind: 'BROKEN' });
    await this.ended;
  }

  #send(running: Running): void {
    running.limit.lift();
    running.limit = new Limit(running.task.deadlineMilliseconds + this.graceMilliseconds, () => {
      this.#fail({ kind: 'TIMEOUT' });
    });
    this.#worker.postMessage(running.task);
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'READY':
        this.#isReady = true;
        if (this.#running) this.#send(this.#running);
        return;
      case 'ANSWER':
        if (message.isSpent) this.#fail(message.answer);
        else this.#settle(message.answer);
    }
  }

  /** Ends the thread. A task under way gets `answer`. */
  #fail(answer: Answer): void {
    this.#isUsable = false;
    void this.#worker.terminate();
    this.#settle(answer);
  }

  #settle(answer: Answer): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    running.limit.lift();
    this.#worker.unref();
    running.settle(answer);
  }
}
