import 'reflect-metadata';

import { reasonOf } from '../app/reason.js';
import { systemClock } from '../kernel/clock.js';
import { Cli } from './cli.js';
import { exitCodes } from './exit-codes.js';
import { explain } from './failure.js';
import { Output } from './output.js';
import { createProgram } from './program.js';

const args = process.argv.slice(2);

const output = new Output(process.stdout, process.stderr, args.includes('--json'));
const cli = new Cli(process.env, process.stdin, output, systemClock);

// Whoever reads may have read enough, such as `head`. The work is done to its end all the same, and ends as it would have.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  output.failure({ code: 'FAILED', message: `The result cannot be written: ${reasonOf(error)}` });
  process.exitCode = exitCodes.FAILED.code;
});
process.stderr.on('error', () => undefined);

try {
  await createProgram(cli).parseAsync(args, { from: 'user' });
  process.exitCode ??= exitCodes[cli.outcome].code;
} catch (error) {
  const { outcome, message, advice } = explain(error);
  if (message !== '') output.failure({ code: outcome, message, advice });
  process.exitCode = exitCodes[outcome].code;
}
