import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

import { readingTrouble, storedText } from './file-text.js';
import type { BlueprintEnvironment } from './environment.js';

/** What documents may read of what lies outside of them. */
export interface ExternalSources {
  variable(name: string): Outside;
  file(path: string): Outside;
}

/** The text, undefined where there is none; or that the operator has not allowed it to be read. */
export type Outside = { readonly text: string | undefined } | 'FORBIDDEN';

/** Larger than any text that is put into a configuration. */
const LARGEST_FILE_BYTES = 256 * 1024;

/**
 * What the operator has allowed documents to read: variables that begin with a prefix, and the files of one folder. Throws
 * where that is none.
 */
export function allowedSources({
  filesDirectory,
  variables,
}: Pick<BlueprintEnvironment, 'filesDirectory' | 'variables'>): ExternalSources {
  if (filesDirectory !== null && !statSync(filesDirectory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`STAGEDOOR_BLUEPRINTS_FILES_DIR names ${filesDirectory}, which is no folder.`);
  }
  return {
    variable(name) {
      if (variables === null || !name.startsWith(variables.prefix)) return 'FORBIDDEN';
      return { text: variables.values.get(name) };
    },
    file(path) {
      if (filesDirectory === null) return 'FORBIDDEN';
      // Where it seems to lie first: nobody is to learn by the answer what there is elsewhere.
      const address = resolve(filesDirectory, path);
      if (!isWithin(resolve(filesDirectory), address)) return 'FORBIDDEN';
      return readWithin(filesDirectory, address);
    },
  };
}

/** Whether a path names something in a folder; the folder itself is not in it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function readWithin(folder: string, path: string): Outside {
  try {
    const real = realpathSync(path);
    if (!isWithin(realpathSync(folder), real)) return 'FORBIDDEN';
    // Reading a pipe would wait for whoever writes into it.
    const facts = statSync(real);
    if (!facts.isFile() || facts.size > LARGEST_FILE_BYTES) return { text: undefined };
    return { text: storedText(readFileSync(real)) };
  } catch (error) {
    if (readingTrouble(error) === undefined) throw error;
    return { text: undefined };
  }
}
