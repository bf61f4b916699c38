import { buildSchema } from 'graphql';

import { readManifest } from './document-manifest.js';
import { hashOf } from './known-documents.js';

const schema = buildSchema('type Query { viewer: User } type User { id: ID, friend: User }');
const VIEWER = 'query Viewer { viewer { id } }';
const FRIEND = 'query Friend { viewer { friend { id } } }';
const SCHEMA = '{ __schema { queryType { name } } }';
const byHash = (...documents: string[]) => Object.fromEntries(documents.map((text) => [hashOf(text), text]));
const operations = (...bodies: string[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: bodies.map((body) => ({ id: hashOf(body), body, name: 'Name', type: 'query' })),
});

function problemOf(manifest: unknown, production = false): string {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  try {
    readManifest(text, { schema, production });
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  return 'nothing is wrong';
}

describe('a manifest', () => {
  it.each<[string, unknown]>([
    ['as GraphQL Code Generator writes it', byHash(VIEWER, FRIEND)],
    ['as Apollo writes it', operations(VIEWER, FRIEND)],
    ['with the name of its hash', { [`sha256:${hashOf(VIEWER)}`]: VIEWER, [hashOf(FRIEND)]: FRIEND }],
  ])('is read %s', (_how, manifest) => {
    const documents = readManifest(JSON.stringify(manifest), { schema, production: true });
    expect(documents).toEqual(new Map(Object.entries(byHash(VIEWER, FRIEND))));
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{"', /is not JSON/],
    ['no object', '[]', /neither an object of documents/],
    ['texts of another kind', { [hashOf(VIEWER)]: { text: VIEWER } }, /neither an object of documents/],
    ['an operation manifest of tomorrow', { ...operations(VIEWER), version: 2 }, /version 1/],
    ['operations without a body', { ...operations(), operations: [{ id: 'a' }] }, /neither/],
    ['empty', {}, /holds no document/],
    ['empty, and Apollo’s', operations(), /holds no document/],
  ])('is refused that is %s', (_what, manifest, problem) => {
    expect(problemOf(manifest)).toMatch(problem);
  });

  it.each<[string, string, RegExp]>([
    ['is no GraphQL', 'query Viewer {', /: Syntax Error/],
    ['asks for what is not there', 'query Viewer { viewer { name } }', / query Viewer: .*"name"/],
    ['has no operation that could be run', 'fragment F on User { id }', /Fragment "F" is never used/],
    ['is too deep', `{ viewer { ${'friend { '.repeat(15)} id ${'} '.repeat(15)} } }`, /depth limit/i],
    ['has too many words', `{ viewer { ${'id '.repeat(4001)} } }`, /4000 tokens/],
  ])('is refused with a document that %s', (_what, document, problem) => {
    const problems = problemOf(byHash(VIEWER, document));
    expect(problems).toMatch(problem);
    expect(problems).toContain(hashOf(document));
    expect(problems).not.toContain(hashOf(VIEWER));
  });

  it('is refused with a document that is not what its hash says', () => {
    expect(problemOf({ [hashOf(FRIEND)]: VIEWER })).toBe(
      `\n  ${hashOf(FRIEND)} query Viewer: this is not the SHA-256 of the document.`,
    );
    expect(problemOf({ '0a1b2c': VIEWER })).toContain('0a1b2c query Viewer: this is not the SHA-256');
  });

  it('may ask for the schema where clients may', () => {
    expect(problemOf(byHash(SCHEMA))).toBe('nothing is wrong');
    expect(problemOf(byHash(SCHEMA), true)).toMatch(/query without a name: .*introspection/);
  });

  it('that is wrong all over says so in a few lines', () => {
    const wrong = Array.from({ length: 50 }, (_, index) => `{ x${index} }`);
    const lines = problemOf(byHash(...wrong)).split('\n  ');
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('and 30 more');
  });
});
