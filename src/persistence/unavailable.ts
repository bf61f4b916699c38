/** PostgreSQL's classes of trouble that pass: connections (08), resources (53), shutting down (57P). */
const PASSING = /^(08|53|57P)/;
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
]);
/** `not queryable` is what a rollback says whose connection has died under its transaction. */
const LOST =
  /Connection terminated|timeout exceeded when trying to connect|terminating connection|is not queryable/i;

/** Whether an error means that the database cannot be reached now, and may be later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (UNREACHABLE.has(code) || PASSING.test(code) || LOST.test(error.message)) return true;
  if (error instanceof AggregateError && partsOf(error).some(isDatabaseUnavailable)) return true;
  return error.cause !== undefined && isDatabaseUnavailable(error.cause);
}

/** A name with several addresses fails once for each. */
function partsOf(error: AggregateError): readonly unknown[] {
  // type-coverage:ignore-next-line -- the library's declaration says any
  return error.errors;
}
