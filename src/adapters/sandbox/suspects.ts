import type { Settlement } from './pool.js';

const MOST_SUSPECTS = 1000;

/**
 * The sources that took all their time or memory, until one of their evaluations ends in good order again. Where there
 * are too many, the earliest are forgotten.
 */
export class Suspects {
  readonly #sources = new Set<string>();

  has(source: string): boolean {
    return this.#sources.has(source);
  }

  /** Looks at how an evaluation ended. */
  judge(source: string, { kind }: Settlement): void {
    switch (kind) {
      case 'TIMEOUT':
      case 'MEMORY':
      case 'BROKEN':
        this.#add(source);
        return;
      case 'VALUE':
      case 'ERROR':
      case 'UNUSABLE_RESULT':
        this.#sources.delete(source);
        return;
      case 'NEEDS': // it has not ended yet
      case 'BUSY':
      case 'CLOSED':
    }
  }

  #add(source: string): void {
    this.#sources.delete(source);
    this.#sources.add(source);
    const [earliest] = this.#sources;
    if (this.#sources.size > MOST_SUSPECTS && earliest !== undefined) this.#sources.delete(earliest);
  }
}
