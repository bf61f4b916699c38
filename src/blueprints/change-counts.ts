import type { BlueprintChange } from './result.js';

/** How many objects a document concerns, by what is done to them. */
export interface ChangeCounts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
}

export function changeCounts(changes: readonly BlueprintChange[]): ChangeCounts {
  const count = (action: BlueprintChange['action']): number =>
    changes.filter((change) => change.action === action).length;
  return {
    created: count('CREATE'),
    updated: count('UPDATE'),
    deleted: count('DELETE'),
    unchanged: count('UNCHANGED'),
  };
}
