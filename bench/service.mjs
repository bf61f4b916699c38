// Servers under measurement, each a process of its own, as it is run in earnest.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from '../test/support/free-port.mjs';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const POLL_MILLISECONDS = 5;
const LONGEST_START_MILLISECONDS = 60_000;

/** What users start. */
export const npmStart = ['npm', 'start'];
/** The same without npm around it, so that the process's own size can be read. */
export const nodeStart = [process.execPath, 'scripts/start.mjs'];
/** The same kind of server with none of Stagedoor in it. */
export const floorStart = [process.execPath, 'bench/floor-server.mjs'];
/** One that tells on purpose who exists. */
export const leakyStart = [process.execPath, 'bench/leaky-server.mjs'];

const running = new Set();

/** Ends whatever still runs, at once. */
export function killServers() {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Starts a server on a port of its own and waits until it is ready.
 *
 * @param {string[]} command
 * @param {Record<string, string>} variables
 */
export async function startServer([program, ...options], variables) {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawn(program, options, {
    cwd: project,
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const complaints = [];
  child.stderr.on('data', (chunk) => complaints.push(chunk));
  const exited = once(child, 'exit');
  while (!(await isReady(address))) {
    const late = performance.now() - startedAt > LONGEST_START_MILLISECONDS;
    if (child.exitCode !== null || late) {
      child.kill('SIGKILL');
      throw new Error(`${[program, ...options].join(' ')} did not start:\n${complaints.join('')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
  const startMilliseconds = performance.now() - startedAt;
  return {
    address,
    startMilliseconds,
    residentMegabytes: () =>
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })) / 1024,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
}

/** How long npm takes before anything of ours runs. */
export function npmMilliseconds() {
  const startedAt = performance.now();
  execFileSync('npm', ['run', '--silent', 'env'], { cwd: project, stdio: ['ignore', 'ignore', 'ignore'] });
  return performance.now() - startedAt;
}

async function isReady(address) {
  try {
    return (await fetch(`${address}/health/ready`)).ok;
  } catch {
    return false;
  }
}
