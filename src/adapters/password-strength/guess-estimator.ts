import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import PQueue from 'p-queue';

import type { Secret } from '../../kernel/secret.js';
import type { GuessEstimate } from '../../flow/services/password-strength.js';
import type { EstimateAnswer, EstimateTask } from './estimate-protocol.js';

/** With what is longer, or more, the estimator takes seconds; and nothing beyond makes a password easier to guess. */
const LONGEST_PASSWORD = 100;
const LONGEST_WORD = 40;
const MOST_WORDS = 20;
const LONGEST_QUEUE = 64;
const LONGEST_MILLISECONDS = 10_000;

/** Beside this very file: `estimate-worker.ts` in tests, `estimate-worker.js` once it is built. */
const WORKER_FILE = new URL(`./estimate-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/**
 * Runs the estimator of zxcvbn in a thread of its own, one password at a time, for it is slow where a password is long. The
 * thread is started when it is first needed and keeps no process alive. One that takes too long is ended.
 */
export class GuessEstimator {
  readonly #queue = new PQueue({ concurrency: 1 });
  #worker: Worker | undefined;

  async estimate(password: Secret, contextWords: readonly string[]): Promise<GuessEstimate> {
    if (this.#queue.size >= LONGEST_QUEUE) throw new Error('too many passwords wait to be estimated');
    const words = contextWords.filter((word) => word !== '').slice(0, MOST_WORDS);
    const task: EstimateTask = {
      password: password.reveal().slice(0, LONGEST_PASSWORD),
      contextWords: words.map((word) => word.slice(0, LONGEST_WORD)),
    };
    return this.#queue.add(() => this.#run(task));
  }

  async close(): Promise<void> {
    this.#queue.clear();
    await this.#worker?.terminate();
  }

  #run(task: EstimateTask): Promise<EstimateAnswer> {
    const worker = this.#worker ?? this.#start();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => void worker.terminate(), LONGEST_MILLISECONDS);
      const settled = (): void => {
        clearTimeout(timer);
        worker.off('message', answered).off('exit', ended);
        worker.unref();
      };
      const answered = (answer: EstimateAnswer): void => {
        settled();
        resolve(answer);
      };
      const ended = (): void => {
        settled();
        reject(new Error('the strength of the password could not be estimated'));
      };
      worker.ref();
      worker.on('message', answered).on('exit', ended);
      worker.postMessage(task);
    });
  }

  #start(): Worker {
    const worker = new Worker(WORKER_FILE, { name: 'passwords', argv: [], execArgv: [], env: {} });
    // One that fails is gone after that: whoever waits for it is told there, and the next one gets another.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    this.#worker = worker;
    return worker;
  }
}
