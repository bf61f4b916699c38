import { readFileSync } from 'node:fs';

import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { GraphQLField, GraphQLInputType, GraphQLObjectType } from 'graphql';

import { Composer, signedUp } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

/** What anybody may call. Everything else in the schema is for administrators, also what is added tomorrow. */
const PUBLIC = ['startFlow', 'submitStage', 'cancelFlow', 'flowExecution', 'defaultFlow', 'viewer'];

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const roots = [
  ['query', schema.getQueryType()],
  ['mutation', schema.getMutationType()],
] as const;
const restricted = roots.flatMap(([operation, type]) =>
  fieldsOf(type)
    .filter((field) => !PUBLIC.includes(field.name))
    .map((field): [string, string, object] => [field.name, ...callOf(operation, field)]),
);

let app: TestApp;
let ordinary: TestClient;
beforeAll(async () => {
  app = await startTestApp();
  const composer = new Composer(await signedIn(app));
  const { slug } = await composer.enrollment();
  ordinary = await signedUp(app, slug, { username: 'bob', password: 'a long enough password' });
});
afterAll(() => app.close());

describe('what is not public', () => {
  it('is most of the schema', () => {
    expect(restricted.length).toBeGreaterThanOrEqual(27);
  });

  it.each(restricted)('refuses %s to nobody', async (name, document, variables) => {
    const { data, errors } = await app.client().send(document, variables);
    expect(errors).toMatchObject([{ path: [name], extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(data?.[name] ?? null).toBeNull();
  });

  it.each(restricted)('refuses %s to an ordinary person', async (name, document, variables) => {
    const { data, errors } = await ordinary.send(document, variables);
    expect(errors).toMatchObject([{ path: [name], extensions: { code: 'FORBIDDEN' } }]);
    expect(data?.[name] ?? null).toBeNull();
  });

  it('refuses it to somebody who brings a wrong bearer token', async () => {
    const client = app.client();
    client.bearer = 'A'.repeat(43);
    expect((await client.send('{ flows { totalCount } }')).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  it('is nothing that can be followed', () => {
    expect(fieldsOf(schema.getSubscriptionType()).map(({ name }) => name)).toEqual(['flowExecutionChanged']);
  });

  it('knows who the ordinary person is', async () => {
    expect(await ordinary.ok('{ viewer { username isSuperuser } }')).toEqual({
      viewer: { username: 'bob', isSuperuser: false },
    });
  });
});

function fieldsOf(type: GraphQLObjectType | null | undefined): GraphQLField<unknown, unknown>[] {
  return Object.values(type?.getFields() ?? {});
}

/** A call that would be carried out if only the caller were allowed to make it. */
function callOf(operation: string, field: GraphQLField<unknown, unknown>): [string, object] {
  const required = field.args.filter(isRequiredArgument);
  const declared = required.map((arg) => `$${arg.name}: ${arg.type.toString()}`).join(', ');
  const passed = required.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  const call = `${field.name}${passed && `(${passed})`}${selection}`;
  const variables = Object.fromEntries(required.map((arg) => [arg.name, sampleOf(arg.type)]));
  return [`${operation}${declared && `(${declared})`} { ${call} }`, variables];
}

function sampleOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf ? fields.slice(0, 1) : fields.filter(isRequiredInputField);
    return Object.fromEntries(given.map((field) => [field.name, sampleOf(field.type)]));
  }
  const samples: Record<string, unknown> = { Boolean: true, Int: 1, Duration: 'PT1S' };
  return samples[type.name] ?? 'b4c1b1a0-0000-4000-8000-000000000000';
}
