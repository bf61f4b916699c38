import type { State } from '../document.js';
import type { Path } from '../problem.js';

/** An object that a tag names: an entry of the document, or whatever has these fields. */
export type Reference =
  | { readonly to: 'entry'; readonly entry: Entry }
  | { readonly to: 'found'; readonly model: string; readonly criteria: Members };

/** In a value, in the place of the key that the relative's database would know the object by. */
export class Named {
  constructor(readonly reference: Reference) {}
}

export interface Members {
  readonly [key: string]: Value;
}

/** What is left of a part of a document once its tags have been given their meaning. */
export type Value = string | number | boolean | null | Named | readonly Value[] | Members;

/** A field of an entry, and where in the document it stands. */
export interface Given {
  readonly value: Value;
  readonly path: Path;
}

export type Fields = ReadonlyMap<string, Given>;

/** What one entry of a document asks for, once its tags have been given their meaning. */
export interface Entry {
  readonly path: Path;
  /** In small letters, such as `authentik_flows.flow`; undefined where it could not be made out. */
  readonly model: string | undefined;
  /** Its condition is false: as if it were not there. */
  readonly skipped: boolean;
  readonly state: State;
  /** By what an object that is there already is found. */
  readonly identifiers: Fields;
  /** What is to be written. */
  readonly written: Fields;
  /** All that is known of the object: what identifies it, and what is written. */
  readonly fields: Fields;
  /** Fields that could not be made out; there is a problem for each. */
  readonly failed: ReadonlySet<string>;
}
