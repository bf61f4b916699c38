import { KnownDocuments, hashOf } from './known-documents.js';

const VIEWER = '{ viewer { id } }';
const OTHER = '{ viewer { username } }';
const HASH = hashOf(VIEWER);
const persistedQuery = (sha256Hash: unknown) => ({ persistedQuery: { version: 1, sha256Hash } });

const some = new KnownDocuments(new Map([[HASH, VIEWER]]), false);
const only = new KnownDocuments(new Map([[HASH, VIEWER]]), true);
const none = new KnownDocuments(new Map(), false);

it('a hash is what every tool takes for it', () => {
  // The example of GraphQL over HTTP, appendix A.
  expect(hashOf('query($id:ID!){user(id:$id){name}}')).toBe(
    '71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b',
  );
});

describe.each([
  ['beside others', some],
  ['to the exclusion of others', only],
])('a document that is known, %s', (_how, documents) => {
  it.each<[string, object]>([
    ['its id', { documentId: `sha256:${HASH}` }],
    ['its bare hash', { documentId: HASH }],
    ["Apollo's extension", { extensions: persistedQuery(HASH) }],
    ['an id beside an empty text', { query: '', documentId: HASH }],
    ['an id beside no text', { query: null, documentId: HASH, extensions: null }],
    ['its text', { query: VIEWER }],
    ['its text and its hash', { query: VIEWER, extensions: persistedQuery(HASH) }],
  ])('is run by %s', (_way, request) => {
    expect(documents.documentOf(request)).toBe(VIEWER);
  });

  it.each(['', 'sha256:', hashOf(OTHER), HASH.toUpperCase(), HASH.slice(1), `md5:${HASH}`, '__proto__'])(
    'is not found by %j',
    (documentId) => {
      expect(documents.documentOf({ documentId })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    },
  );

  it.each<[string, object]>([
    ['an id that is no text', { documentId: 5 }],
    ['an id that is a list', { documentId: [HASH] }],
    ['extensions that are a text', { extensions: HASH }],
    ['an extension that is a text', { extensions: { persistedQuery: HASH } }],
    ['an extension without a hash', { extensions: { persistedQuery: { version: 1 } } }],
    ['another text than its hash says', { query: OTHER, documentId: HASH }],
  ])('is not asked for by %s', (_way, request) => {
    expect(documents.documentOf(request)).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it.each<[string, object]>([
    ['nothing', {}],
    ['an empty text', { query: '' }],
    ['a number', { query: 5 }],
    ['other extensions', { extensions: { tracing: true } }],
  ])('is left to others to miss where there is %s', (_what, request) => {
    expect(documents.documentOf(request)).toBeUndefined();
  });
});

describe('a document that is not known', () => {
  it('is run where known ones are not the only ones', () => {
    expect(some.documentOf({ query: OTHER })).toBe(OTHER);
    expect(some.documentOf({ query: OTHER, extensions: persistedQuery(hashOf(OTHER)) })).toBe(OTHER);
  });

  it.each<[string, object]>([
    ['alone', { query: OTHER }],
    ['with a space more', { query: `${VIEWER} ` }],
    ['with its hash', { query: OTHER, extensions: persistedQuery(hashOf(OTHER)) }],
  ])('is refused where they are: %s', (_way, request) => {
    expect(only.documentOf(request)).toMatchObject({ code: 'PERSISTED_QUERY_REQUIRED' });
  });

  it('does not pass for a known one by a broken character', () => {
    const known = '{ viewer(name: "\uFFFD") { id } }';
    const broken = known.replace('\uFFFD', '\uD800');
    const documents = new KnownDocuments(new Map([[hashOf(known), known]]), true);
    expect(hashOf(broken)).toBe(hashOf(known));
    expect(documents.documentOf({ query: broken })).toBe(known);
  });
});

it('where no documents are known, that is what an id is told', () => {
  expect(none.documentOf({ documentId: HASH })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_SUPPORTED' });
  expect(none.documentOf({ query: OTHER })).toBe(OTHER);
});
