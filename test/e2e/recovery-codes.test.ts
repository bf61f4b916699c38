import pg from 'pg';

import { upToSecondFactor } from '../support/authenticators.js';
import type { ComposedFlow } from '../support/compose.js';
import { answerTo, find, viewerOf } from '../support/executions.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspectPage } from '../support/inspector.js';
import { SecondFactors, expectCompleted } from '../support/second-factors.js';
import type { Owner } from '../support/second-factors.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const CODE = /^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/;
const KEPT = { staticSetup: { acknowledge: true } };
const OWN = '{ viewer { highestAal authenticators { id kind name hint codesLeft } } }';
const EVENTS = 'query($id: ID!) { events(filter: { userId: $id }) { edges { node { action details } } } }';

let app: TestApp;
let admin: TestClient;
let scene: SecondFactors;
let setup: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  scene = await SecondFactors.in(app);
  setup = await setupOf(3);
});
afterAll(() => app.close());

function setupOf(tokenCount: number): Promise<ComposedFlow> {
  const signedInOnly = { authentication: 'REQUIRE_AUTHENTICATED' };
  return scene.composer.flowOf(signedInOnly, { staticSetup: { tokenCount } });
}

const begin = (client: TestClient): Promise<Execution> => start(client, { flow: { slug: setup.slug } });
const withCode = (client: TestClient, asked: Execution, code: string): Promise<Execution> =>
  submit(client, asked, { authenticatorValidate: { code } });
const ownOf = async (client: TestClient) => (await client.ok(OWN)).viewer;
const digitsOf = (code: string): string => code.replaceAll('-', '');

interface Holder extends Owner {
  readonly codes: readonly [string, string, string];
}

/** Somebody with three codes. */
async function holder(): Promise<Holder> {
  const owner = await scene.owner();
  const asked = await begin(owner.client);
  const codes = asked.step.codes;
  expectCompleted(await submit(owner.client, asked, KEPT));
  return { ...owner, codes };
}

/** What somebody comes to who signs in with their password and this code. */
async function login({ person }: Owner, code: string): Promise<Execution['step']> {
  const client = app.client();
  return (await withCode(client, await upToSecondFactor(client, person), code)).step;
}

const isAsked = async ({ person }: Owner): Promise<boolean> =>
  (await upToSecondFactor(app.client(), person)).step.__typename === 'AuthenticatorValidateChallenge';

