import { readFileSync, readdirSync } from 'node:fs';

import { buildSchema, parse, validate } from 'graphql';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const schema = buildSchema(read('../../schema.graphql'));
/** Blocks may hold several operations without names, which one document may not: each is looked at by itself. */
const docs = readdirSync(new URL('../../docs/', import.meta.url)).map((name) => `docs/${name}`);
const texts = ['README.md', ...docs].map((file) => read(`../../${file}`)).join('\n');
const documents = [...texts.matchAll(/```graphql\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block.split(/^(?=query|mutation)/m).filter((document) => document.trim() !== ''),
);

describe('the GraphQL of the README and of docs/', () => {
  it('is there', () => {
    expect(documents.length).toBeGreaterThanOrEqual(5);
  });

  it.each(documents)('can be sent as it is: %s', (document) => {
    expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
  });
});
