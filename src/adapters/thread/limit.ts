/**
 * Does something once so much time is over, unless it is lifted by then. Where this thread was held up meanwhile, as it
 * is while garbage is collected, what has come in since has its turn first: it may be what was waited for.
 */
export class Limit {
  readonly #timer: NodeJS.Timeout;
  #immediate: NodeJS.Immediate | undefined;

  constructor(milliseconds: number, isOver: () => void) {
    this.#timer = setTimeout(() => {
      this.#immediate = setImmediate(isOver);
    }, milliseconds);
  }

  lift(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }
}