describe('setting up recovery codes', () => {
  it('shows as many as the stage is configured to, ten if it is not, to read and to print', async () => {
    const { client, person } = await scene.owner();
    const { step } = await begin(client);
    expect(step).toMatchObject({ __typename: 'StaticSetupChallenge', errors: [] });
    expect(step.codes).toHaveLength(3);
    for (const code of step.codes) expect(code).toMatch(CODE);
    expect(new Set(step.codes).size).toBe(3);
    expect(step.printable.split('\n')).toEqual(['Stagedoor', person.username, '', ...step.codes, '']);
    const other = await scene.owner();
    expect(await scene.setUpCodes(other)).toHaveLength(10);
  });

  it('shows the same ones however often one looks, until the person has kept them', async () => {
    const { client } = await scene.owner();
    const asked = await begin(client);
    const { codes } = asked.step;
    for (let time = 0; time < 3; time += 1) expect((await find(client, asked)).step.codes).toEqual(codes);
    const refused = await submit(client, asked, { staticSetup: { acknowledge: false } });
    expect(refused.step.errors).toMatchObject([{ field: 'acknowledge', code: 'NOT_ACKNOWLEDGED' }]);
    expect(refused.step.codes).toEqual(codes);
    expect((await ownOf(client)).authenticators).toEqual([]);
    const done = await submit(client, refused, KEPT);
    expectCompleted(done);
    for (const told of [done, await find(client, asked), await ownOf(client)])
      for (const code of codes) expect(JSON.stringify(told)).not.toContain(code);
    expect(await ownOf(client)).toMatchObject({
      highestAal: 2,
      authenticators: [{ kind: 'STATIC', name: 'Recovery codes', hint: '3 left', codesLeft: 3 }],
    });
  });

  it('is called what the person calls it', async () => {
    const { client } = await scene.owner();
    await submit(client, await begin(client), { staticSetup: { acknowledge: true, name: 'in the safe' } });
    expect((await ownOf(client)).authenticators).toMatchObject([{ name: 'in the safe' }]);
  });

  it('is of no consequence where it is abandoned: nobody is asked for the codes, and they open nothing', async () => {
    const owner = await scene.owner();
    const { step } = await begin(owner.client);
    const another = await begin(owner.client);
    expect(another.step.codes).not.toEqual(step.codes);
    expect(await isAsked(owner)).toBe(false);
    expect(await ownOf(owner.client)).toEqual({ highestAal: 1, authenticators: [] });
    const kept = await holder();
    const again = await withCode(kept.client, await begin(kept.client), kept.codes[0]);
    expect(again.step.__typename).toBe('StaticSetupChallenge');
    for (const code of again.step.codes)
      expect((await login(kept, code)).errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    expect((await login(kept, kept.codes[1])).__typename).toBe('FlowCompleted');
  });

  it('takes the place of all that there were, once it has been acknowledged', async () => {
    const owner = await holder();
    const { client, codes } = owner;
    const again = await withCode(client, await begin(client), codes[0]);
    expect(again.step.codes).toHaveLength(3);
    expectCompleted(await submit(client, again, KEPT));
    expect((await ownOf(client)).authenticators).toMatchObject([{ kind: 'STATIC', codesLeft: 3 }]);
    for (const old of codes)
      expect((await login(owner, old)).errors).toMatchObject([{ field: 'code', code: 'INVALID_CODE' }]);
    expect((await login(owner, again.step.codes[0])).__typename).toBe('FlowCompleted');
  });

  it.each([
    [{}],
    [{ acknowledge: null }],
    [{ acknowledge: 'yes' }],
    [{ acknowledge: true, codes: ['MINE'] }],
  ])('is not answered by %j', async (staticSetup) => {
    const { client } = await scene.owner();
    const asked = await begin(client);
    const { errors, data } = await trySubmit(client, answerTo(asked, { staticSetup }));
    expect(errors).not.toEqual([]);
    expect(data?.submitStage).toBeUndefined();
    expect((await find(client, asked)).step.codes).toEqual(asked.step.codes);
    expect((await ownOf(client)).authenticators).toEqual([]);
  });

  it.each([
    ['', 'REQUIRED'] as const,
    ['  ', 'REQUIRED'] as const,
    ['x'.repeat(65), 'TOO_LONG'] as const,
    ['a\nb', 'INVALID'] as const,
  ])('is not called %j, and loses no code by that', async (name, code) => {
    const { client } = await scene.owner();
    const asked = await begin(client);
    const { step } = await submit(client, asked, { staticSetup: { acknowledge: true, name } });
    expect(step.errors).toMatchObject([{ field: 'name', code }]);
    expect(step.codes).toEqual(asked.step.codes);
  });

  it('is no matter of somebody who is not signed in, and no other browser can acknowledge', async () => {
    const open = await scene.composer.flowOf({}, { staticSetup: {} });
    const { step } = await start(app.client(), { flow: { slug: open.slug } });
    expect(step.__typename).toBe('FlowDenied');
    const [owner, thief] = [await scene.owner(), await scene.owner()];
    const asked = await begin(owner.client);
    const { errors } = await trySubmit(thief.client, answerTo(asked, KEPT));
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect((await ownOf(thief.client)).authenticators).toEqual([]);
  });
});

describe('signing in with a recovery code', () => {
  it('takes each once, at level 2, and counts what is left', async () => {
    const owner = await holder();
    const browser = app.client();
    const asked = await upToSecondFactor(browser, owner.person);
    expect(asked.step).toMatchObject({
      authenticators: [{ kind: 'STATIC', name: 'Recovery codes', hint: '3 left' }],
      selectedId: asked.step.authenticators[0].id,
    });
    expect(await viewerOf(browser)).toBeNull();
    const { step } = await withCode(browser, asked, owner.codes[0]);
    expect(step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { amr: ['pwd', 'recovery-code'], aal: 2 } },
    });
    expect((await ownOf(browser)).authenticators).toMatchObject([{ hint: '2 left', codesLeft: 2 }]);
    expect((await login(owner, owner.codes[0])).errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    expect((await login(owner, owner.codes[1])).__typename).toBe('FlowCompleted');
  });

  it('takes one once, though it is sent from two browsers at once', async () => {
    const { person, codes } = await holder();
    const browsers = [app.client(), app.client()];
    const answers = await Promise.all(
      browsers.map(async (client) => {
        const asked = await upToSecondFactor(client, person);
        return trySubmit(client, answerTo(asked, { authenticatorValidate: { code: codes[0] } }));
      }),
    );
    const completed = answers.filter(({ data }) => data?.submitStage?.step.__typename === 'FlowCompleted');
    expect(completed).toHaveLength(1);
  });

  it.each([
    ['in small letters', (code: string) => code.toLowerCase()],
    ['with spaces for hyphens', (code: string) => ` ${code.replaceAll('-', ' ')} `],
    ['without hyphens', digitsOf],
    ['in small letters without hyphens', (code: string) => digitsOf(code).toLowerCase()],
    ['with the hyphens that word processors make', (code: string) => code.replaceAll('-', '–')],
  ])('understands it %s', async (_how, spelt) => {
    const owner = await holder();
    expect((await login(owner, spelt(owner.codes[2]))).__typename).toBe('FlowCompleted');
    expect((await login(owner, owner.codes[2])).errors).toMatchObject([{ code: 'INVALID_CODE' }]);
  });

  it.each([
    ['nothing', () => '', 'REQUIRED'],
    ['hyphens', () => '----', 'INVALID_CODE'],
    ['the half of one', ([code]: Holder['codes']) => code.slice(0, 9), 'INVALID_CODE'],
    ['one and a letter', ([code]: Holder['codes']) => `${code}A`, 'INVALID_CODE'],
    ['two at once', ([one, two]: Holder['codes']) => `${one} ${two}`, 'INVALID_CODE'],
    ['halves of two', ([one, two]: Holder['codes']) => one.slice(0, 10) + two.slice(10), 'INVALID_CODE'],
    ['six digits', () => '123456', 'INVALID_CODE'],
    ['a pattern', () => '%', 'INVALID_CODE'],
    ['ten thousand characters', () => 'A'.repeat(10_000), 'TOO_LONG'],
    ['a character that cannot be stored', ([code]: Holder['codes']) => `${code}\0`, 'INVALID'],
  ])('does not take %s, and loses no code by that', async (_what, typed, code) => {
    const owner = await holder();
    expect((await login(owner, typed(owner.codes))).errors).toMatchObject([{ field: 'code', code }]);
    expect((await login(owner, owner.codes[0])).__typename).toBe('FlowCompleted');
  });

  it('does not take somebody else’s, who has it all the same', async () => {
    const [ada, bob] = [await holder(), await holder()];
    expect((await login(ada, bob.codes[0])).errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    expect((await login(bob, bob.codes[0])).__typename).toBe('FlowCompleted');
  });

  it('is not asked for any more when all are used up, and others can be set up then', async () => {
    const owner = await holder();
    for (const code of owner.codes) expect((await login(owner, code)).__typename).toBe('FlowCompleted');
    expect(await isAsked(owner)).toBe(false);
    const client = await signedIn(app, owner.person);
    expect(await ownOf(client)).toMatchObject({ highestAal: 1 });
    const asked = await begin(client);
    expect(asked.step.__typename).toBe('StaticSetupChallenge');
    expectCompleted(await submit(client, asked, KEPT));
    expect((await ownOf(client)).authenticators).toMatchObject([{ kind: 'STATIC', codesLeft: 3 }]);
    expect(await isAsked(owner)).toBe(true);
  });
});

describe('recovery codes', () => {
  it('are seen by nobody else: not in the inspector, nor in events, nor in what is logged', async () => {
    const { codes, client } = await holder();
    const { id } = await viewerOf(client);
    const waiting = await withCode(client, await begin(client), codes[0]);
    const { edges } = (await admin.ok(EVENTS, { id })).events;
    const { executions } = await inspectPage(admin, { first: 200 });
    expect(edges).toContainEqual({
      node: { action: 'AUTHENTICATOR_ADDED', details: expect.objectContaining({ kind: 'STATIC' }) },
    });
    expect(executions.map((execution: Execution) => execution.id)).toContain(waiting.id);
    const told = JSON.stringify([edges, executions, app.log]);
    for (const code of [...codes, ...waiting.step.codes].flatMap((each) => [each, digitsOf(each)]))
      expect(told).not.toContain(code);
  });

  // This reaches into the database, which it can do on a server only.
  const onServer = STAGEDOOR_TEST_DATABASE === 'postgres' ? it : it.skip;
  onServer('are kept as hashes alone, and neither there before they are acknowledged', async () => {
    const { codes, client } = await holder();
    const waiting = await withCode(client, await begin(client), codes[0]);
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    const tables = ['authenticator', 'authenticator_code', 'execution', 'execution_trace', 'event', 'mail'];
    const rows: string[] = [];
    for (const table of tables) {
      const found = await database.query<{ text: string }>(`select t::text as text from ${table} t`);
      rows.push(...found.rows.map(({ text }) => text));
    }
    await database.end();
    const kept = rows.join('\n');
    expect(kept).toContain('Recovery codes');
    for (const code of [...codes, ...waiting.step.codes].flatMap((each) => [each, digitsOf(each)]))
      expect(kept.toUpperCase()).not.toContain(code);
  });
});
