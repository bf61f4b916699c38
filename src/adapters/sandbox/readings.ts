import { readSource } from './syntax.js';
import type { Reading } from './syntax.js';

const MOST_READINGS = 500;

/** Reads sources, and remembers the ones that were used last: the same few are evaluated over and over. */
export class Readings {
  readonly #known = new Map<string, Reading>();

  of(source: string): Reading {
    const reading = this.#known.get(source) ?? readSource(source);
    this.#known.delete(source);
    this.#known.set(source, reading);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_READINGS && oldest !== undefined) this.#known.delete(oldest);
    return reading;
  }
}
