import { fileOutcome } from '../blueprints/file-outcome.js';
import type { FileOutcome, FileOutcomes } from '../blueprints/file-outcome.js';
import type { Fact } from '../flow/imports.js';
import { SqlSettings } from '../persistence/setting-store.js';
import type { Sql } from '../persistence/tables.js';

const PREFIX = 'blueprint-folder/';

/** What has become of the documents in the operator's folder, for all processes on the database. */
export class FolderOutcomes implements FileOutcomes {
  readonly #settings: SqlSettings;

  constructor(sql: Sql) {
    this.#settings = new SqlSettings(sql);
  }

  async all(): Promise<FileOutcome[]> {
    return (await this.#settings.startingWith(PREFIX)).map((value) => fileOutcome.parse(JSON.parse(value)));
  }

  async keep(outcome: FileOutcome): Promise<void> {
    const { name, value } = outcomeFact(outcome);
    await this.#settings.set(name, value);
  }
}

/** How it is kept. */
export function outcomeFact(outcome: FileOutcome): Fact {
  return { name: PREFIX + outcome.file, value: JSON.stringify(outcome) };
}
