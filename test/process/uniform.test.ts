import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { filledIn } from '../support/compose.js';
import { countingProxy } from '../support/counting-proxy.mjs';
import type { CountingProxy } from '../support/counting-proxy.mjs';
import { TIMES, isBackground, isNotification } from '../support/fewest-statements.js';
import { start } from '../support/flows.js';
import { Journey } from '../support/journey.js';
import { startMailServer } from '../support/mail-server.js';
import type { MailServer } from '../support/mail-server.js';
import { CREATE_USER, UPDATE_USER } from '../support/people.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';

const PEOPLE = {
  'somebody who has an account': 'somebody',
  'somebody who is disabled': 'disabled',
  'somebody without an address': 'homeless',
};

let database: ServerDatabase;
let proxy: CountingProxy;
let mails: MailServer;
let server: ServerProcess;

beforeAll(async () => {
  [database, mails] = [await ServerDatabase.create(), await startMailServer()];
  proxy = await countingProxy(database.url);
  server = await startServer({
    DATABASE_URL: proxy.url,
    STAGEDOOR_DATA_DIR: newFolder(),
    STAGEDOOR_EXAMPLES: 'all',
    SMTP_URL: mails.url,
    ...ADMIN_VARIABLES,
  });
  const admin = server.client();
  const responses = [
    { identification: { identifier: ADMIN.username } },
    { password: { password: ADMIN.password } },
  ];
  await start(admin, { flow: { designation: 'AUTHENTICATION' }, responses });
  for (const username of Object.values(PEOPLE)) {
    const email = username === 'homeless' ? undefined : `${username}@example.org`;
    const { createUser } = await admin.ok(CREATE_USER, { input: { username, email } });
    if (username === 'disabled') await admin.ok(UPDATE_USER, { id: createUser.id, input: { active: false } });
  }
});

afterAll(async () => {
  await cleanUp();
  await proxy.close();
  await mails.close();
  await dropDatabases();
});

/** No limit is what is compared. */
async function forgetLimits(): Promise<void> {
  for (const table of ['rate', 'guess']) await database.query(`delete from ${table}`);
}

/** What PostgreSQL was asked for one answer, whatever it says; the shortest of several times. */
async function asked(work: () => Promise<unknown>): Promise<string[]> {
  const all: string[][] = [];
  for (let time = 0; time < TIMES; time += 1) {
    await forgetLimits();
    // Nor is what is still being sent of a mail before.
    await database.until(`select 1 where not exists (select from mail where status = 'QUEUED')`);
    const { transactions } = await proxy.during(work);
    const own = transactions.filter((one) => !isNotification(one) && !isBackground(one));
    all.push(own.flatMap(({ texts }) => texts));
  }
  const [shortest = []] = all.toSorted((one, other) => one.length - other.length);
  return shortest;
}

interface Attempt {
  readonly what: string;
  readonly slug: string;
  /** What comes before that has been told who it is. */
  readonly before: (name: string) => readonly object[];
  readonly answer: (name: string) => object;
}

const identification = (name: string) => ({ identification: { identifier: name } });
const details = (name: string) => filledIn({ name: 'Some Body', email: `${name}@example.org` });
const resend = () => ({ email: { resend: true } });
const wrongCode = () => ({ email: { code: '00000000' } });

const attempts: Attempt[] = ['recovery-by-email', 'magic-link'].flatMap((slug) => [
  { what: `${slug}: who it is`, slug, before: () => [], answer: identification },
  { what: `${slug}: another mail`, slug, before: (name) => [identification(name)], answer: resend },
  { what: `${slug}: a wrong code`, slug, before: (name) => [identification(name)], answer: wrongCode },
]);
const enrollments: Attempt[] = [
  { what: 'who it is', slug: 'enrollment-with-email', before: () => [], answer: details },
  { what: 'another mail', slug: 'enrollment-with-email', before: (name) => [details(name)], answer: resend },
  {
    what: 'a wrong code',
    slug: 'enrollment-with-email',
    before: (name) => [details(name)],
    answer: wrongCode,
  },
];

async function statementsOf({ slug, before, answer }: Attempt, name: string): Promise<string[]> {
  const ready: Journey[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    await forgetLimits();
    const journey = await Journey.begin(server.client(), { flow: { slug } });
    for (const response of before(name)) await journey.answer(response);
    ready.push(journey);
  }
  return asked(async () => {
    const journey = await ready.pop()?.answer(answer(name));
    expect(journey?.step).toMatchObject({ __typename: 'EmailChallenge', purpose: 'WAIT' });
  });
}

describe('what PostgreSQL is asked', () => {
  describe.each(attempts.map((attempt) => [attempt.what, attempt] as const))('for %s', (_what, attempt) => {
    it.each(Object.entries(PEOPLE))('is for %s what it is for nobody', async (_who, name) => {
      const nobody = await statementsOf(attempt, 'no-bodys');
      expect(nobody.length).toBeGreaterThan(5);
      expect(await statementsOf(attempt, name)).toEqual(nobody);
    });
  });

  describe.each(enrollments.map((attempt) => [attempt.what, attempt] as const))(
    'for somebody who signs up, %s',
    (_what, attempt) => {
      it.each(['somebody', 'disabled'])(
        'is the same where the address is taken, by %s, and where it is free',
        async (name) => {
          expect(await statementsOf(attempt, name)).toEqual(await statementsOf(attempt, 'no-bodys'));
        },
      );
    },
  );
});
