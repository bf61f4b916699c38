import { start } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { LOGIN, credentials, find } from '../support/executions.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const startOf = (alias: string) =>
  `${alias}: startFlow(input: { flow: { slug: "default-authentication-flow" }, client: NATIVE }) { id }`;
const times = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => each(index)).join(' ');

let app: TestApp;
let client: TestClient;
let standing: Execution;
beforeAll(async () => {
  app = await startTestApp();
  client = app.client();
  standing = await start(client, { flow: LOGIN, responses: credentials().slice(0, 1) });
});
afterAll(() => app.close());
afterEach(async () => {
  expect((await find(client, standing)).step).toEqual(standing.step);
});

const submitOf = (alias: string) =>
  `${alias}: submitStage(input: { executionId: "${standing.id}", challengeId: "${standing.step.id}", ` +
  `response: { password: { password: "wrong ${alias}" } } }) { id }`;

describe('a document', () => {
  it.each<[string, () => string]>([
    ['two starts', () => `mutation { ${startOf('a')} ${startOf('b')} }`],
    ['two answers', () => `mutation { ${submitOf('a')} ${submitOf('b')} }`],
    ['a start and an answer', () => `mutation { ${startOf('a')} ${submitOf('b')} }`],
    ['a second answer in an inline fragment', () => `mutation { ${submitOf('a')} ... { ${submitOf('b')} } }`],
    [
      'a second answer in a fragment',
      () => `mutation { ${submitOf('a')} ...More } fragment More on Mutation { ${submitOf('b')} }`,
    ],
    [
      'one answer in each of two fragments',
      () =>
        `mutation { ...One ...Two } fragment One on Mutation { ${submitOf('a')} } ` +
        `fragment Two on Mutation { ${submitOf('b')} }`,
    ],
    [
      'answers in a fragment within a fragment',
      () =>
        `mutation { ...One } fragment One on Mutation { ${submitOf('a')} ...Two } ` +
        `fragment Two on Mutation { ${submitOf('b')} }`,
    ],
    [
      'a second answer that is included conditionally',
      () => `mutation { ${submitOf('a')} ${submitOf('b').replace(') {', ') @include(if: true) {')} }`,
    ],
  ])('is refused that takes more than one step: %s', async (_what, document) => {
    const { status, data, errors } = await client.send(document());
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('one step only'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });

  it('may hold several operations of one step each, of which one is run', async () => {
    const query = `mutation A { ${startOf('a')} } mutation B { ${startOf('b')} }`;
    const response = await client.post(JSON.stringify({ query, operationName: 'B' }));
    expect(JSON.parse(await response.text())).toEqual({ data: { b: { id: expect.any(String) } } });
  });

  it.each<[string, string]>([
    ['too deep', `{ viewer { ${'session { '.repeat(15)} id ${'} '.repeat(15)} } }`],
    ['too many aliases', `{ ${times(31, (index) => `a${index}: viewer { id }`)} }`],
    ['too many directives', `{ viewer { id ${'@include(if: true) '.repeat(21)} } }`],
    ['too many words', `{ ${'viewer { id } '.repeat(1200)} }`],
    ['a fragment within itself', '{ ...A } fragment A on Query { viewer { id } ...A }'],
    [
      'fragments that double each other',
      `{ ...F0 } ${times(40, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F40 on Query { viewer { id } }`,
    ],
  ])('is refused that is too much work: %s', async (_what, document) => {
    const { status, data, errors } = await client.send(document);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors[0]?.extensions.code).toMatch(/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/);
  });

  it('that is refused for many reasons does not get an endless answer', async () => {
    const response = await client.post(
      JSON.stringify({ query: `{ ${times(900, (index) => `x${index}`)} }` }),
    );
    expect(response.status).toBe(400);
    expect((await response.text()).length).toBeLessThan(50_000);
  });

  it.each([
    ['of no operation', 'fragment F on Query { viewer { id } }'],
    ['of two without a name to choose', 'query A { viewer { id } } query B { viewer { id } }'],
    ['of a subscription', 'subscription { flowExecutionChanged(id: "x") { id } }'],
    ['of nothing', ' '],
  ])('is refused %s', async (_what, document) => {
    const { status, data, errors } = await client.send(document);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors.length).toBeGreaterThan(0);
  });
});

describe('introspection', () => {
  it('is there in development', async () => {
    const { __schema } = await client.ok('{ __schema { queryType { name } } }');
    expect(__schema.queryType.name).toBe('Query');
  });
});
