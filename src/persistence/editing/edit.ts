import type { SqlEntityManager } from '@mikro-orm/postgresql';

import type { Actor, Change, ChangedObject } from '../../flow/change.js';
import { changedFields } from '../../flow/changed-fields.js';
import type { ExpectedVersion } from '../../flow/definition-store.js';
import { recordChange } from '../event-rows.js';
import type { SqlTransaction } from '../tables.js';
import { expectVersion } from '../versions.js';

/** One edit of definitions under way: whatever it changes, it records. */
export class DefinitionEdit {
  readonly trx: SqlTransaction;
  #changed = false;

  constructor(
    readonly em: SqlEntityManager,
    readonly by: Actor,
  ) {
    const trx = em.getTransactionContext<SqlTransaction>();
    if (!trx) throw new Error('definitions are edited in transactions');
    this.trx = trx;
  }

  /** Whether anything has been changed so far. */
  get hasChanged(): boolean {
    return this.#changed;
  }

  async record(change: Omit<Change, 'action'> & Partial<Pick<Change, 'action'>>): Promise<void> {
    this.#changed = true;
    await recordChange(this.trx, this.by, { action: 'DEFINITION_CHANGED', ...change });
  }

  async created(object: ChangedObject, fields: object): Promise<void> {
    await this.record({ change: 'CREATED', object, fields: changedFields({}, fields) });
  }

  async deleted(object: ChangedObject): Promise<void> {
    await this.record({ change: 'DELETED', object, fields: [] });
  }

  /**
   * Writes what differs from the row as it is, with the next version; where nothing does, nothing is written. Refuses
   * where the row has another version than the expected one.
   */
  async update(
    object: ChangedObject,
    row: { readonly version: number },
    changes: object,
    expected: ExpectedVersion,
    write: (version: number) => Promise<unknown>,
  ): Promise<void> {
    expectVersion(whatIs(object), row.version, expected ?? null);
    const fields = changedFields(row, changes);
    if (fields.length === 0) return;
    await write(row.version + 1);
    await this.record({ change: 'UPDATED', object, fields });
  }
}

/** Such as `stage binding`. */
function whatIs({ type }: ChangedObject): string {
  return type.toLowerCase().replaceAll('_', ' ');
}
