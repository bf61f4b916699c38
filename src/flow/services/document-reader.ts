import type { ProblemCode } from '../../kernel/problem-codes.js';

/** Hundreds of flows; what is larger is not read, and takes several documents. */
export const LARGEST_DOCUMENT_BYTES = 1024 * 1024;

/** A value as it was written: maps are maps, and what has a tag is an object with that. */
export type WrittenValue =
  | string
  | number
  | boolean
  | null
  | readonly WrittenValue[]
  | ReadonlyMap<string, WrittenValue>
  | { readonly tag: string; readonly value: WrittenValue };

/** Something that is wrong with a document as a document. */
export interface DocumentProblem {
  readonly path: readonly (string | number)[];
  readonly code: ProblemCode;
  readonly message: string;
}

export type ReadDocument =
  | { readonly ok: true; readonly value: WrittenValue }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

/** Reads YAML and JSON that anybody may have written: within limits of size, depth and time, beside everything else. */
export interface DocumentReader {
  read(text: string): Promise<ReadDocument>;
}
