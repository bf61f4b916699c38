import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { filledIn } from '../support/compose.js';
import { start } from '../support/flows.js';
import { invite } from '../support/invitations.js';
import { Journey } from '../support/journey.js';
import { startMailServer } from '../support/mail-server.js';
import type { MailServer } from '../support/mail-server.js';
import { codeIn } from '../support/mailed.js';
import { PASSWORD } from '../support/people.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess, Variables } from '../support/server-process.js';
import { TestClient } from '../support/test-client.js';

const RUNNERS = 20;
/** So many connections the process has: the others wait for one of them. */
const CONNECTIONS = 10;

let database: ServerDatabase;
let mails: MailServer;
let variables: Variables;
let server: ServerProcess;
let admin: TestClient;

beforeAll(async () => {
  [database, mails] = [await ServerDatabase.create(), await startMailServer()];
  variables = {
    DATABASE_URL: database.url,
    STAGEDOOR_DATA_DIR: newFolder(),
    STAGEDOOR_EXAMPLES: 'all',
    STAGEDOOR_TRUSTED_PROXIES: 'loopback',
    SMTP_URL: mails.url,
    ...ADMIN_VARIABLES,
  };
  server = await startServer(variables);
  admin = server.client();
  const responses = [
    { identification: { identifier: ADMIN.username } },
    { password: { password: ADMIN.password } },
  ];
  await start(admin, { flow: { designation: 'AUTHENTICATION' }, responses });
});

afterAll(async () => {
  await cleanUp();
  await mails.close();
  await dropDatabases();
});

let clients = 0;

/** Each is somewhere else: no address is sent more mails than it may ask for. */
function somewhere(): TestClient {
  clients += 1;
  return new TestClient(server.address, `192.0.2.${clients}`);
}

/** Somebody whose next answer makes an account in this flow. */
async function verified(slug: string, email: string, also: object = {}): Promise<Journey> {
  const input = { flow: { slug }, client: 'NATIVE', ...also };
  const journey = await Journey.begin(somewhere(), input);
  await journey.answer(filledIn({ name: 'New Comer', email }));
  await journey.answer({ email: { code: codeIn(await mails.next(email)) } });
  expect(journey.step.__typename).toBe('PromptChallenge');
  return journey;
}

const credentials = (username: string) =>
  filledIn({ username, password: PASSWORD, passwordRepeat: PASSWORD });

/** Holds a row that all of them need until every one waits for it, so that they go on in the same moment. */
async function raced(hold: string, values: unknown[], work: readonly (() => Promise<unknown>)[]) {
  await database.heldUp(hold, values, Math.min(work.length, CONNECTIONS), () =>
    Promise.all(work.map((run) => run())),
  );
}

const outcomes = (journeys: readonly Journey[]): string[] =>
  journeys.map(({ answers }) => {
    const { data, errors } = answers.at(-1) ?? {};
    return errors?.[0]?.extensions.code ?? data?.run.step.__typename;
  });

async function invitedTo(slug: string) {
  const { flow } = await admin.ok('query($slug: String!) { flow(slug: $slug) { id } }', { slug });
  return invite(admin, { flowId: flow.id });
}

describe('the shipped enrollment by invitation', () => {
  const slug = 'enrollment-by-invitation';

  it('makes one account where twenty complete it at the same moment with an invitation for one', async () => {
    const { token, invitation } = await invitedTo(slug);
    const people = await Promise.all(
      Array.from({ length: RUNNERS }, (_, index) =>
        verified(slug, `runner-${index}@example.org`, { invitationToken: token }),
      ),
    );
    await raced(
      'select id from invitation where id = $1 for update',
      [invitation.id],
      people.map((person, index) => () => person.answer(credentials(`runner-${index}`))),
    );
    const ends = outcomes(people);
    expect(ends.filter((end) => end === 'FlowCompleted')).toHaveLength(1);
    for (const end of ends) expect(['FlowCompleted', 'CONFLICT', 'UNAVAILABLE']).toContain(end);
    expect(await database.count(`user_account where username like 'runner-%'`)).toBe(1);
    expect(await database.count(`user_identifier where canonical like 'runner-%'`)).toBe(2);
    expect(await database.query('select uses from invitation where id = $1', [invitation.id])).toEqual([
      { uses: 1 },
    ]);
  });

  it('leaves neither a used invitation nor an account where the process is killed in between, and then both', async () => {
    const { token, invitation } = await invitedTo(slug);
    const person = await verified(slug, 'killed@example.org', { invitationToken: token });
    const { id: executionId, token: owner, step } = person.execution;
    // Whoever makes an account called so has to wait, with the invitation used up already.
    const name = `insert into user_identifier (canonical, user_id, is_username, is_email)
      select 'killed', id, true, false from user_account limit 1`;
    await database.whileLocked(name, [], async () => {
      const lost = person.answer(credentials('killed')).catch((error: unknown) => String(error));
      await database.untilWaiting(1, 'insert into "user_identifier"%');
      await server.kill();
      expect(await lost).toMatch(/TypeError/);
    });
    await database.untilAlone();
    const uses = 'select uses from invitation where id = $1';
    expect(await database.query(uses, [invitation.id])).toEqual([{ uses: 0 }]);
    expect(await database.count(`user_account where username = 'killed'`)).toBe(0);
    expect(await database.count(`user_identifier where canonical like 'killed%'`)).toBe(0);
    await database.query('update execution set claimed_until = now() where claim is not null');

    server = await startServer(variables);
    const again = { executionId, token: owner, challengeId: step.id, response: credentials('killed') };
    const document = `mutation($input: SubmitStageInput!) { submitStage(input: $input) { step { __typename } } }`;
    for (let time = 0; time < 2; time += 1) {
      const { submitStage } = await server.client().ok(document, { input: again });
      expect(submitStage.step.__typename).toBe('FlowCompleted');
    }
    expect(await database.query(uses, [invitation.id])).toEqual([{ uses: 1 }]);
    expect(await database.count(`user_account where username = 'killed'`)).toBe(1);
  });
});

describe('two people who sign up at the same moment', () => {
  it.each([
    ['by one name', 'twin', ['one@example.org', 'other@example.org'], ['twin', 'twin']],
    ['with one address', 'both@example.org', ['both@example.org', 'both@example.org'], ['left', 'right']],
  ])('%s are one account', async (_how, contested, [one = '', other = ''], [left = '', right = '']) => {
    const slug = 'enrollment-with-email';
    const people = [await verified(slug, one), await verified(slug, other)];
    const [first, second] = people;
    await raced(
      `insert into user_identifier (canonical, user_id, is_username, is_email)
        select $1, id, true, false from user_account limit 1`,
      [contested],
      [async () => first?.answer(credentials(left)), async () => second?.answer(credentials(right))],
    );
    expect(outcomes(people).filter((end) => end === 'FlowCompleted')).toHaveLength(1);
    expect(await database.count(`user_identifier where canonical = '${contested}'`)).toBe(1);
    expect(await database.count(`user_account where username in ('${left}', '${right}')`)).toBe(1);
  });
});
