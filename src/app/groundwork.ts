import { keepDevelopmentKeys } from '../adapters/data-folder/key-file.js';
import { lockFolder } from '../adapters/data-folder/lock.js';
import { openLocations } from '../adapters/geoip/locations.js';
import type { FileLocations } from '../adapters/geoip/locations.js';
import { parseKeys } from '../environment.js';
import type { Environment } from '../environment.js';
import { KeyRing } from '../identity/key-ring.js';
import { openDatabase } from '../persistence/database.js';
import type { Database, DatabaseLocation } from '../persistence/database.js';

/** What the service stands on, whoever runs it: a start, or a single command. */
export interface Groundwork {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly locations: FileLocations;
  close(): Promise<void>;
}

/**
 * Opens the database, for this process alone where it is a folder, with the keys and the places of addresses. The
 * database is neither read nor written yet. Tests have theirs in memory.
 */
export async function openGroundwork(
  environment: Environment,
  inMemory?: 'empty' | Blob,
): Promise<Groundwork> {
  const location = databaseLocation(environment, inMemory);
  const unlock = location.type === 'folder' ? await lockFolder(location.path) : undefined;
  try {
    const locations = await openLocations(environment.geoip);
    const keys = new KeyRing(environment.secretKeys ?? developmentKeys(environment.dataDirectory));
    const database = await openDatabase(location);
    return {
      ...{ database, keys, locations },
      async close() {
        await database.close();
        await unlock?.();
      },
    };
  } catch (error) {
    await unlock?.();
    throw error;
  }
}

/** The keys of an installation that is not told any: made at the first use, and kept in its data folder. */
export function developmentKeys(folder: string): ReturnType<typeof parseKeys> {
  const keys = keepDevelopmentKeys(folder);
  try {
    return parseKeys(keys);
  } catch (error) {
    throw new Error(`the file secret-keys in ${folder} cannot be used.`, { cause: error });
  }
}

/** Where the environment says that the data is. */
export function databaseLocation(
  { databaseUrl, dataDirectory }: Environment,
  inMemory?: 'empty' | Blob,
): DatabaseLocation {
  if (databaseUrl !== null) return { type: 'server', url: databaseUrl };
  if (inMemory === undefined) return { type: 'folder', path: dataDirectory };
  return { type: 'memory', dump: inMemory === 'empty' ? undefined : inMemory };
}
