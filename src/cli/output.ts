import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

import type { Screen } from './progress.js';

type Style = Parameters<typeof styleText>[0];

/**
 * What a command says. Its result goes to standard output and nothing else does, so that it can be piped; what is only
 * for people goes to standard error. There is colour on a terminal, unless NO_COLOR is set.
 */
export class Output {
  constructor(
    private readonly results: Writable,
    private readonly remarks: Writable & Screen & { readonly isTTY?: boolean },
    /** Results are JSON, and so are errors; remarks are left out. */
    readonly json: boolean,
  ) {}

  /** Says a result: as a text to people, as JSON to scripts. */
  result(text: string, data: unknown): void {
    this.results.write(this.json ? `${JSON.stringify(data, null, 2)}\n` : ensuredLine(text));
  }

  /** Says something besides the result, to people. */
  remark(text: string): void {
    if (!this.json) this.remarks.write(ensuredLine(text));
  }

  /** Asks whoever sits at the terminal for something; they type behind it. */
  prompt(text: string): void {
    this.remarks.write(text);
  }

  /** Says why the command has failed. */
  failure(error: {
    readonly code: string;
    readonly message: string;
    readonly advice?: string | undefined;
  }): void {
    const { message, advice } = error;
    if (this.json) {
      this.remarks.write(`${JSON.stringify({ error }, null, 2)}\n`);
      return;
    }
    this.remarks.write(`${styleText('red', message, { stream: this.remarks })}\n`);
    if (advice !== undefined) this.remarks.write(`${advice}\n`);
  }

  /** In colour where results are read on a terminal. */
  paint(style: Style, text: string): string {
    return this.json ? text : styleText(style, text, { stream: this.results });
  }

  /** Where progress can be shown: a terminal that somebody looks at. */
  get screen(): Screen | undefined {
    return this.remarks.isTTY === true && !this.json ? this.remarks : undefined;
  }
}

function ensuredLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
