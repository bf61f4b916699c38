import { readFileSync } from 'node:fs';

import { buildSchema, parse, validate } from 'graphql';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const schema = buildSchema(read('../../schema.graphql'));
/** Blocks may hold several operations without names, which one document may not: each is looked at by itself. */
const documents = [...read('../../README.md').matchAll(/```graphql\n([\s\S]*?)```/g)].flatMap(
  ([, block = '']) => block.split(/^(?=query|mutation)/m).filter((document) => document.trim() !== ''),
);

describe("the README's GraphQL", () => {
  it('is there', () => {
    expect(documents.length).toBeGreaterThanOrEqual(5);
  });

  it.each(documents)('can be sent as it is: %s', (document) => {
    expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
  });
});
