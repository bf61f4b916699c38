import { MOST_ATTEMPTS } from '../../src/flow/outbox.js';
import { openDatabase } from '../../src/persistence/database.js';
import type { Database } from '../../src/persistence/database.js';
import { startMailServer } from '../support/mail-server.js';
import type { MailServer, ReceivedMail } from '../support/mail-server.js';
import { CODE, LINK, MAIL_KEYS, queueMail } from '../support/mail-queue.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, spawnServer, startServer } from '../support/server-process.js';
import type { ServerProcess, Variables } from '../support/server-process.js';

const MAILS = 1000;

let mails: MailServer;
let server: ServerDatabase;
let database: Database;

beforeEach(async () => {
  mails = await startMailServer();
  server = await ServerDatabase.create();
  database = await openDatabase({ type: 'server', url: server.url });
  await database.migrate();
});

afterEach(async () => {
  await cleanUp();
  await database.close();
  await dropDatabases();
  await mails.close();
});

const variables = (also: Variables = {}): Variables => ({
  ...{ DATABASE_URL: server.url, STAGEDOOR_DATA_DIR: newFolder(), STAGEDOOR_SECRET_KEYS: MAIL_KEYS },
  SMTP_URL: mails.url,
  ...also,
});

/** The claims of the dead lapse after a minute; here that is now. */
const lapse = () => server.query(`update mail set claimed_until = now() where claim is not null`);
const settled = (count: number) =>
  server.until(`select 1 from mail where status <> 'QUEUED' having count(*) >= ${count}`);
const events = (action: string) => server.count(`event where action = '${action}'`);
const idOf = ({ messageId }: ReceivedMail): string => messageId.slice(1, messageId.indexOf('@'));

describe('a process that is killed', () => {
  it('between the claim of a mail and its sending loses no mail: another sends it once the claim lapses', async () => {
    // It is stuck there: the mail server takes connections and says nothing.
    const mute = await startMailServer({ onConnect: () => undefined });
    const first = await startServer(variables({ SMTP_URL: mute.url }));
    const id = await queueMail(database.sql, 'ada@example.org');
    await server.until(`select 1 from mail where claim is not null`);
    await first.kill();
    await mute.close();
    // However long the next one takes to start.
    await server.query(`update mail set claimed_until = now() + interval '1 hour'`);

    await startServer(variables());
    // Until then it belongs to the one that died, for all that anybody knows.
    const other = await queueMail(database.sql, 'eve@example.org');
    await mails.next('eve@example.org');
    await server.until(`select 1 from mail where id = '${other}' and status = 'SENT'`);
    expect(mails.mails).toHaveLength(1);
    await lapse();
    expect(idOf(await mails.next('ada@example.org'))).toBe(id);
    await settled(2);
    expect(mails.mails).toHaveLength(2);
    expect(await events('MAIL_SENT')).toBe(2);
  });

  it('between the acceptance of a mail and its record repeats that mail at most once, and it can be told', async () => {
    const first = await startServer(variables());
    // It is stuck there: the event that tells of the mail has to wait.
    await server.query('begin');
    await server.query('lock table event in exclusive mode');
    await queueMail(database.sql, 'ada@example.org');
    await mails.next('ada@example.org');
    await first.kill();
    await server.query('commit');
    expect(await server.query('select status from mail')).toEqual([{ status: 'QUEUED' }]);

    const second = await startServer(variables());
    await lapse();
    await mails.next('ada@example.org');
    await settled(1);
    expect(new Set(mails.mails.map(({ messageId }) => messageId)).size).toBe(1);
    expect(mails.mails).toHaveLength(2);
    expect(await events('MAIL_SENT')).toBe(1);
    // There is no third: whoever looks again finds nothing to send.
    await queueMail(database.sql, 'eve@example.org');
    await mails.next('eve@example.org');
    await second.stop();
    expect(mails.mails).toHaveLength(3);
  });

  it(`at any moment of sending many loses none of them, and repeats no more than were on their way`, async () => {
    const ids = new Set<string>();
    for (let index = 0; index < 100; index += 1)
      ids.add(await queueMail(database.sql, `${index}@example.org`));
    for (const address of ['10@example.org', '40@example.org']) {
      const victim = await startServer(variables());
      await mails.next(address);
      await victim.kill();
      await server.untilGone(victim);
      await lapse();
    }
    await startServer(variables());
    await settled(100);
    expect(new Set(mails.mails.map(idOf))).toEqual(ids);
    expect(mails.mails.length).toBeLessThanOrEqual(100 + 2 * 5);
    expect(await events('MAIL_SENT')).toBe(100);
  });
});

