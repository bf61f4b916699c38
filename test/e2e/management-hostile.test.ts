import { getNamedType, isObjectType } from 'graphql';

import { refusalCodes } from '../../src/kernel/refusal.js';
import { Composer, signedUp, uniqueName } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { Call, NO_ID, fieldsOf, placesOf, rootFields, schema } from '../support/schema-calls.js';
import type { Place, RootField, Samples } from '../support/schema-calls.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { GraphQLProblem, TestClient } from '../support/test-client.js';

/** What anybody may call is tried elsewhere, by itself. */
const PUBLIC = ['startFlow', 'submitStage', 'cancelFlow', 'flowExecution', 'defaultFlow', 'viewer'];
/** Where an id of nobody is none of the caller's mistakes: what is to be taken away is not there. */
const INDIFFERENT = ['removeGroupMembers.userIds.0'];

const management = rootFields.filter(({ field }) => !PUBLIC.includes(field.name));
const named = (roots: readonly RootField[]) => roots.map((root) => [root.field.name, root] as const);
const withPlaces = (...types: readonly string[]) =>
  named(management.filter((root) => placesIn(root, ...types).length > 0));

/** Longer than any text may be that is kept; what no request may hold is refused before it is looked at. */
const HUGE = 70_000;
const NO_IDS = [NO_ID, 'not-an-id', '', 'x'.repeat(10_000), '__proto__', '\0', "' or 1=1 --"];
const TEXTS = ['x'.repeat(HUGE), 'alone \ud800', 'nul\0'];

let app: TestApp;
let admin: TestClient;
/** One of each, by the names that members for their ids have. */
const ids = new Map<string, string>();
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  const composer = new Composer(admin);
  const { id: flowId, slug } = await composer.enrollment();
  await signedUp(app, slug, { username: 'bob', password: 'a long enough password' });
  const { edges } = (
    await admin.ok(
      '{ events(filter: { actions: ["USER_WRITTEN"] }) { edges { node { executionId user { id } } } } }',
    )
  ).events;
  const stageId = await composer.stage({ deny: {} });
  const policyId = await composer.policy({ dummy: {} });
  const stageBindingId = await composer.bind(flowId, stageId, 100);
  for (const [name, id] of Object.entries({
    ...{ flow: flowId, stage: stageId, policy: policyId, stageBinding: stageBindingId },
    promptField: await composer.promptField({ key: 'hostile', type: 'TEXT' }),
    policyBinding: await composer.guard({ flowId }, { policyId }),
    group: await composer.group(),
    user: edges[0].node.user.id,
    execution: edges[0].node.executionId,
  }))
    ids.set(name, id);
});
afterAll(() => app.close());

describe('an id of nothing, or of something else', () => {
  it.each(withPlaces('ID'))('is refused or finds nothing, and changes nothing: %s', async (_, root) => {
    await unchanged(async () => {
      for (const place of placesIn(root, 'ID')) {
        const path = place.path.join('.');
        for (const id of [...NO_IDS, ...foreignTo(place, root)]) {
          const problems = await problemsOf(root, place, id);
          const mayPass = root.operation === 'query' || INDIFFERENT.includes(`${root.field.name}.${path}`);
          const codes = problems.map(({ extensions }) => extensions.code);
          expect({ path, id, codes }).toEqual({
            ...{ path, id },
            codes:
              mayPass && codes.length === 0 ? [] : [expect.stringMatching(/^(NOT_FOUND|BAD_USER_INPUT)$/)],
          });
        }
      }
    });
  });
});

