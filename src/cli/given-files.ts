import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { z } from 'zod';

import { reasonOf } from '../app/reason.js';
import type { Cli } from './cli.js';
import { CommandFailure } from './failure.js';

/** What a file holds that was named as an argument or by an option; `-` is standard input. */
export async function textIn({ input }: Cli, file: string, what: string): Promise<string> {
  if (file === '-' && input.readableEnded)
    throw new CommandFailure('USAGE', `${what}: standard input can be only one of the files.`);
  try {
    return file === '-' ? await text(input) : await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandFailure('USAGE', `${what} cannot be read: ${reasonOf(error)}`);
  }
}

/** Writes what was asked for into the file that `--output` names. */
export async function writeOutput(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (error) {
    throw new CommandFailure('USAGE', `--output cannot be written: ${reasonOf(error)}`);
  }
}

/** What a file of JSON holds, which has to be of a certain form; the fallback where no file was named. */
export async function jsonIn<T>(
  cli: Cli,
  file: string | undefined,
  option: string,
  schema: z.ZodType<T>,
  fallback: T,
): Promise<T> {
  if (file === undefined) return fallback;
  const parsed = schema.safeParse(parseJson(await textIn(cli, file, `--${option}`), option));
  if (parsed.success) return parsed.data;
  throw new CommandFailure('USAGE', `--${option} ${z.prettifyError(parsed.error)}`);
}

function parseJson(source: string, option: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // What the error would quote of it may be a password.
    throw new CommandFailure('USAGE', `--${option} is no JSON.`);
  }
}
