import pg from 'pg';

import { Secret } from '../../src/kernel/secret.js';
import { tokenHash } from '../../src/identity/token.js';
import { Composer, filledIn } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import { inspectPage, tryInspect } from '../support/inspector.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

/** In everything that is typed as a password. It must never be seen again. */
const CANARY = 'canary7Qx8';
const BOB = { username: 'bob', password: `${CANARY} is what bob types` };
const PLAIN_NAME = 'carolina';
const OK = { dummy: { acknowledge: true } };

let app: TestApp;
let admin: TestClient;
/** Secrets by what they are: those that people typed, and those that the service made. */
const secrets = new Map<string, string>();

function keepTokens(whose: string, tokens: Iterable<string>): void {
  for (const [index, token] of [...tokens].entries()) {
    secrets.set(`token ${index} of ${whose}`, token);
    secrets.set(`hash of token ${index} of ${whose}`, tokenHash(new Secret(token)));
  }
}

beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  keepTokens('the administrator', admin.cookies.values());
  const composer = new Composer(admin);
  secrets.set('a password', CANARY);
  await makeAccounts(composer);
  await guessAndSignIn(composer);
  await recover();
});
afterAll(() => app.close());

/** A form with passwords: refused, filled in and waiting, and written. */
async function makeAccounts(composer: Composer): Promise<void> {
  const fieldIds = [
    await composer.promptField({ key: 'username', type: 'USERNAME', order: 1 }),
    await composer.promptField({ key: 'password', type: 'PASSWORD', order: 2 }),
    await composer.promptField({ key: 'passwordRepeat', type: 'PASSWORD', order: 3 }),
  ];
  const flow = await composer.flowOf(
    { designation: 'ENROLLMENT' },
    { prompt: { fieldIds } },
    { dummy: {} },
    { userWrite: { creation: 'ALWAYS' } },
    { userLogin: {} },
  );
  const form = ({ username, password }: typeof BOB, passwordRepeat = password) =>
    filledIn({ username, password, passwordRepeat });
  const browser = app.client();
  let execution = await start(browser, { flow: { slug: flow.slug } });
  for (const [password, repeated] of [[CANARY], [BOB.password, `${CANARY} or something else`]] as const)
    execution = await submit(browser, execution, form({ ...BOB, password }, repeated));
  execution = await submit(browser, execution, form(BOB));
  expect((await submit(browser, execution, OK)).step.__typename).toBe('FlowCompleted');
  keepTokens('a browser', browser.cookies.values());

  const waiting = app.client();
  const carol = form({ ...BOB, username: PLAIN_NAME });
  const { step } = await start(waiting, { flow: { slug: flow.slug }, responses: [carol] });
  expect(step.__typename).toBe('DummyChallenge');
  keepTokens('a browser that waits', waiting.cookies.values());
}

/** Passwords of a stage of their own, and within the identification, wrong and right. */
async function guessAndSignIn(composer: Composer): Promise<void> {
  const passwordStageId = await composer.stage({ password: {} });
  const embedding = { identification: { passwordStageId } };
  const apart = [{ identification: {} }, { password: {} }];
  const identifier = BOB.username;
  const wrong = `${CANARY} is not it`;
  for (const [stages, answers] of [
    [[embedding], (password: string) => [{ identification: { identifier, password } }]],
    [apart, (password: string) => [{ identification: { identifier } }, { password: { password } }]],
  ] as const) {
    const flow = await composer.flowOf({}, ...stages, { userLogin: {} });
    const refused = { flow: { slug: flow.slug }, responses: answers(wrong) };
    expect((await start(app.client(), refused)).step.errors).toHaveLength(1);
    const accepted = { flow: { slug: flow.slug }, client: 'NATIVE', responses: answers(BOB.password) };
    const { token, step } = await start(app.client(), accepted);
    keepTokens(`an app at ${flow.slug}`, [token, step.session.token]);
  }
}

/** A link that is good, and one that is not. */
async function recover(): Promise<void> {
  const input = { user: { identifier: BOB.username } };
  const { createRecoveryLink } = await admin.ok(
    'mutation($input: CreateRecoveryLinkInput!) { createRecoveryLink(input: $input) { token } }',
    { input },
  );
  const wrongToken = `${CANARY}${'x'.repeat(43 - CANARY.length)}`;
  keepTokens('a recovery link', [createRecoveryLink.token, wrongToken]);
  const password = `${CANARY} is new`;
  const responses = [filledIn({ password, passwordRepeat: password })];
  const recovery = { flow: { designation: 'RECOVERY' } };
  const client = app.client();
  const { step } = await start(client, { ...recovery, flowToken: createRecoveryLink.token, responses });
  expect(step.__typename).toBe('FlowCompleted');
  keepTokens('a browser that recovers', client.cookies.values());
  expect((await start(app.client(), { ...recovery, flowToken: wrongToken })).step.__typename).toBe(
    'FlowDenied',
  );
}

/** Which of the secrets are in a text; the texts themselves stay out of the report of a failure. */
function secretsIn(text: string): string[] {
  return [...secrets].filter(([, secret]) => text.includes(secret)).map(([what]) => what);
}

describe('what the inspector tells', () => {
  it('holds no password, no token and no hash, of whatever execution', async () => {
    const { executions, totalCount } = await inspectPage(admin, { first: 200 });
    expect(executions).toHaveLength(totalCount);
    expect(totalCount).toBeGreaterThanOrEqual(8);
    expect(secrets.size).toBeGreaterThanOrEqual(20);
    const one = await Promise.all(executions.map(({ id }) => tryInspect(admin, { id })));
    const text = JSON.stringify([executions, one.map(({ data, errors }) => [data, errors])]);
    expect(text).toContain(PLAIN_NAME);
    expect(secretsIn(text)).toEqual([]);
    // Neither is there a place for one.
    expect(text).not.toContain('[secret]');
  });

  // This reaches into the database, which it can do on a server only.
  const onServer = STAGEDOOR_TEST_DATABASE === 'postgres' ? it : it.skip;
  onServer('is kept without them as well', async () => {
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    const textOf = async (query: string): Promise<string[]> =>
      (await database.query<{ text: string }>(query)).rows.map(({ text }) => text);
    const traces = await textOf('select entries::text as text from execution_trace');
    const states = await textOf('select state::text as text from execution');
    const hashes = await textOf(
      'select hash as text from password union select token_hash from session union select owner_hash from execution union select token_hash from flow_token union select mac from execution_answer',
    );
    await database.end();
    expect(hashes.length).toBeGreaterThanOrEqual(16);
    for (const hash of hashes) secrets.set(`hash ${hash.slice(0, 4)}`, hash);
    const kept = [...traces, ...states].join('\n');
    expect(kept).toContain(PLAIN_NAME);
    expect(secretsIn(kept)).toEqual([]);
    expect(kept).not.toContain('[secret]');
    const { executions } = await inspectPage(admin, { first: 200 });
    expect(secretsIn(JSON.stringify(executions))).toEqual([]);
  });
});
