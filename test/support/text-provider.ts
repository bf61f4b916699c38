import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';

/** What a provider was sent, as it came. */
export interface HandedIn {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Respond = (response: ServerResponse) => void;

const taken: Respond = (response) =>
  void response.writeHead(201, { 'content-type': 'application/json' }).end('{"sid":"SM0","status":"queued"}');

/** Somebody who takes text messages, as Twilio and our own protocol hand them in, on this machine. */
export class TextProvider {
  readonly handedIn: HandedIn[] = [];
  /** What it does with one. */
  respond: Respond = taken;
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        this.handedIn.push({ method, path, headers, body: Buffer.concat(chunks).toString('utf8') });
        this.respond(response);
        for (const resolve of this.#waiting.splice(0)) resolve();
      });
    });
  }

  static async start(): Promise<TextProvider> {
    const provider = new TextProvider();
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  /** Forgets what it was handed and told. */
  reset(): void {
    this.handedIn.length = 0;
    this.respond = taken;
  }

  /** Settles once it has been handed so many; the last of them. */
  async handed(count: number): Promise<HandedIn> {
    while (this.handedIn.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const last = this.handedIn[count - 1];
    if (!last) throw new Error('nothing was handed in');
    return last;
  }

  /** What the last of so many said, by our own protocol. */
  async message(count: number): Promise<{ from: string; to: string; text: string }> {
    return JSON.parse((await this.handed(count)).body);
  }

  /** The code that the last of so many said. */
  async code(count: number): Promise<string> {
    return codeIn((await this.message(count)).text);
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the provider has no port');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function codeIn(text: string): string {
  return /#(\d{6})$/.exec(text)?.[1] ?? '';
}
