import type { Actor } from '../flow/change.js';
import type { DefinitionEditor, DefinitionStore } from '../flow/definition-store.js';
import type { KeyRing } from '../identity/key-ring.js';
import { advanceCatalogue, lockCatalogue } from './catalogue-version.js';
import { asRefusal } from './constraints.js';
import type { Database } from './database.js';
import { DefinitionEdit } from './editing/edit.js';
import { flowEditor } from './editing/flows.js';
import { policyEditor } from './editing/policies.js';
import { stageEditor } from './editing/stages.js';
import { KeptStageSecrets } from './stage-secrets.js';

export class OrmDefinitionStore implements DefinitionStore {
  readonly #secrets: KeptStageSecrets;

  constructor(
    private readonly database: Database,
    keys: KeyRing,
  ) {
    this.#secrets = new KeptStageSecrets(keys);
  }

  async edit<T>(work: (editor: DefinitionEditor) => Promise<T>, by: Actor): Promise<T> {
    try {
      return await this.database.fork().transactional(async (em) => {
        const edit = new DefinitionEdit(em, by);
        await lockCatalogue(edit.trx);
        const result = await work({
          ...flowEditor(edit),
          ...stageEditor(edit, this.#secrets),
          ...policyEditor(edit),
        });
        if (edit.hasChanged) await advanceCatalogue(edit.trx);
        return result;
      });
    } catch (error) {
      throw asRefusal(error);
    }
  }
}
