import type { BlueprintProblem } from './problem.js';

export type BlueprintAction = 'CREATE' | 'UPDATE' | 'DELETE' | 'UNCHANGED';

/** What applying a document does, or would do, to one object. */
export interface BlueprintChange {
  readonly action: BlueprintAction;
  /** Such as `stage:default-authentication-login`, or `flow:login / stage:password @ 20` for a place. */
  readonly object: string;
  /** Which fields are written, such as `title` or `config.userFields`; none where nothing is. */
  readonly fields: readonly string[];
}

export interface BlueprintResult {
  /** What the document is called; null where it could not be read so far. */
  readonly name: string | null;
  /** Whether the database is as the document says. False for a dry run. */
  readonly applied: boolean;
  /** In the order in which the document names the objects. */
  readonly changes: readonly BlueprintChange[];
  /** With an error among them nothing was applied. */
  readonly problems: readonly BlueprintProblem[];
}