it('two processes with a thousand mails send each of them, and none twice', async () => {
  const nodes = await Promise.all([startServer(variables()), startServer(variables())]);
  const ids = new Set<string>();
  while (ids.size < MAILS) {
    const some = Array.from({ length: 50 }, (_, index) => `${ids.size + index}@example.org`);
    for (const id of await Promise.all(some.map((to) => queueMail(database.sql, to)))) ids.add(id);
  }
  await settled(MAILS);
  await Promise.all(nodes.map((node) => node.stop()));
  expect(mails.mails).toHaveLength(MAILS);
  expect(new Set(mails.mails.map(idOf))).toEqual(ids);
  expect(new Set(mails.mails.map(({ to }) => to.join())).size).toBe(MAILS);
  expect(await server.count(`mail where status = 'SENT' and sealed is null`)).toBe(MAILS);
  expect(await events('MAIL_SENT')).toBe(MAILS);
});

it('SIGTERM lets a mail that is on its way arrive, and be recorded', async () => {
  const node = await startServer(variables());
  mails.behave('HOLD');
  await queueMail(database.sql, 'ada@example.org');
  await mails.nextOffer('ada@example.org');
  const ended = node.stop();
  await node.says('stopping');
  mails.behave('ACCEPT');
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(await server.query('select status from mail')).toEqual([{ status: 'SENT' }]);
});

it('what a mail says is nowhere but in the mail: in no log, event or row, sent or not', async () => {
  mails.behave('REFUSE');
  await queueMail(database.sql, 'ada@example.org');
  // The next time it is refused is one too many.
  await server.query(`update mail set attempts = ${MOST_ATTEMPTS - 1}`);
  const node = await startServer(
    variables({ LOG_LEVEL: 'trace', SMTP_URL: mails.url.replace('//', '//ada:s3cret@') }),
  );
  await server.until(`select 1 from mail where status = 'DEAD'`);
  mails.behave('ACCEPT');
  await queueMail(database.sql, 'ada@example.org');
  const { text } = await mails.next('ada@example.org');
  expect(text).toContain(LINK);
  await settled(2);
  await node.stop();
  const rows = JSON.stringify([
    await server.query('select * from mail'),
    await server.query('select * from event'),
  ]);
  expect(rows).toContain('The mail server answered 550 to DATA.');
  const printed = node.stdout + node.stderr;
  expect(printed).toContain('a mail was given up');
  for (const secret of ['hunter2', CODE, `${CODE.slice(0, 4)} ${CODE.slice(4)}`, 's3cret']) {
    expect(rows + printed).not.toContain(secret);
  }
});

describe('in production without a mail server', () => {
  const production = (): Variables => {
    const { SMTP_URL: _none, ...others } = variables();
    return { ...others, NODE_ENV: 'production', STAGEDOOR_PUBLIC_URL: 'https://auth.example.org' };
  };

  it('the service starts, and what nobody can send does not pile up', async () => {
    const now = new Date();
    const old = await queueMail(database.sql, 'ada@example.org', { now: new Date(now.getTime() - 301_000) });
    const young = await queueMail(database.sql, 'ada@example.org', { now });
    await startServer(production());
    await server.until(`select 1 from mail where id = '${old}' and status = 'VOID' and sealed is null`);
    expect(await server.query('select status from mail where id = $1', [young])).toEqual([
      { status: 'QUEUED' },
    ]);
  });

  it('a flow that needs mail is an error of the start, which names it and its stage', async () => {
    const node: ServerProcess = await startServer(variables());
    await node.stop();
    await server.query(
      `update stage set kind = 'email', config = '{}', name = 'recovery-mail' where id =
        (select stage_id from flow_stage_binding b join flow f on f.id = b.flow_id
         where f.slug = 'default-recovery-flow' order by b."order" limit 1)`,
    );
    const refused = spawnServer(production());
    expect(await refused.ended).toEqual({ code: 1, signal: null });
    expect(refused.stderr).toContain(
      'Stagedoor could not start: SMTP_URL must be set in production: the flow default-recovery-flow needs it for its stage recovery-mail.',
    );
  });
});
