import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { TestClient } from './test-client.js';

export type Variables = Readonly<Record<string, string | undefined>>;

/** How a process has ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const project = fileURLToPath(new URL('../../', import.meta.url));
const running = new Set<ServerProcess>();
const folders: string[] = [];

/** The built server, as a process of its own. What it prints is kept. */
export class ServerProcess {
  readonly ended: Promise<Ending>;
  /** What its connections to a PostgreSQL server are called there. */
  readonly name = `process ${randomUUID()}`;
  #stdout = '';
  #stderr = '';
  readonly #child: ChildProcess;

  /** With a group of its own, what the command starts in turn is killed along with it. */
  constructor(
    command: readonly [string, ...string[]],
    variables: Variables,
    private readonly options: { readonly ownGroup?: boolean } = {},
  ) {
    const [program, ...args] = command;
    // Nothing of the environment that the tests run in but what a shell gives everybody.
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, PORT: '0', PGAPPNAME: this.name, ...variables };
    const detached = options.ownGroup === true;
    const child = spawn(program, args, { cwd: project, env, detached, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdout.on('data', (chunk) => (this.#stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (this.#stderr += String(chunk)));
    running.add(this);
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        running.delete(this);
        resolve({ code, signal });
      });
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Where it listens, such as `http://127.0.0.1:41234`. */
  get address(): string {
    const address = /listening on (http:\S+)\)/.exec(this.#stdout)?.[1];
    if (address === undefined) throw new Error('it does not listen yet');
    return address;
  }

  /** The one-time secret for making the first administrator; undefined where none was printed. */
  get setupToken(): string | undefined {
    return /flowToken: ([\w-]{43})$/m.exec(this.#stdout)?.[1];
  }

  client(): TestClient {
    return new TestClient(this.address);
  }

  /** Settles once it has printed its greeting to the end; fails where it ends before. */
  ready(): Promise<this> {
    return this.says(/until it has been used\.$|Sign in with:/m);
  }

  /** Settles once this was printed or logged; fails where it ends before. */
  async says(what: string | RegExp): Promise<this> {
    const said = new Promise<undefined>((resolve) => {
      const look = (): void => {
        if (`${this.#stdout}\n${this.#stderr}`.match(what)) resolve(undefined);
      };
      this.#child.stdout?.on('data', look);
      this.#child.stderr?.on('data', look);
      look();
    });
    const ending = await Promise.race([said, this.ended]);
    if (ending) throw new Error(`it ended with ${JSON.stringify(ending)}:\n${this.#stderr}`);
    return this;
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    this.#child.kill(signal);
    return this.ended;
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<Ending> {
    const { pid } = this.#child;
    if (this.options.ownGroup === true && pid !== undefined && this.isRunning) process.kill(-pid, 'SIGKILL');
    return this.stop('SIGKILL');
  }
}

/** The server as `npm start` runs it, less the build; not yet ready. */
export function spawnServer(variables: Variables): ServerProcess {
  return new ServerProcess([process.execPath, 'dist/src/main.js'], variables);
}

export async function startServer(variables: Variables): Promise<ServerProcess> {
  return spawnServer(variables).ready();
}

/** What a start says and how it ends that must not succeed. */
export async function refusedStart(
  variables: Variables,
): Promise<Ending & { stdout: string; stderr: string }> {
  const server = spawnServer(variables);
  const ending = await Promise.race([server.ended, server.ready().catch(() => server.ended)]);
  if (ending instanceof ServerProcess) throw new Error(`it started:\n${server.stdout}`);
  return { ...ending, stdout: server.stdout, stderr: server.stderr };
}

/** A folder that `cleanUp` deletes. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-process-'));
  folders.push(folder);
  return folder;
}

/** Kills what still runs and deletes the folders: for `afterEach` or `afterAll`. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...running].map((server) => server.kill()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
