import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer } from '../support/compose.js';
import { answerTo } from '../support/executions.js';
import { start, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { limitAfter } from '../support/guess-limit.js';
import { startMailServer } from '../support/mail-server.js';
import type { MailServer } from '../support/mail-server.js';
import { CREATE_USER } from '../support/people.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import { TestClient } from '../support/test-client.js';
import type { Answer } from '../support/test-client.js';

const RUNNERS = 20;

let database: ServerDatabase;
let mails: MailServer;
let nodes: [ServerProcess, ServerProcess];
let admin: TestClient;
let slug: string;
let people = 0;

beforeAll(async () => {
  database = await ServerDatabase.create();
  mails = await startMailServer();
  const variables = {
    ...ADMIN_VARIABLES,
    STAGEDOOR_DATA_DIR: newFolder(),
    SMTP_URL: mails.url,
    // Each client is somewhere else: no address asks for too much.
    STAGEDOOR_TRUSTED_PROXIES: '127.0.0.1',
  };
  nodes = [
    await startServer({ ...variables, DATABASE_URL: database.url }),
    await startServer({ ...variables, DATABASE_URL: database.url }),
  ];
  admin = nodes[0].client();
  const responses = [
    { identification: { identifier: ADMIN.username } },
    { password: { password: ADMIN.password } },
  ];
  await start(admin, { flow: { designation: 'AUTHENTICATION' }, responses });
  const flow = await new Composer(admin).flowOf(
    { designation: 'AUTHENTICATION' },
    { identification: { userFields: ['EMAIL'], pretendUserExists: true } },
    { email: { template: 'MAGIC_LINK', maxMails: 100 } },
    { userLogin: {} },
  );
  slug = flow.slug;
});

afterAll(async () => {
  await cleanUp();
  await mails.close();
  await dropDatabases();
});

async function somebody(): Promise<string> {
  people += 1;
  const email = `racer-${people}@example.org`;
  await admin.ok(CREATE_USER, { input: { username: `racer-${people}`, email } });
  return email;
}

let clients = 0;
/** A client of one of the nodes, somewhere else than all others. */
function clientOf(index: number): TestClient {
  clients += 1;
  return new TestClient(
    (index % 2 === 0 ? nodes[0] : nodes[1]).address,
    `10.2.${clients >> 8}.${clients & 255}`,
  );
}
const begin = (identifier: string): Promise<Execution> =>
  start(clientOf(0), {
    ...{ flow: { slug }, client: 'NATIVE' },
    responses: [{ identification: { identifier } }],
  });

async function waited() {
  const email = await somebody();
  const execution = await begin(email);
  const { text } = await mails.next(email);
  const [, flowToken = ''] = /#flowToken=([\w-]{43})/.exec(text) ?? [];
  const [code = ''] = /\b\d{4} \d{4}\b/.exec(text) ?? [];
  return { email, execution, flowToken, code };
}

const landing = (index: number, flowToken: string): Promise<Execution> =>
  start(clientOf(index), { flow: { slug }, client: 'NATIVE', flowToken });

/** What each of them has come to. */
const fates = (answers: readonly Answer[]): string[] =>
  answers.map(({ data, errors }) => {
    const step = data?.submitStage?.step;
    return errors[0]?.extensions.code ?? step.errors?.[0]?.code ?? step.__typename;
  });
const count = (all: readonly string[], fate: string): number => all.filter((one) => one === fate).length;
const runners = Array.from({ length: RUNNERS }, (_, index) => index);
const sessionsOf = (id: string): Promise<number> => database.count(`session where execution_id = '${id}'`);

describe('at the same moment, on two nodes', () => {
  it('twenty right codes open one session', async () => {
    const { execution, code } = await waited();
    const answers = await Promise.all(
      runners.map((index) => {
        const typed = index % 2 === 0 ? code : code.replace(' ', '');
        return trySubmit(clientOf(index), answerTo(execution, { email: { code: typed } }));
      }),
    );
    expect(count(fates(answers), 'FlowCompleted')).toBeGreaterThanOrEqual(1);
    expect(await sessionsOf(execution.id)).toBe(1);
    expect(await database.count("event where action = 'EMAIL_VERIFIED'")).toBe(1);
  });

  it('twenty who confirm one link confirm it once, and what waits passes once', async () => {
    const { execution, flowToken } = await waited();
    const landed = await Promise.all(runners.map((index) => landing(index, flowToken)));
    const { matchCode } = execution.step;
    const answers = await Promise.all(
      landed.map((one, index) => trySubmit(clientOf(index), answerTo(one, { email: { matchCode } }))),
    );
    // No more than three attempts are looked at, and one of them is the first.
    expect(count(fates(answers), 'FlowCompleted')).toBe(1);
    expect(count(fates(answers), 'FlowDenied') + count(fates(answers), 'CONFLICT')).toBe(RUNNERS - 1);
    expect(await database.count("flow_token where purpose = 'MAIL_LINK' and confirmed_at is not null")).toBe(
      1,
    );
    const going = await Promise.all(
      runners.map((index) => trySubmit(clientOf(index), answerTo(execution, { email: {} }))),
    );
    expect(fates(going)).toEqual(runners.map(() => 'FlowCompleted'));
    expect(await sessionsOf(execution.id)).toBe(1);
  });

  it('code and link have one success, in which order they may come', async () => {
    for (const _round of [1, 2, 3]) {
      const { execution, flowToken, code } = await waited();
      const landed = await landing(1, flowToken);
      const { matchCode } = execution.step;
      const [coded, linked] = await Promise.all([
        trySubmit(clientOf(0), answerTo(execution, { email: { code } })),
        trySubmit(clientOf(1), answerTo(landed, { email: { matchCode } })),
      ]);
      expect(fates([coded])).toEqual(['FlowCompleted']);
      expect(['FlowCompleted', 'FlowDenied', 'CONFLICT']).toContain(fates([linked])[0]);
      expect(linked.data?.submitStage?.step.session ?? null).toBeNull();
      expect(await sessionsOf(execution.id)).toBe(1);
    }
  });

  it('no more of two hundred wrong codes are looked at than the limit', async () => {
    const { email, code } = await waited();
    const executions = await Promise.all(runners.slice(0, 10).map(() => begin(email)));
    const wrong = (number: number): string => String(number).padStart(8, '9');
    const begun = Date.now();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const execution = executions[index % executions.length];
        return trySubmit(clientOf(index), answerTo(execution, { email: { code: wrong(index) } }));
      }),
    );
    const most = limitAfter((Date.now() - begun) / 1000);
    expect(code).not.toBe('');
    expect(await database.count("event where action = 'EMAIL_CODE_FAILED'")).toBeLessThanOrEqual(most);
    expect(count(fates(answers), 'FlowCompleted')).toBe(0);
  });

  it('no more mails are made than may be', async () => {
    const email = await somebody();
    const tight = await new Composer(admin).flowOf(
      { designation: 'AUTHENTICATION' },
      { identification: { userFields: ['EMAIL'], pretendUserExists: true } },
      { email: { maxMails: 3 } },
    );
    const responses = [{ identification: { identifier: email } }];
    const begun = await Promise.all(
      runners.map((index) =>
        start(clientOf(index), { flow: { slug: tight.slug }, client: 'NATIVE', responses }),
      ),
    );
    expect(begun.filter(({ step }) => step.messages.length === 0)).toHaveLength(3);
    expect(await database.count(`mail where recipient = '${email}'`)).toBe(3);
  });
});
