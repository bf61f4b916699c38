import type { BlueprintProblem } from './problem.js';

/** A value with a YAML tag such as `!KeyOf`: what it means is for the format to say. */
export class Tagged {
  constructor(
    /** With its exclamation mark. */
    readonly tag: string,
    readonly value: Tree,
  ) {}
}

/** A document as it was written, before anybody has said what it means. */
export type Tree = string | number | boolean | null | Tagged | readonly Tree[] | TreeMap;

export interface TreeMap {
  readonly [key: string]: Tree;
}

export type ReadTree =
  | { readonly ok: true; readonly tree: Tree }
  | { readonly ok: false; readonly problems: readonly BlueprintProblem[] };

export function isList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree);
}

export function isMap(tree: Tree | undefined): tree is TreeMap {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree) && !(tree instanceof Tagged);
}
