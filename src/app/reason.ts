/** Why something failed, in one line for whoever has to mend it, and without a stack. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A name with several addresses fails once for each, and the whole has no message of its own.
  // type-coverage:ignore-next-line -- the library's declaration says any
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error.cause === undefined ? error.message : `${error.message} ${reasonOf(error.cause)}`;
}
