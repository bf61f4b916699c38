/** What a union member says itself of what type it is. */
export function tagged(value: object, type: string): object {
  return { ...value, typeName: type };
}

/** Reads the tag again: the `resolveType` of unions. */
export function tagOf(value: object): string | undefined {
  return 'typeName' in value && typeof value.typeName === 'string' ? value.typeName : undefined;
}
