import type { JsonObject } from '../kernel/json.js';
import type { Database } from '../persistence/database.js';
import type { BlueprintFolder } from './blueprint-folder.js';
import type { Service } from './service.js';

/**
 * What anybody may know of how this process does, once the database has answered: of the operator's documents, where there
 * are some, how many are applied. Those that are not keep nobody from signing in.
 */
export async function readiness(
  database: Database,
  { blueprints }: Service,
  folder: BlueprintFolder | null,
): Promise<JsonObject> {
  await database.ping();
  if (!folder) return {};
  const present = (await blueprints.outcomes.all()).filter(({ isPresent }) => isPresent);
  const applied = present.filter((outcome) => outcome.applied).length;
  return { blueprints: { applied, failed: present.length - applied, folderIsReadable: folder.isReadable } };
}
