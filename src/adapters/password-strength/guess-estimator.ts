import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Secret } from '../../kernel/secret.js';
import type { GuessEstimate } from '../../flow/services/password-strength.js';
import { LoneThread } from '../thread/lone-thread.js';
import type { EstimateAnswer, EstimateTask } from './estimate-protocol.js';

/** With what is longer, or more, the estimator takes seconds; and nothing beyond makes a password easier to guess. */
const LONGEST_PASSWORD = 100;
const LONGEST_WORD = 40;
const MOST_WORDS = 20;
const LONGEST_MILLISECONDS = 10_000;

/** Beside this very file: `estimate-worker.ts` in tests, `estimate-worker.js` once it is built. */
const WORKER_FILE = new URL(`./estimate-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/** Runs the estimator of zxcvbn in a thread of its own, one password at a time, for it is slow where a password is long. */
export class GuessEstimator {
  readonly #thread = new LoneThread<EstimateTask, EstimateAnswer>(WORKER_FILE, {
    name: 'passwords',
    longestMilliseconds: LONGEST_MILLISECONDS,
  });

  async estimate(password: Secret, contextWords: readonly string[]): Promise<GuessEstimate> {
    const words = contextWords.filter((word) => word !== '').slice(0, MOST_WORDS);
    return this.#thread.run({
      password: password.reveal().slice(0, LONGEST_PASSWORD),
      contextWords: words.map((word) => word.slice(0, LONGEST_WORD)),
    });
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
