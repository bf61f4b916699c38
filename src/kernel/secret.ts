import { inspect } from 'node:util';

const MASK = '[secret]';

/**
 * A value that must not be seen: it prints, serialises and inspects as a mask. Only `reveal` gives it out,
 * so that every place which handles the plain value can be found by that word.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
