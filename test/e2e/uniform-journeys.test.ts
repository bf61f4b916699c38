import { appearance } from '../support/appearance.js';
import { filledIn } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { Journey } from '../support/journey.js';
import { startMailServer } from '../support/mail-server.js';
import type { MailServer } from '../support/mail-server.js';
import { CREATE_USER, PASSWORD, SET_PASSWORD, UPDATE_USER } from '../support/people.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

/** Names are of one length, and so are addresses: an answer's length is compared as well. */
const NOBODY = 'nobody-at-all';
const PEOPLE = {
  'somebody with a password': 'somebody-here',
  'somebody who is disabled': 'disabled-here',
  'somebody without a password': 'passwordless-',
  'somebody without an address': 'addressless--',
  'somebody at whose password others have guessed too often': 'guessed-at---',
};
const addressOf = (name: string): string => `${name}@example.org`;
const WRONG = { password: { password: 'surely not the password' } };
const WRONG_CODE = { email: { code: '00000000' } };
const RESEND = { email: { resend: true } };

let app: TestApp;
let mails: MailServer;
beforeAll(async () => {
  mails = await startMailServer();
  app = await startTestApp({ STAGEDOOR_EXAMPLES: 'all', SMTP_URL: mails.url });
  const admin = await signedIn(app);
  for (const username of Object.values(PEOPLE)) await enter(admin, username);
});
afterAll(async () => {
  await app.close();
  await mails.close();
});
beforeEach(() => app.clock.advance(24 * 3600));

async function enter(admin: TestClient, username: string): Promise<void> {
  const email = username.startsWith('addressless') ? undefined : addressOf(username);
  const { createUser } = await admin.ok(CREATE_USER, { input: { username, email } });
  if (!username.startsWith('passwordless')) {
    await admin.ok(SET_PASSWORD, { id: createUser.id, password: PASSWORD });
  }
  if (username.startsWith('disabled')) {
    await admin.ok(UPDATE_USER, { id: createUser.id, input: { active: false } });
  }
}

/** What others have done to the password of this name before. */
async function guessedAt(identifier: string): Promise<void> {
  const flow = { slug: 'default-authentication-flow' };
  for (let round = 0; round < 2; round += 1) {
    const journey = await Journey.begin(app.client({ address: '198.51.100.7' }), { flow });
    await journey.answer({ identification: { identifier } });
    for (let guess = 0; guess < 5; guess += 1) await journey.answer(WRONG);
  }
}

const lookOf = ({ answers }: Journey, typed: readonly string[]): string[][] =>
  answers.map((answer) => appearance(answer, app, typed));

/** Waits for a mail; asks for others until that is refused; guesses the code until there is no point; too late. */
async function waitInVain(journey: Journey): Promise<void> {
  await journey.answer({ email: {} });
  await journey.answer(WRONG_CODE);
  for (let mail = 0; mail < 6; mail += 1) {
    await journey.answer(RESEND);
    app.clock.advance(20);
  }
  for (let guess = 0; guess < 7; guess += 1) await journey.answer(WRONG_CODE);
  await journey.look();
  app.clock.advance(31 * 60);
  await journey.answer(WRONG_CODE);
  await journey.answer(RESEND);
  await journey.look();
}

async function byMail(slug: string, identifier: string): Promise<string[][]> {
  const journey = await Journey.begin(app.client(), { flow: { slug } });
  await journey.answer({ identification: { identifier } });
  expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', purpose: 'WAIT', errors: [] });
  await waitInVain(journey);
  return lookOf(journey, [identifier]);
}

async function signUp(email: string): Promise<string[][]> {
  const journey = await Journey.begin(app.client(), { flow: { slug: 'enrollment-with-email' } });
  await journey.answer(filledIn({ name: 'Some Body', email }));
  expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', purpose: 'WAIT', errors: [] });
  await waitInVain(journey);
  return lookOf(journey, [email]);
}

async function signIn(slug: string, identifier: string): Promise<string[][]> {
  const journey = await Journey.begin(app.client(), { flow: { slug }, client: 'NATIVE' });
  await journey.answer({ identification: { identifier } });
  for (let guess = 0; guess < 6; guess += 1) await journey.answer(WRONG);
  return lookOf(journey, [identifier]);
}

const byName = (name: string): string => name;
const journeys: [string, (identifier: string) => Promise<string[][]>, (name: string) => string][] = [
  ['recovering by name', (identifier) => byMail('recovery-by-email', identifier), byName],
  ['recovering by address', (identifier) => byMail('recovery-by-email', identifier), addressOf],
  ['signing in by mail with a name', (identifier) => byMail('magic-link', identifier), byName],
  ['signing in by mail with an address', (identifier) => byMail('magic-link', identifier), addressOf],
  ['signing up with an address', signUp, addressOf],
  ['signing in by name', (identifier) => signIn('default-authentication-flow', identifier), byName],
  ['signing in by address', (identifier) => signIn('default-authentication-flow', identifier), addressOf],
];

describe.each(journeys)('%s, byte by byte', (_what, walk, typed) => {
  let expected: string[][];
  let expectedOnceGuessedAt: string[][];
  beforeAll(async () => {
    app.clock.advance(24 * 3600);
    expected = await walk(typed(NOBODY));
    app.clock.advance(24 * 3600);
    await guessedAt(typed(NOBODY));
    expectedOnceGuessedAt = await walk(typed(NOBODY));
  });

  it.each(Object.entries(PEOPLE))('looks for %s as it does for nobody', async (_who, name) => {
    expect(await walk(typed(name))).toEqual(expected);
  });

  it('looks for somebody as it does for nobody where others have just guessed at the password', async () => {
    await guessedAt(typed(PEOPLE['somebody at whose password others have guessed too often']));
    const name = PEOPLE['somebody at whose password others have guessed too often'];
    expect(await walk(typed(name))).toEqual(expectedOnceGuessedAt);
  });
});
