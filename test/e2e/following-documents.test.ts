import { LOGIN, VIEWER, credentials } from '../support/executions.js';
import { start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { FOLLOW, followingLate, followingOf, nextExecution, transports } from '../support/following.js';
import type { Operation } from '../support/following.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const CANARY = 'canary7Qx8DoNotRepeat';
const FRIEND = 'https://app.example.org';
const PUBLIC = 'https://id.example.org';
const EVENTS = 'text/event-stream';
const [identification = {}] = credentials();
const times = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => each(index)).join(' ');
const subscriptionOf = (selection: string) =>
  `subscription { flowExecutionChanged(id: "x") { ${selection} } }`;

let app: TestApp;
let client: TestClient;
let execution: Execution;
beforeAll(async () => {
  app = await startTestApp({
    NODE_ENV: 'production',
    STAGEDOOR_PUBLIC_URL: PUBLIC,
    STAGEDOOR_ALLOWED_ORIGINS: FRIEND,
    LOG_LEVEL: 'trace',
  });
  client = app.client();
  execution = await start(client, { flow: LOGIN });
});
afterAll(() => app.close());

describe.each(transports)('a document that comes %s', (_way, subscribe) => {
  /** The errors that the operation is refused with: as a result, or as the client's library throws them. */
  async function refusal(operation: Operation) {
    const results = subscribe({ address: app.address, client }, operation);
    try {
      return (await results.next()).value.errors;
    } catch (errors) {
      return errors;
    }
  }

  it.each([
    ['a query', VIEWER],
    ['a mutation', 'mutation { startFlow(input: { flow: { slug: "default-authentication-flow" } }) { id } }'],
  ])('is refused that holds %s, and is told where to send it', async (_what, query) => {
    expect(await refusal({ query })).toMatchObject([
      { message: expect.stringMatching(/by POST.*application\/json/), extensions: { code: 'BAD_REQUEST' } },
    ]);
  });

  it.each<[string, string, RegExp]>([
    ['is no GraphQL', `subscription { ${CANARY}`, /PARSE/],
    ['has too many words', subscriptionOf(times(1400, () => 'flow { slug }')), /PARSE/],
    ['asks for what is not there', subscriptionOf('i'), /VALIDATION/],
    [
      'asks for two things',
      `subscription { ${times(2, (n) => `a${n}: flowExecutionChanged(id: "x") { id }`)} }`,
      /VALIDATION/,
    ],
    ['asks for the schema', 'subscription { __schema { types { name } } }', /VALIDATION/],
    ['names no operation', 'subscription A { a: __typename } subscription B { b: __typename }', /VALIDATION/],
    ['holds no operation', 'fragment F on FlowExecution { id }', /VALIDATION|RESOLUTION/],
  ])('is refused that %s', async (_what, query, code) => {
    const [error] = await refusal({ query });
    expect(error.extensions.code).toMatch(code);
    expect(error.message).not.toMatch(new RegExp(`${CANARY}|did you mean`, 'i'));
  });

  it.each<[string, string, RegExp]>([
    ['depth', subscriptionOf(`${'flow { '.repeat(15)} slug ${'} '.repeat(15)}`), /depth limit/i],
    ['aliases', subscriptionOf(times(31, (index) => `a${index}: id`)), /aliases limit/i],
    ['directives', subscriptionOf(`id ${'@include(if: true) '.repeat(21)}`), /directives limit/i],
  ])('is refused for too much work: %s', async (_what, query, message) => {
    const errors = await refusal({ query });
    expect(errors).toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(message),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      }),
    );
  });

  it('is refused whose name is none of its operations', async () => {
    const [error] = await refusal({ ...followingOf(execution), operationName: 'Other' });
    expect(error.extensions.code).toBe('OPERATION_RESOLUTION_FAILURE');
  });

  it('is refused whose variables do not fit, without repeating them', async () => {
    const variables = { id: { [CANARY]: CANARY } };
    const errors = await refusal({ query: FOLLOW, variables });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(JSON.stringify(errors) + app.log.join('')).not.toContain(CANARY);
  });

  it('may hold other operations beside the one that is named', async () => {
    const { query, ...rest } = followingLate(execution);
    const both = { query: `${query} query Viewer ${VIEWER}`, operationName: 'Follow', ...rest };
    const results = subscribe({ address: app.address, client }, both);
    expect(await nextExecution(results)).toMatchObject({ id: execution.id, step: execution.step });
    await results.return?.();
  });
});

