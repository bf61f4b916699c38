import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Variables } from './server-process.js';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** What somebody types once they are asked for it. */
interface Answer {
  readonly prompt: string;
  readonly typed: string;
}

export interface TerminalEnd {
  readonly code: number;
  /** Everything that stood on the terminal, with the control sequences. */
  readonly shown: string;
}

/** Whether this system has util-linux's `script`; others of that name take other options. */
export function hasTerminals(): boolean {
  return spawnSync('script', ['--version']).status === 0;
}

/** Runs a command of the built command line at a real terminal, as util-linux's `script` makes one. */
export async function atTerminal(
  args: readonly string[],
  variables: Variables,
  answers: readonly Answer[] = [],
): Promise<TerminalEnd> {
  const command = [process.execPath, 'dist/src/cli/main.js', ...args].map((part) => `'${part}'`).join(' ');
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TERM: 'xterm', ...variables };
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    ...{ cwd: project, env, stdio: ['pipe', 'pipe', 'inherit'] },
  });
  const waiting = [...answers];
  let [shown, answered] = ['', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const [next] = waiting;
    const at = next ? shown.indexOf(next.prompt, answered) : -1;
    if (!next || at < 0) return;
    waiting.shift();
    answered = at + next.prompt.length;
    child.stdin.write(`${next.typed}\r`);
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), shown };
}
