import type { Actor } from '../flow/change.js';
import type { DefinitionEditor, DefinitionStore, EditScene } from '../flow/definition-store.js';
import type { DescribeFlow, FlowVersionReason } from '../flow/flow-versions.js';
import type { KeyRing } from '../identity/key-ring.js';
import { rightsOfActor } from './access-store.js';
import { readDefinitions } from './catalogue-store.js';
import { advanceCatalogue, lockCatalogue } from './catalogue-version.js';
import { asRefusal } from './constraints.js';
import type { Database } from './database.js';
import { companionEditor } from './editing/companions.js';
import { DefinitionEdit } from './editing/edit.js';
import { flowEditor } from './editing/flows.js';
import { policyEditor } from './editing/policies.js';
import { stageEditor } from './editing/stages.js';
import { recordImport } from './import-log.js';
import { FlowVersionRecorder } from './flow-version-recorder.js';
import { SqlNamedObjects } from './named-objects.js';
import { SqlSettings } from './setting-store.js';
import { KeptStageSecrets } from './stage-secrets.js';

type Work<T> = (editor: DefinitionEditor, scene: EditScene) => Promise<T>;

/** Ends the transaction of a rehearsal: nothing of it is kept. */
class Rehearsed extends Error {}

export class OrmDefinitionStore implements DefinitionStore {
  readonly #secrets: KeptStageSecrets;
  readonly #versions: FlowVersionRecorder;

  constructor(
    private readonly database: Database,
    keys: KeyRing,
    describe: DescribeFlow,
  ) {
    this.#secrets = new KeptStageSecrets(keys);
    this.#versions = new FlowVersionRecorder(describe);
  }

  async edit<T>(work: Work<T>, by: Actor, reason: FlowVersionReason = 'CHANGED'): Promise<T> {
    try {
      return await this.database.fork().transactional(async (em) => {
        const edit = new DefinitionEdit(em, by);
        const { trx } = edit;
        await lockCatalogue(trx);
        const editor: DefinitionEditor = {
          ...flowEditor(edit),
          ...stageEditor(edit, this.#secrets),
          ...policyEditor(edit),
          ...companionEditor(edit),
          recordImport: (document) => recordImport(trx, by, document),
          keepFact: ({ name, value }) => new SqlSettings(trx).set(name, value),
        };
        const result = await work(editor, {
          catalogue: () => readDefinitions(trx),
          named: new SqlNamedObjects(trx),
          rights: () => rightsOfActor(trx, by),
        });
        if (edit.hasChanged) {
          await advanceCatalogue(trx);
          await this.#versions.record(trx, by, reason);
        }
        return result;
      });
    } catch (error) {
      throw asRefusal(error);
    }
  }

  async rehearse<T extends object>(work: Work<T>, by: Actor): Promise<T> {
    const results: T[] = [];
    try {
      await this.edit(async (editor, scene) => {
        results.push(await work(editor, scene));
        throw new Rehearsed();
      }, by);
    } catch (error) {
      if (!(error instanceof Rehearsed)) throw error;
    }
    const [result] = results;
    if (result === undefined) throw new Error('a rehearsal that comes to nothing');
    return result;
  }

  /**
   * Makes a version of every flow that is not what its newest version says: of those from before versions were kept,
   * and of what something else than the service has changed. Says of how many.
   */
  async recordWhatIsThere(by: Actor): Promise<number> {
    return this.database.sql.transaction().execute(async (trx) => {
      await lockCatalogue(trx);
      const made = await this.#versions.record(trx, by, 'STARTED');
      if (made > 0) await advanceCatalogue(trx);
      return made;
    });
  }
}
