import { readdirSync } from 'node:fs';

import { runToEnd } from '../support/command-line.js';

/** These do their work as soon as they are loaded; they load the others. */
const PROGRAMS = ['run.mjs', 'floor-server.mjs', 'leaky-server.mjs'];

it('what is measured is there by the names that the benchmarks know', async () => {
  const parts = readdirSync('bench').filter((file) => file.endsWith('.mjs') && !PROGRAMS.includes(file));
  const imports = parts.map((file) => `await import('./bench/${file}');`).join('\n');
  const command = [process.execPath, '--input-type=module', '--eval', imports];
  expect(await runToEnd(command, {})).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(parts.length).toBeGreaterThan(5);
});
