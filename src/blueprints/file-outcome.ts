import { z } from 'zod';

import { isProblemCode } from '../kernel/problem-codes.js';

const problem = z.object({
  path: z.string(),
  code: z.string().refine(isProblemCode),
  message: z.string(),
  severity: z.enum(['ERROR', 'WARNING']),
});

/** How many problems of a file are kept; the file says all of them where it is planned by hand. */
export const MOST_PROBLEMS_KEPT = 20;

/** What has become of a document in the operator's folder, when it was looked at last. */
export const fileOutcome = z.object({
  /** From the folder, such as `teams/engineering.yaml`. */
  file: z.string(),
  /** Whether it was there when somebody looked last. */
  isPresent: z.boolean(),
  /** Of what it held, and of what it uses. */
  fingerprint: z.string(),
  applied: z.boolean(),
  at: z.iso.datetime(),
  /** What the document is called; null where it could not be read so far. */
  name: z.string().nullable(),
  created: z.int(),
  updated: z.int(),
  deleted: z.int(),
  unchanged: z.int(),
  problemCount: z.int(),
  /** The first ones. */
  problems: z.array(problem),
});

export type FileOutcome = z.infer<typeof fileOutcome>;

/** Tells what has become of the documents in the operator's folder. */
export interface FileOutcomes {
  /** By file. */
  all(): Promise<FileOutcome[]>;
}
