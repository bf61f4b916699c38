/** The body of an answer that says what went wrong where GraphQL has not had its turn. */
export function failure(code: string, message: string) {
  return { errors: [{ message, extensions: { code } }] };
}