describe('a POST', () => {
  const post = (operation: object, headers: Record<string, string> = {}) =>
    client.post(JSON.stringify(operation), headers);
  const codeIn = async (response: Response): Promise<unknown> =>
    JSON.parse(await response.text()).errors?.[0].extensions.code;

  it('that would have a subscription answered at once is told how else it comes', async () => {
    const { status, data, errors } = await client.send(FOLLOW, { id: execution.id });
    expect([status, data]).toEqual([400, undefined]);
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/text\/event-stream.*WebSocket/),
        extensions: { code: 'BAD_REQUEST' },
      },
    ]);
  });

  it.each([
    'application/json, text/event-stream',
    'application/graphql-response+json, application/json, text/event-stream, multipart/mixed',
    '*/*',
  ])('that accepts %s is answered', async (accept) => {
    const response = await post({ query: VIEWER }, { accept });
    expect(await response.json()).toEqual({ data: { viewer: null } });
  });

  it.each(['text/event-stream', 'Text/Event-Stream;q=0.9, multipart/mixed', ' text/event-stream , */*'])(
    'that accepts first of all %s is told events',
    async (accept) => {
      const response = await post({ query: VIEWER }, { accept });
      expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
      expect(await response.text()).toMatch(/^:\n\nevent: next\ndata: \{.*\}\n\nevent: complete\ndata:\n\n$/);
    },
  );

  it('for events is not stored by anybody on the way, nor held back, nor taken for anything else', async () => {
    const { headers } = await post({ query: VIEWER }, { accept: EVENTS });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('connection')).toBe('close');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.getSetCookie()).toEqual([]);
  });

  it('for events begins with what changes afterwards, where it does not say what the client shows', async () => {
    const first = await start(client, { flow: LOGIN });
    const response = await post({ query: FOLLOW, variables: { id: first.id } }, { accept: EVENTS });
    const second = await submit(client, first, identification);
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('\n\nevent: next')) break;
    }
    expect(text.split('\n\n')).toEqual([':', expect.stringContaining(second.step.id), '']);
    expect(text).not.toContain(first.step.id);
  });

  it.each<[string, string, string, number, string]>([
    ['is no JSON', '{"query": "', 'application/json', 400, 'BAD_REQUEST'],
    ['is a text', `"${CANARY}"`, 'application/json', 400, 'BAD_REQUEST'],
    ['is a list', '[]', 'application/json', 400, 'BAD_REQUEST'],
    ['has no query', '{}', 'application/json', 400, 'BAD_REQUEST'],
    [
      'has a text for variables',
      `{"query":"{a}","variables":"${CANARY}"}`,
      'application/json',
      400,
      'BAD_REQUEST',
    ],
    [
      'is too large',
      JSON.stringify({ query: CANARY.padEnd(3_000_000) }),
      'application/json',
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['a form can send', JSON.stringify({ query: FOLLOW }), 'text/plain', 400, 'BAD_REQUEST'],
    ['is a form', 'query=x', 'application/x-www-form-urlencoded', 415, 'BAD_REQUEST'],
  ])('for events is refused whose body %s', async (_what, body, type, status, code) => {
    const response = await client.post(body, { accept: EVENTS, 'content-type': type });
    expect([response.status, await codeIn(response)]).toEqual([status, code]);
    expect(app.log.join('')).not.toContain(CANARY);
  });

  it('for events is refused from a page of another origin', async () => {
    const response = await post({ query: FOLLOW }, { accept: EVENTS, origin: 'https://evil.example' });
    expect([response.status, await codeIn(response)]).toEqual([403, 'FORBIDDEN']);
  });

  it.each([PUBLIC, FRIEND])('for events is taken from a page of %s', async (origin) => {
    const response = await post({ query: FOLLOW, variables: { id: 'x' } }, { accept: EVENTS, origin });
    expect(await response.text()).toContain('NOT_FOUND');
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
  });
});
