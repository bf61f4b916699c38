import { PassThrough } from 'node:stream';

import { systemClock } from '../kernel/clock.js';
import { Cli } from './cli.js';
import { CommandFailure } from './failure.js';
import { Output } from './output.js';
import { askForPassword } from './password-input.js';

const [CTRL_C, CTRL_D, CTRL_Z, BACKSPACE] = ['\u0003', '\u0004', '\u001A', '\u007F'];

/** Somebody types, each text once the next question stands there; what they see of it, and what it comes to. */
async function typed(...texts: string[]): Promise<{ shown: string; password: string }> {
  const [input, results, screen] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let shown = '';
  screen.on('data', (chunk) => {
    shown += String(chunk);
    if (shown.endsWith(': ')) input.write(texts.shift() ?? '');
  });
  const cli = new Cli({}, input, new Output(results, screen, true), systemClock);
  const password = await askForPassword(cli, 'New password').then(
    (secret) => secret.reveal(),
    (error: unknown) => {
      if (error instanceof CommandFailure) return `${error.outcome}: ${error.message}`;
      throw error;
    },
  );
  return { shown, password };
}

const ASKED_TWICE = 'New password: \nThe same once more: \n';

describe('a password at a terminal', () => {
  it('is asked for twice and never shown, and can be corrected while it is typed', async () => {
    expect(await typed(`schöne Grüßx${BACKSPACE}e\r`, 'schöne Grüße\r')).toEqual({
      ...{ shown: ASKED_TWICE, password: 'schöne Grüße' },
    });
    expect(await typed('one\r', 'another\r')).toEqual({
      ...{ shown: ASKED_TWICE, password: 'USAGE: The two passwords differ.' },
    });
  });

  it('can be pasted with its repetition at once', async () => {
    expect(await typed('a passphrase\na passphrase\n')).toEqual({
      ...{ shown: ASKED_TWICE, password: 'a passphrase' },
    });
  });

  it('is not waited for any more once the input has ended, or somebody has had enough', async () => {
    expect(await typed(CTRL_D)).toEqual({
      shown: 'New password: \n',
      password: 'USAGE: No password was typed.',
    });
    expect((await typed('abc\r', CTRL_D)).password).toBe('USAGE: No password was typed.');
    expect(await typed('\r')).toEqual({
      shown: 'New password: \n',
      password: 'USAGE: No password was typed.',
    });
    expect((await typed(`abc${CTRL_C}`)).password).toBe('FAILED: Interrupted.');
  });

  // Where it can, it is this process that stops, and the tests with it.
  it('cannot be left by Ctrl-Z: the terminal would show the rest of it', async () => {
    expect((await typed(`abc${CTRL_Z}d\r`, 'abcd\r')).password).toBe('abcd');
  });
});
