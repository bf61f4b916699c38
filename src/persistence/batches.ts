/**
 * Sends what nobody waits for: one batch at a time, and in each everything that has gathered during the one before,
 * once. A batch that fails is reported and not sent again.
 */
export class Batches {
  readonly #gathered = new Set<string>();
  #sending: Promise<void> | undefined;

  constructor(
    private readonly send: (texts: readonly string[]) => Promise<unknown>,
    private readonly report: (error: unknown) => void,
  ) {}

  add(text: string): void {
    this.#gathered.add(text);
    this.#sending ??= this.#sendAll();
  }

  /** Settles once nothing is left to send. */
  async settled(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#gathered.size > 0) {
      const texts = [...this.#gathered];
      this.#gathered.clear();
      try {
        await this.send(texts);
      } catch (error) {
        this.report(error);
      }
    }
    this.#sending = undefined;
  }
}
