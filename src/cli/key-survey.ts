import type { KeyRing } from '../identity/key-ring.js';
import { readKeyUses } from '../persistence/key-uses.js';
import type { KeyUse } from '../persistence/key-uses.js';
import { countSealedRows, sealedRows } from '../persistence/sealed-rows.js';
import type { SealedThing } from '../persistence/sealed-rows.js';
import type { Database } from '../persistence/database.js';
import type { Output } from './output.js';
import { Progress } from './progress.js';

/** So much of something is kept under one key. */
export interface KeyTally {
  readonly keyId: string;
  readonly thing: SealedThing | KeyUse['thing'];
  readonly count: number;
}

/** What is kept under which key. */
export interface KeySurvey {
  /** What was sealed with an older key, and is sealed with the first one now. */
  readonly resealed: readonly KeyTally[];
  /** What is sealed, and can be opened. */
  readonly sealed: readonly KeyTally[];
  /** What is sealed, and cannot be opened with the keys that there are. */
  readonly unopenable: readonly KeyTally[];
  /** What only the key itself can check. */
  readonly uses: readonly KeyTally[];
}

/**
 * Looks at everything that is kept under a key, and, where that is wanted, seals anew with the first one what an older
 * one has sealed. It can be interrupted at any time: what has been sealed anew stays so, and the next time goes on.
 */
export async function surveyKeys(
  { sql }: Database,
  keys: KeyRing,
  output: Output,
  reseal: boolean,
): Promise<KeySurvey> {
  const [resealed, sealed, unopenable] = [new Tallies(), new Tallies(), new Tallies()];
  const title = reseal ? 'Sealing anew' : 'Opening what is sealed';
  const progress = new Progress(output.screen, title, await countSealedRows(sql));
  try {
    for await (const row of sealedRows(sql, keys)) {
      if (!row.opens()) unopenable.count(row);
      else if (reseal && row.keyId !== keys.writingKeyId) {
        await row.reseal();
        resealed.count(row);
      } else sealed.count(row);
      progress.advance();
    }
  } finally {
    progress.end();
  }
  const uses = await readKeyUses(sql);
  return { resealed: resealed.list(), sealed: sealed.list(), unopenable: unopenable.list(), uses };
}

class Tallies {
  readonly #counts = new Map<string, KeyTally>();

  count({ keyId, thing }: Pick<KeyTally, 'keyId' | 'thing'>): void {
    const name = JSON.stringify([keyId, thing]);
    const before = this.#counts.get(name)?.count ?? 0;
    this.#counts.set(name, { keyId, thing, count: before + 1 });
  }

  list(): KeyTally[] {
    return [...this.#counts.values()];
  }
}

/** Such as `12 passwords, 3 executions`. */
export function talliesText(tallies: readonly KeyTally[]): string {
  return tallies.map(({ thing, count }) => `${count} ${thing}`).join(', ');
}

export function ofKey(tallies: readonly KeyTally[], keyId: string): KeyTally[] {
  return tallies.filter((tally) => tally.keyId === keyId);
}
