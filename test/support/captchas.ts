import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';

import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';

/** What ALTCHA's widget would give for a puzzle: solved as it solves it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- It comes out of a challenge.
export async function solved(puzzle: any): Promise<string> {
  const solution = await solveChallenge({ challenge: puzzle, deriveKey });
  return encoded({ challenge: puzzle, solution });
}

export function encoded(payload: object): string {
  return Buffer.from(JSON.stringify(payload)).toString('base64');
}

/** Somebody who answers as `siteverify` of the providers does, on this machine. */
export class FakeProvider {
  /** What it was sent, each a form. */
  readonly asked: { path: string; type: string | undefined; form: Record<string, string> }[] = [];
  /** What it answers, where `respond` is not told otherwise. */
  answer: object = { success: true };
  respond: (response: ServerResponse) => void = (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.answer));
  readonly #byDefault = this.respond;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
        this.asked.push({ path: request.url ?? '', type: request.headers['content-type'], form });
        this.respond(response);
      });
    });
  }

  static async start(): Promise<FakeProvider> {
    const provider = new FakeProvider();
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  /** Forgets what it was asked and told. */
  reset(): void {
    this.asked.length = 0;
    this.answer = { success: true };
    this.respond = this.#byDefault;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the provider has no port');
    return `http://127.0.0.1:${address.port}/siteverify`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