describe('what is empty, huge, not to be stored or out of bounds', () => {
  const hostile: Record<string, readonly (readonly unknown[])[]> = {
    String: [[''], TEXTS],
    Duration: [['', 'P1Y', '-PT1S', `P${'9'.repeat(40)}D`], ['PT0S']],
    DateTime: [['', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59-12:00'], ['1970-01-01T00:00:00Z']],
    Int: [[2 ** 31, 1e300, 1.5, '1'], [2 ** 31 - 1], [-(2 ** 31)], [0], [-1]],
  };

  /** What is declared once, such as a configuration, is judged alike in every call that takes it. */
  const tried = new Set<string>();

  it.each(withPlaces(...Object.keys(hostile)))('is taken, or refused under its path: %s', async (_, root) => {
    for (const place of placesIn(root, ...Object.keys(hostile))) {
      if (tried.has(place.declared)) continue;
      tried.add(place.declared);
      for (const values of hostile[place.type.name] ?? []) await takenOrRefused(root, place, values);
    }
  });
});

describe('JSON with __proto__ in it', () => {
  it.each(withPlaces('JSONObject'))('is refused, or is data like any other: %s', async (_, root) => {
    for (const place of placesIn(root, 'JSONObject')) {
      const marked = { query: '', variables: {} };
      const call = callOf(root, place, { polluted: true });
      const body = JSON.stringify({ ...marked, query: call.document, variables: call.variables });
      for (const key of ['__proto__', 'constructor', 'toString']) {
        const nested = `"${key}":{"polluted":true,"prototype":{"polluted":true}}`;
        await expectHarmless(await admin.post(body.replace('"polluted":true', nested)), place);
        const literal = `{ ${key}: { polluted: true, prototype: { polluted: true } } }`;
        const query = callOf(root, place, literal).inline;
        await expectHarmless(await admin.post(JSON.stringify({ query })), place);
      }
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    }
  });
});

/** Every list, those within other objects too, by a document that asks for a page of it. */
type List = readonly [name: string, document: string, around: string | null];
const connections = Object.values(schema.getTypeMap()).flatMap((type): List[] => {
  if (!isObjectType(type) || type.name.startsWith('__')) return [];
  return fieldsOf(type)
    .filter((field) => field.args.some((argument) => argument.name === 'first'))
    .flatMap((field): List[] => {
      const page = `${field.name}(first: $first, after: $after) { edges { cursor } pageInfo { endCursor } }`;
      const head = 'query($first: Int, $after: String';
      if (type === schema.getQueryType()) return [[field.name, `${head}) { ${page} }`, null]];
      const around = fieldsOf(schema.getQueryType()).find(
        (one) => getNamedType(one.type) === type && one.args.some(({ name }) => name === 'id'),
      );
      if (!around) return [];
      const document = `${head}, $id: ID!) { ${around.name}(id: $id) { ${page} } }`;
      return [[`${type.name}.${field.name}`, document, around.name]];
    });
});

describe.each(connections)('a page of %s', (_, document, around) => {
  const page = (variables: object) => admin.send(document, { ...variables, id: around && ids.get(around) });

  it.each([0, -1, 201, 2 ** 31 - 1, -(2 ** 31)])('is never of the size %d', async (first) => {
    expect((await page({ first })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'first', code: 'OUT_OF_RANGE' }] } },
    ]);
  });

  it.each(['', 'x', '!!!', '__proto__', 'MjpvdGhlcg', '\0', '\ud800', 'x'.repeat(HUGE)])(
    'never begins after what is no cursor: %#',
    async (after) => {
      expect((await page({ after })).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after', code: 'INVALID' }] } },
      ]);
    },
  );

  it('begins after the cursor of another list, or refuses it', async () => {
    const made = [
      '',
      'a\0',
      '\ufffd',
      NO_ID,
      `2030-01-01T00:00:00.000Z ${NO_ID}`,
      `0000-01-01T00:00:00Z ${NO_ID}`,
    ];
    const cursors = made.map((key) => Buffer.from(`1:${key}`).toString('base64url'));
    for (const [, other, within] of connections) {
      const { data } = await admin.send(other, { first: 1, id: within && ids.get(within) });
      cursors.push(...[...(/"cursor":"([^"]+)"/.exec(JSON.stringify(data)) ?? [])].slice(1));
    }
    for (const after of cursors) {
      const { errors } = await page({ after });
      const refused = {
        extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after', code: 'INVALID' }] },
      };
      if (errors.length > 0) expect({ after, errors }).toMatchObject({ after, errors: [refused] });
    }
  });
});

function placesIn(root: RootField, ...types: readonly string[]): Place[] {
  return placesOf(root).filter((place) => types.includes(place.type.name));
}

