const [NARROWEST_BAR, WIDEST_BAR] = [5, 30];

/** A terminal, or what stands for one; how wide it is where that is known. */
export interface Screen {
  write(text: string): unknown;
  readonly columns?: number;
}

/** How far long work has come. Shown on one line of a terminal, and nowhere else. */
export class Progress {
  #done = 0;
  #shown = '';

  constructor(
    private readonly screen: Screen | undefined,
    private readonly what: string,
    private readonly total: number,
  ) {}

  advance(): void {
    this.#done += 1;
    const line = progressLine(this.what, this.#done, this.total, this.#width);
    if (line !== this.#shown) this.#show(line);
  }

  /** Takes the line away again. */
  end(): void {
    if (this.#shown === '') return;
    this.#show('');
    this.screen?.write('\r');
  }

  /** Without the last column: behind it, many terminals have the cursor on the next line. Some do not know their width. */
  get #width(): number {
    const { columns = 0 } = this.screen ?? {};
    return (columns > 0 ? columns : 80) - 1;
  }

  #show(line: string): void {
    const rest = Math.min(this.#shown.length, this.#width) - line.length;
    this.screen?.write(`\r${line}${' '.repeat(Math.max(0, rest))}`);
    this.#shown = line;
  }
}

/** Such as `Sealing anew  [######------]  50 % of 200`: it changes a hundred times, however much there is to do. */
function progressLine(what: string, done: number, total: number, width: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const figure = `${String(Math.floor(share * 100)).padStart(3)} % of ${total}`;
  const bar = Math.min(WIDEST_BAR, width - what.length - figure.length - '  [] '.length);
  // Where a bar has no room, the figure alone still says how far it is.
  if (bar < NARROWEST_BAR) return figure.trimStart().slice(0, Math.max(0, width));
  const filled = Math.floor(share * bar);
  return `${what}  [${'#'.repeat(filled)}${'-'.repeat(bar - filled)}] ${figure}`;
}
