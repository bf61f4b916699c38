import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { Secret } from '../kernel/secret.js';
import type { Cli } from './cli.js';
import { CommandFailure } from './failure.js';

const MOST_CHARACTERS = 10_000;

/** The first line of standard input: for scripts. */
export async function passwordFromInput({ input }: Cli): Promise<Secret> {
  const given = await text(input);
  if (given.length > MOST_CHARACTERS)
    throw new CommandFailure('USAGE', 'What standard input brings is too long for a password.');
  const [line = ''] = given.split(/\r?\n/, 1);
  if (line === '') throw new CommandFailure('USAGE', 'Standard input brings no password.');
  return new Secret(line);
}

/** Asks for a new password, twice, at a terminal that does not show it. */
export async function askForPassword({ input, output }: Cli, prompt: string): Promise<Secret> {
  // What is typed is echoed into nothing.
  const nowhere = new Writable({ write: (_chunk: Buffer, _encoding, done) => done() });
  const terminal = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  let interrupted = false;
  terminal.on('SIGINT', () => {
    interrupted = true;
    terminal.close();
  });
  // Whoever stopped it by Ctrl-Z would be left with a terminal that shows the rest of the password.
  terminal.on('SIGTSTP', () => undefined);
  // One after the other, also where several come at once, as when they are pasted.
  const lines: AsyncIterator<string, unknown, undefined> = terminal[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string> => {
    output.prompt(question);
    const line = await lines.next();
    output.prompt('\n');
    if (!line.done) return line.value;
    throw interrupted ? new CommandFailure('FAILED', 'Interrupted.') : nothingTyped();
  };
  try {
    const first = await ask(`${prompt}: `);
    if (first === '') throw nothingTyped();
    if (first !== (await ask('The same once more: ')))
      throw new CommandFailure('USAGE', 'The two passwords differ.');
    return new Secret(first);
  } finally {
    terminal.close();
  }
}

function nothingTyped(): CommandFailure {
  return new CommandFailure('USAGE', 'No password was typed.');
}
