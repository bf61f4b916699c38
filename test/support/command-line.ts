import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import type { Variables } from './server-process.js';

const project = fileURLToPath(new URL('../../', import.meta.url));

export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of the built command line to its end, or until it is killed, with nothing on standard input unless it is given. */
export function stagedoor(
  args: readonly string[],
  variables: Variables,
  input = '',
  signal?: AbortSignal,
): Promise<CommandEnd> {
  return runToEnd([process.execPath, 'dist/src/cli/main.js', ...args], variables, input, signal);
}

/** The same where whoever reads its results goes away at once, as `head` does. */
export async function stagedoorUnheard(
  args: readonly string[],
  variables: Variables,
  input = '',
): Promise<Omit<CommandEnd, 'stdout'>> {
  const child = started([process.execPath, 'dist/src/cli/main.js', ...args], variables);
  child.stdout.destroy();
  child.stdin.end(input);
  const [stderr, code] = await Promise.all([text(child.stderr), endOf(child)]);
  return { code, stderr };
}

/** The same as `stagedoor` for any command in the project's folder. */
export async function runToEnd(
  command: readonly string[],
  variables: Variables,
  input = '',
  signal?: AbortSignal,
): Promise<CommandEnd> {
  const child = started(command, variables);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  // As a crash would.
  signal?.addEventListener('abort', () => child.kill('SIGKILL'));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await endOf(child);
  return { code, stdout, stderr };
}

function started(
  [program = '', ...args]: readonly string[],
  variables: Variables,
): ChildProcessWithoutNullStreams {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...variables };
  return spawn(program, args, { cwd: project, env, stdio: ['pipe', 'pipe', 'pipe'] });
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
