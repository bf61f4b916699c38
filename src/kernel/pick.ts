/** The named entries of an object, and no others. */
export function pick<T extends object, Names extends keyof T>(
  from: T,
  names: readonly Names[],
): Pick<T, Names> {
  const picked = Object.fromEntries(names.map((name) => [name, from[name]]));
  // Seam: TypeScript cannot see that these are exactly the named entries.
  // type-coverage:ignore-next-line
  return picked as Pick<T, Names>; // eslint-disable-line @typescript-eslint/consistent-type-assertions -- see above
}
