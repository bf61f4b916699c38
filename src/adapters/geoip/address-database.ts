import { stat } from 'node:fs/promises';
import { isIPv6 } from 'node:net';

import type { Reader, Response } from 'maxmind';
import type { z } from 'zod';

/** A file, what it has to be, and what of its records is read. */
interface Source<Fields> {
  readonly path: string;
  /** The variable that names the file. */
  readonly variable: string;
  /** What the database's type says somewhere. */
  readonly types: RegExp;
  readonly record: z.ZodType<Fields>;
}

/** A file that has been read, and by what it is told from another one in its place. */
interface Loaded {
  readonly reader: Reader<Response>;
  readonly version: string;
}

/** A MaxMind database, held in memory. */
export class AddressDatabase<Fields> {
  private constructor(
    private readonly source: Source<Fields>,
    private loaded: Loaded,
  ) {}

  /** Rejects, with the reason, where the file is no such database. */
  static async open<Fields>(source: Source<Fields>): Promise<AddressDatabase<Fields>> {
    const loaded = await load(source, undefined);
    return new AddressDatabase(source, loaded);
  }

  /** What is known of an address; null where nothing is, or nothing that can be understood. */
  find(address: string): Fields | null {
    const { reader } = this.loaded;
    if (reader.metadata.ipVersion === 4 && isIPv6(address)) return null;
    try {
      return this.source.record.safeParse(reader.get(address)).data ?? null;
    } catch {
      // A damaged file: where an address is, is a hint that nobody may fail for.
      return null;
    }
  }

  /** Reads the file again where it is another one than before. Rejects where that is no such database. */
  async reloadIfReplaced(): Promise<void> {
    this.loaded = await load(this.source, this.loaded);
  }
}

/** What the file holds now; `before` where that is the same file still. */
async function load(source: Source<unknown>, before: Loaded | undefined): Promise<Loaded> {
  const { path, variable, types } = source;
  try {
    const version = await versionOf(path);
    return version === before?.version ? before : { reader: await read(path, types), version };
  } catch (cause) {
    throw new Error(`${variable} names ${path}, which cannot be used:`, { cause });
  }
}

async function versionOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path);
  return [ino, size, mtimeMs].join(' ');
}

async function read(path: string, types: RegExp): Promise<Reader<Response>> {
  // Most installations have no such database: they need not wait for the library.
  const { open } = await import('maxmind');
  const reader = await open(path);
  const { databaseType } = reader.metadata;
  if (!types.test(databaseType)) throw new Error(`it is a database of the type ${databaseType}.`);
  return reader;
}
