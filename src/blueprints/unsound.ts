import { placeOf } from './problem.js';
import type { BlueprintProblem, Path } from './problem.js';
import { isMap } from './tree.js';
import type { Tree } from './tree.js';

/** With so many unsound entries there is enough to mend before anything more is looked for. */
const MOST_UNSOUND = 20;

/** What means something else in a regular expression than itself. */
const SPECIAL = /[\\^$.*+?()[\]{}|]/g;

/** What unsound entries name; null where that is not known of each, or there are too many of them. */
export type Unsound = readonly string[] | null;

/** What entries name that can be of no use, whatever there is. */
export function unsoundNames(entries: readonly Tree[], types: readonly string[]): Unsound {
  if (entries.length > MOST_UNSOUND) return null;
  const names = entries.map((entry) =>
    isMap(entry) ? types.flatMap((type) => (typeof entry[type] === 'string' ? [entry[type]] : [])) : [],
  );
  return names.some(({ length }) => length === 0) ? null : names.flat();
}

/**
 * What is wrong with the other entries, but for those that mention what an unsound one names: with these, it may only
 * follow from that.
 */
export function problemsOfOthers(
  names: readonly string[],
  entries: readonly { readonly path: Path; readonly value: object }[],
  problems: readonly BlueprintProblem[],
): readonly BlueprintProblem[] {
  if (names.length === 0) return problems;
  const alternatives = names.map((name) => JSON.stringify(name).slice(1, -1).replaceAll(SPECIAL, '\\$&'));
  // Also within an expression, and as `stage:name`, but not as a part of another name.
  const mention = new RegExp(`(?<![\\w-])(?:${alternatives.join('|')})(?![\\w-])`);
  const concerned = new Set(
    entries.flatMap(({ path, value }) => (mention.test(JSON.stringify(value)) ? [path[1]] : [])),
  );
  return problems.filter(({ path }) => !concerned.has(placeOf(path)[1]));
}