function callOf(root: RootField, place: Place, value: unknown): Call {
  const samples: Samples = {
    id: (path, rootField) => ids.get(kindOf(path, rootField) ?? '') ?? NO_ID,
    text: () => uniqueName('sample').replace('-', ''),
  };
  return new Call(root, samples, { place, value });
}

async function problemsOf(root: RootField, place: Place, value: unknown): Promise<readonly GraphQLProblem[]> {
  const call = callOf(root, place, value);
  const { errors } = await admin.send(call.document, call.variables);
  return errors;
}

/** Other names for them, and calls that do not name what their `id` is of. */
const ALIASES: Readonly<Record<string, string>> = {
  ...{ actor: 'user', member: 'user', owner: 'user', parent: 'group', field: 'promptField' },
  ...{ unbindStage: 'stageBinding', unbindPolicy: 'policyBinding', markPasswordCompromised: 'user' },
};

/** Of what kind the object is that an id names: its name says so, else what it lies in, else the call. */
function kindOf(path: readonly string[], rootField: string): string | undefined {
  const [member = '', parent = ''] = path.filter((part) => part !== '0').toReversed();
  const ending = (name: string) => longest((kind) => name.toLowerCase().endsWith(kind));
  if (member !== 'id' && member !== 'ids') return ending(member.replace(/Ids?$/, ''));
  return (
    ALIASES[rootField] ?? ending(parent) ?? longest((kind) => rootField.toLowerCase().includes(kind), ids)
  );
}

/** The longest name of a kind for which this holds: of `passwordStage` it is a stage. */
function longest(
  holds: (kind: string) => boolean,
  names: ReadonlyMap<string, string> = new Map([...ids, ...Object.entries(ALIASES)]),
): string | undefined {
  const name = [...names.keys()]
    .toSorted((a, b) => b.length - a.length)
    .find((one) => holds(one.toLowerCase()));
  return name === undefined ? undefined : (ALIASES[name] ?? name);
}

/** The ids of everything else. */
function foreignTo({ path }: Place, { field }: RootField): string[] {
  const kind = kindOf(path, field.name);
  return [...ids].flatMap(([other, id]) => (other === kind ? [] : [id]));
}

/** What the lists of everything count, the event log included. */
async function totals(): Promise<unknown> {
  const counted = connections.flatMap(([name, , around]) =>
    around === null ? [`${name} { totalCount }`] : [],
  );
  return admin.ok(`{ ${counted.join(' ')} }`);
}

async function unchanged(work: () => Promise<void>): Promise<void> {
  const before = await totals();
  await work();
  expect(await totals()).toEqual(before);
}

/** Each is taken, or refused with a documented code and its place; where none is taken, nothing changes. */
async function takenOrRefused(root: RootField, place: Place, values: readonly unknown[]): Promise<void> {
  const before = root.operation === 'mutation' && (await totals());
  let taken = 0;
  for (const value of values) {
    const problems = await problemsOf(root, place, value);
    if (problems.length === 0) taken += 1;
    const shown = { path: place.path.join('.'), value: String(value).slice(0, 40) };
    expect({ ...shown, wrong: problems.filter((one) => !wellRefused(one)) }).toEqual({ ...shown, wrong: [] });
  }
  if (before && taken === 0) expect(await totals()).toEqual(before);
}

/** With a documented code, and with the places where that is about places. */
function wellRefused({ extensions: { code, fields } }: GraphQLProblem): boolean {
  if (code !== 'BAD_USER_INPUT') return documented(code);
  return Array.isArray(fields) && fields.length > 0;
}

async function expectHarmless(response: Response, place: Place): Promise<void> {
  const { errors = [] }: { errors?: GraphQLProblem[] } = JSON.parse(await response.text());
  const codes = errors.map(({ extensions }) => extensions.code);
  const undocumented = codes.filter((code) => !documented(code));
  expect({ path: place.path, undocumented }).toEqual({ path: place.path, undocumented: [] });
}

function documented(code: string): boolean {
  return Object.hasOwn(refusalCodes, code) || ['BAD_REQUEST', 'GRAPHQL_VALIDATION_FAILED'].includes(code);
}
