import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** How the simple queries that begin and commit look on their way to the server. */
const BEGIN = Buffer.from('begin\0');
const COMMIT = Buffer.from('commit\0');
/** What a step of a flow does before it commits, and housekeeping does not. */
const STEP = Buffer.from('update "execution"');

/** A way to a PostgreSQL server that a test can cut. */
export class PostgresProxy {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #isCut = false;
  #losing: 'COMMIT' | 'ANSWER' | undefined;

  private constructor(private readonly target: URL) {
    this.#server = createServer((client) => this.#join(client));
  }

  static async to(databaseUrl: string): Promise<PostgresProxy> {
    const proxy = new PostgresProxy(new URL(databaseUrl));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The address of the same database, by this way. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    const url = new URL(this.target);
    url.host = `127.0.0.1:${address.port}`;
    return url.href;
  }

  /** Ends every connection; new ones are ended as well, until `restore`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  /**
   * The connection of the next transaction that changes an execution dies at its commit: before the server hears of it,
   * or before its answer comes.
   */
  loseNextCommit(what: 'COMMIT' | 'ANSWER'): void {
    this.#losing = what;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    if (this.#isCut) {
      client.destroy();
      return;
    }
    const server = connect(Number(this.target.port || 5432), this.target.hostname);
    let isStep = false;
    let swallowing = false;
    const part = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', part);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        part();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (chunk.includes(BEGIN)) isStep = false;
      if (chunk.includes(STEP)) isStep = true;
      if (this.#losing !== undefined && isStep && chunk.includes(COMMIT)) {
        swallowing = this.#losing === 'ANSWER';
        this.#losing = undefined;
        if (!swallowing) return part();
      }
      server.write(chunk);
    });
    // The server answers a commit once it has been carried out.
    server.on('data', (chunk: Buffer) => (swallowing ? part() : client.write(chunk)));
  }
}
