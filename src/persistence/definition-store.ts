import type { SqlEntityManager } from '@mikro-orm/postgresql';

import type { Actor } from '../flow/change.js';
import type { DefinitionEditor, DefinitionStore } from '../flow/definition-store.js';
import { asRefusal } from './constraints.js';
import type { Database } from './database.js';
import { DefinitionEdit } from './editing/edit.js';
import { flowEditor } from './editing/flows.js';
import { policyEditor } from './editing/policies.js';
import { stageEditor } from './editing/stages.js';

export class OrmDefinitionStore implements DefinitionStore {
  constructor(private readonly database: Database) {}

  async edit<T>(work: (editor: DefinitionEditor) => Promise<T>, by: Actor): Promise<T> {
    try {
      return await this.database.fork().transactional(async (em) => {
        await lockVersion(em);
        const edit = new DefinitionEdit(em, by);
        const result = await work({ ...flowEditor(edit), ...stageEditor(edit), ...policyEditor(edit) });
        if (edit.hasChanged) await advanceVersion(em);
        return result;
      });
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

/** Takes the lock that edits wait for: whatever an edit reads of the definitions stays so until it ends. */
async function lockVersion(em: SqlEntityManager): Promise<void> {
  await em.execute(
    `insert into "catalogue_version" ("id", "version") values (1, 0)
     on conflict ("id") do update set "version" = "catalogue_version"."version"`,
  );
}

/** Makes every node read the definitions again. */
async function advanceVersion(em: SqlEntityManager): Promise<void> {
  await em.execute(`update "catalogue_version" set "version" = "version" + 1 where "id" = 1`);
}
