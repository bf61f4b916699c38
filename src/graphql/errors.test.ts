import { ApolloServer } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import { buildSchema } from 'graphql';

import { Refusal } from '../kernel/refusal.js';
import type { RefusalCode } from '../kernel/refusal.js';
import { policyKinds } from '../policies/list.js';
import { stageKinds } from '../stages/list.js';
import { errorTranslator } from './errors.js';
import type { Fault } from './errors.js';
import { buildApi } from './schema.js';

const CANARY = 'canary4711';
const NUMBER = 471_147_114_711;
const faults: Fault[] = [];
class Unreachable extends Error {}

const formatError = errorTranslator({
  isUnavailable: (error) => error instanceof Unreachable,
  report: (fault) => void faults.push(fault),
  newId: () => 'correlation-1',
});
const api = new ApolloServer({
  schema: buildApi(stageKinds, policyKinds),
  formatError,
  includeStacktraceInErrorResponses: false,
});

async function errorsOf(
  query: string,
  variables: Record<string, unknown> = {},
  server = api,
): Promise<readonly GraphQLFormattedError[]> {
  const { body } = await server.executeOperation({ query, variables });
  if (body.kind !== 'single') throw new Error('one result was expected');
  const errors: GraphQLFormattedError[] = JSON.parse(JSON.stringify(body.singleResult.errors ?? []));
  return errors;
}

beforeEach(() => faults.splice(0));

