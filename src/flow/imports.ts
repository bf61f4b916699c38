import type { ProblemCode } from '../kernel/problem-codes.js';
import type { Actor } from './change.js';

/** What the event log tells of a document of flows that somebody has wanted to be applied. */
export interface ImportedDocument {
  /** What it is called; null where it could not be read so far. */
  readonly name: string | null;
  /** Where it lies in the operator's folder; null where it comes from elsewhere. */
  readonly file: string | null;
}

export interface FailedImport extends ImportedDocument {
  readonly problems: readonly { readonly path: string; readonly code: ProblemCode }[];
}

export interface AppliedImport extends ImportedDocument {
  /** How many objects were made, changed and deleted. */
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
}

export interface ImportLog {
  /** Records that a document could not be applied, and why: by places and codes, for values may be secrets. */
  failed(document: FailedImport, by: Actor): Promise<void>;
}

/** Something that is known of this installation, under a name. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** The part of an edit that tells what it was for. */
export interface ImportRecorder {
  /** Records, in the transaction of the edit, that it has applied a document. */
  recordImport(document: AppliedImport): Promise<void>;
  /** Keeps, in the transaction of the edit, what is true once it has been made. */
  keepFact(fact: Fact): Promise<void>;
}