describe('a value that does not fit', () => {
  const start = 'mutation ($input: StartFlowInput!) { startFlow(input: $input) { id } }';
  const stage = 'mutation ($input: CreateStageInput!) { createStage(input: $input) { id } }';
  const flow = { slug: 'f' };
  const inVariables: [string, string, Record<string, unknown>][] = [
    ['text for an object', start, { input: CANARY }],
    ['a number for an object', start, { input: NUMBER }],
    ['a list for an object', start, { input: [CANARY, [NUMBER]] }],
    ['a number for text', start, { input: { flow, loginHint: NUMBER } }],
    ['an object for text', start, { input: { flow, loginHint: { [CANARY]: CANARY } } }],
    ['a list for text', start, { input: { flow, flowToken: [CANARY] } }],
    ['text for an enum', start, { input: { flow, client: CANARY } }],
    ['a number for an enum', start, { input: { flow, client: NUMBER } }],
    ['an object for an enum', start, { input: { flow, client: { a: CANARY } } }],
    ['text for a list of objects', start, { input: { flow, responses: CANARY } }],
    [
      'a password that is a number',
      start,
      { input: { flow, responses: [{ password: { password: NUMBER } }] } },
    ],
    [
      'a password that is a list',
      start,
      { input: { flow, responses: [{ password: { password: [CANARY] } }] } },
    ],
    ['a password that is missing', start, { input: { flow, responses: [{ password: { pass: CANARY } }] } }],
    [
      'a password beside another answer',
      start,
      { input: { flow, responses: [{ password: { password: CANARY }, userLogin: { rememberMe: true } }] } },
    ],
    ['text for a boolean', start, { input: { flow, responses: [{ userLogin: { rememberMe: CANARY } }] } }],
    ['a quoted text with line ends', start, { input: `${CANARY}"; at "input"; \n${CANARY}` }],
    [
      'text that looks like a message',
      start,
      {
        input: {
          flow,
          client: `x" at "input.${CANARY}"; Field "${CANARY}" is not defined by type "X" ${CANARY}`,
        },
      },
    ],
    ['text for an integer', 'query ($first: Int) { flows(first: $first) { totalCount } }', { first: CANARY }],
    [
      'a number that is too large',
      'query ($first: Int) { flows(first: $first) { totalCount } }',
      { first: NUMBER },
    ],
    [
      'a text that is no duration',
      stage,
      { input: { name: 's', config: { userLogin: { sessionDuration: CANARY } } } },
    ],
    [
      'a number that is no duration',
      stage,
      { input: { name: 's', config: { userLogin: { sessionDuration: NUMBER } } } },
    ],
    [
      'a text for a list of enums',
      stage,
      { input: { name: 's', config: { identification: { userFields: [CANARY] } } } },
    ],
    ['an object for an id', 'query ($id: ID) { flow(id: $id) { id } }', { id: { a: CANARY } }],
    ['text in a list for an id', 'query ($id: ID) { flow(id: $id) { id } }', { id: [CANARY, NUMBER] }],
  ];
  const inDocument: [string, string][] = [
    ['text for an object', `mutation { startFlow(input: "${CANARY}") { id } }`],
    ['a block of text for an object', `mutation { startFlow(input: """${CANARY}\n: ${CANARY}""") { id } }`],
    ['a number for text', `mutation { startFlow(input: { flow: { slug: ${NUMBER} } }) { id } }`],
    ['an object for text', `mutation { startFlow(input: { flow: { slug: { a: "${CANARY}" } } }) { id } }`],
    ['a list for text', `mutation { startFlow(input: { flow: { slug: ["${CANARY}", ${NUMBER}] } }) { id } }`],
    ['an enum for text', `mutation { startFlow(input: { flow: { slug: ${CANARY} } }) { id } }`],
    [
      'an unknown enum value',
      `mutation { startFlow(input: { flow: { slug: "f" }, client: ${CANARY} }) { id } }`,
    ],
    [
      'text for an enum',
      `mutation { startFlow(input: { flow: { slug: "f" }, client: "${CANARY}" }) { id } }`,
    ],
    [
      'a number for an enum',
      `mutation { startFlow(input: { flow: { slug: "f" }, client: ${NUMBER} }) { id } }`,
    ],
    [
      'text with colons for an enum',
      `mutation { startFlow(input: { flow: { slug: "f" }, client: "a: ${CANARY}: b" }) { id } }`,
    ],
    ['text for an integer', `{ flows(first: "${CANARY}") { totalCount } }`],
    ['a number that is too large', `{ flows(first: ${NUMBER}) { totalCount } }`],
    [
      'text that is no duration',
      `mutation { createStage(input: { name: "s", config: { userLogin: { sessionDuration: "${CANARY}" } } }) { id } }`,
    ],
    ['an object for an id', `{ flow(id: { a: "${CANARY}" }) { id } }`],
    ['text in the wrong place', `mutation { startFlow(input: { flow: "x" "${CANARY}" }) { id } }`],
    ['text instead of a name', `mutation { startFlow("${CANARY}") { id } }`],
    ['text instead of a field', `mutation { "${CANARY}" }`],
    ['a block of text instead of a field', `mutation { """${CANARY}""" }`],
    ['a number instead of a field', `mutation { ${NUMBER} }`],
    ['a number with a tail', `mutation { startFlow(input: ${NUMBER}x) { id } }`],
    ['text that does not end', `mutation { startFlow(input: "${CANARY}\n") { id } }`],
    ['text with a bad escape', `mutation { startFlow(input: "\\u{${CANARY}}") { id } }`],
    [
      'a password where a name is due',
      `mutation { startFlow(input: { password: ${CANARY} ${CANARY}: }) { id } }`,
    ],
  ];
  const secretive = (text: string) =>
    expect(text).not.toMatch(new RegExp(`${CANARY}|${NUMBER}|4\\.7114711e`));

  it.each(inVariables)('is not quoted: %s, in variables', async (_name, query, variables) => {
    const errors = await errorsOf(query, variables);
    expect(errors).not.toEqual([]);
    for (const error of errors) expect(error.extensions?.code).toBe('BAD_USER_INPUT');
    secretive(JSON.stringify(errors));
    expect(faults).toEqual([]);
  });

  it.each(inDocument)('is not quoted: %s, in the document', async (_name, query) => {
    const errors = await errorsOf(query);
    expect(errors).not.toEqual([]);
    for (const error of errors) {
      expect(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED']).toContain(error.extensions?.code);
    }
    secretive(JSON.stringify(errors));
    expect(faults).toEqual([]);
  });

  it('is named by its place and by what was wanted', async () => {
    const messageOf = async (query: string, variables = {}) => (await errorsOf(query, variables))[0]?.message;
    expect(await messageOf(start, { input: { flow, loginHint: NUMBER } })).toBe(
      'Variable "$input" does not fit at "input.loginHint". String cannot represent a non string value.',
    );
    expect(await messageOf(start, { input: { flow, client: CANARY } })).toBe(
      'Variable "$input" does not fit at "input.client". The value does not exist in "ClientKind" enum.',
    );
    expect(await messageOf(start, { input: {} })).toBe(
      'Variable "$input" does not fit. Field "flow" of required type "FlowSelector!" was not provided.',
    );
    expect(await messageOf(start, {})).toBe(
      'Variable "$input" of required type "StartFlowInput!" was not provided.',
    );
  });

  it('is a problem of its place, as in refusals', async () => {
    const fieldsOf = async (query: string, variables = {}) =>
      (await errorsOf(query, variables)).map(({ extensions }) => extensions?.fields);
    const at = (path: string) => [
      { path, code: 'INVALID_TYPE', message: expect.stringContaining('Variable') },
    ];
    const bad = { password: { password: NUMBER } };
    expect(await fieldsOf(start, { input: { flow, loginHint: NUMBER } })).toEqual([at('input.loginHint')]);
    expect(await fieldsOf(start, { input: { flow, responses: [{}, bad] } })).toEqual([
      at('input.responses.0'),
      at('input.responses.1.password.password'),
    ]);
    expect(await fieldsOf(start, {})).toEqual([at('input')]);
    expect(await fieldsOf('{ nothing }')).toEqual([undefined]);
  });

  it('leaves what is not about values as graphql-js says it', async () => {
    expect(await errorsOf('{ nothing }')).toMatchObject([
      { message: 'Cannot query field "nothing" on type "Query".', locations: [{ line: 1, column: 3 }] },
    ]);
    expect(await errorsOf('{ viewer { ')).toMatchObject([
      { message: 'Syntax Error: Expected Name, found <EOF>.' },
    ]);
  });
});

describe('what a resolver throws', () => {
  function throwing(error: unknown) {
    const schema = buildSchema('type Query { fails: Int }');
    const field = schema.getQueryType()?.getFields().fails;
    if (!field) throw new Error('the schema has no field');
    field.resolve = () => {
      throw error;
    };
    return new ApolloServer({ schema, formatError, includeStacktraceInErrorResponses: false });
  }

  const codes: Record<RefusalCode, RefusalCode> = {
    UNAUTHENTICATED: 'UNAUTHENTICATED',
    FORBIDDEN: 'FORBIDDEN',
    NOT_FOUND: 'NOT_FOUND',
    BAD_USER_INPUT: 'BAD_USER_INPUT',
    CONFLICT: 'CONFLICT',
    STEP_UP_REQUIRED: 'STEP_UP_REQUIRED',
    STALE_CHALLENGE: 'STALE_CHALLENGE',
    UNAVAILABLE: 'UNAVAILABLE',
  };
  it.each(Object.values(codes))('as the refusal %s keeps its code and its words', async (code) => {
    const refusal = new Refusal(code, 'in these words');
    expect(await errorsOf('{ fails }', {}, throwing(refusal))).toEqual([
      {
        message: 'in these words',
        path: ['fails'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code },
      },
    ]);
    expect(faults).toEqual([]);
  });

  it('as a refusal with details keeps them', async () => {
    const fields = [{ path: 'input.name', code: 'TAKEN', message: 'Is taken.' } as const];
    const refusal = new Refusal('BAD_USER_INPUT', 'wrong', { fields });
    expect(await errorsOf('{ fails }', {}, throwing(refusal))).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields } },
    ]);
  });

  it.each([
    ['an error', new Error(CANARY)],
    [
      'an error with extensions of its own',
      Object.assign(new Error(CANARY), { extensions: { code: 'BAD_USER_INPUT', at: CANARY } }),
    ],
    ['an error with a code of its own', Object.assign(new Error(CANARY), { code: 'BAD_USER_INPUT' })],
    ['text', CANARY],
    ['an object', { message: CANARY }],
  ])('as %s is masked, and told to the log under the id that the client is told', async (_name, error) => {
    const errors = await errorsOf('{ fails }', {}, throwing(error));
    expect(errors).toMatchObject([
      { extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId: 'correlation-1' } },
    ]);
    expect(JSON.stringify(errors)).not.toContain(CANARY);
    expect(faults).toMatchObject([{ correlationId: 'correlation-1' }]);
  });

  it('as a database that is not there says that nothing was decided', async () => {
    const errors = await errorsOf('{ fails }', {}, throwing(new Unreachable(CANARY)));
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', correlationId: 'correlation-1' } }]);
    expect(JSON.stringify(errors)).not.toContain(CANARY);
    expect(faults).toHaveLength(1);
  });
});
