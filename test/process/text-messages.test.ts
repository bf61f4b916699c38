import { openDatabase } from '../../src/persistence/database.js';
import type { Database } from '../../src/persistence/database.js';
import { startMailServer } from '../support/mail-server.js';
import { MAIL_KEYS, queueMail } from '../support/mail-queue.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { Variables } from '../support/server-process.js';
import { TextProvider } from '../support/text-provider.js';
import type { HandedIn } from '../support/text-provider.js';
import { TEXT_CODE, TEXT_SECRET, queueText, textStage } from '../support/text-queue.js';

const MESSAGES = 100;
/** So many are on their way at once. */
const LANES = 5;

let provider: TextProvider;
let server: ServerDatabase;
let database: Database;
let stageId: string;

beforeEach(async () => {
  provider = await TextProvider.start();
  server = await ServerDatabase.create();
  database = await openDatabase({ type: 'server', url: server.url });
  await database.migrate();
  stageId = await textStage(database.sql, `${provider.url}/sms`);
});

afterEach(async () => {
  await cleanUp();
  await database.close();
  await dropDatabases();
  await provider.close();
});

const variables = (also: Variables = {}): Variables => ({
  ...{ DATABASE_URL: server.url, STAGEDOOR_DATA_DIR: newFolder(), STAGEDOOR_SECRET_KEYS: MAIL_KEYS },
  ...also,
});
const queue = (to = '+4915123456789', also = {}) => queueText(database.sql, stageId, to, also);

/** The claims of the dead lapse after a minute, and what failed is tried again after seconds; here that is now. */
const hurry = () =>
  server.query(`update mail set next_attempt_at = now(), claimed_until = now() where status = 'QUEUED'`);
const settled = (count: number) =>
  server.until(`select 1 from mail where status <> 'QUEUED' having count(*) >= ${count}`);
const postponed = () =>
  server.until(`select 1 from mail where status = 'QUEUED' and attempts > 0 and claim is null`);
const events = (action: string) => server.count(`event where action = '${action}'`);
const idOf = ({ headers }: HandedIn): string => String(headers['idempotency-key']);
const nonsense = 'SSH-2.0 is not HTTP\r\n\r\n';

it('a provider that is down, hangs up, is out of order or talks nonsense is asked again, and takes a message once', async () => {
  await startServer(variables());
  const troubles: TextProvider['respond'][] = [
    (response) => void response.destroy(),
    (response) => void response.writeHead(503).end(`no ${TEXT_CODE}`),
    (response) => void response.writeHead(429).end(),
    (response) => void response.socket?.end(nonsense),
  ];
  const [first] = troubles;
  if (first) provider.respond = first;
  const id = await queue();
  for (const [index] of troubles.entries()) {
    await provider.handed(index + 1);
    await postponed();
    provider.respond =
      troubles[index + 1] ?? ((response) => void response.writeHead(200).end('<html>nonsense</html>'));
    await hurry();
  }
  await settled(1);
  expect(new Set(provider.handedIn.map(idOf))).toEqual(new Set([id]));
  expect(provider.handedIn).toHaveLength(troubles.length + 1);
  expect(await server.query('select status, sealed, attempts from mail')).toEqual([
    { status: 'SENT', sealed: null, attempts: troubles.length + 1 },
  ]);
  expect([await events('TEXT_SENT'), await events('TEXT_FAILED')]).toEqual([1, 0]);
});

it('a provider that refuses a message is asked once, and that is told', async () => {
  await startServer(variables());
  provider.respond = (response) => void response.writeHead(401).end(`{"code": 20003}`);
  await queue();
  await settled(1);
  expect(provider.handedIn).toHaveLength(1);
  expect(
    await server.query(`select details->>'reason' as reason from event where action = 'TEXT_FAILED'`),
  ).toEqual([{ reason: 'The provider answered 401 (20003).' }]);
});

it('a code that is good no longer is not sent, nor one whose stage is gone', async () => {
  const then = new Date(Date.now() - 61_000);
  await queue('+4915100000001', { now: then, seconds: 60 });
  await queueText(database.sql, '00000000-0000-4000-8000-000000000000', '+4915100000002');
  await startServer(variables());
  await settled(2);
  expect(provider.handedIn).toEqual([]);
  expect(await server.count(`mail where status = 'DEAD' and sealed is null`)).toBe(2);
  expect(await events('TEXT_FAILED')).toBe(2);
});

it('a provider that says nothing holds up no mail', async () => {
  const mails = await startMailServer();
  let [asking, most] = [0, 0];
  // Whoever has waited for too long goes away, and another comes.
  provider.respond = (response) => {
    asking += 1;
    most = Math.max(most, asking);
    response.once('close', () => (asking -= 1));
  };
  await startServer(variables({ SMTP_URL: mails.url }));
  for (let index = 0; index < 2 * LANES; index += 1) await queue(`+491510000000${index}`);
  await provider.handed(LANES);
  await queueMail(database.sql, 'ada@example.org');
  await mails.next('ada@example.org');
  expect(most).toBe(LANES);
  await mails.close();
});

it('in production text messages are sent without a mail server as well, and to nobody on this machine', async () => {
  await startServer(variables({ NODE_ENV: 'production', STAGEDOOR_PUBLIC_URL: 'https://auth.example.org' }));
  await queue();
  await settled(1);
  expect(provider.handedIn).toEqual([]);
  const [{ last_error: reason }] = await server.query('select last_error from mail');
  expect(reason).toBe('The provider has an address that may not be asked.');
});

describe('a process that is killed', () => {
  it('while the provider is asked loses no message, and it is asked again with the same key', async () => {
    provider.respond = () => undefined;
    const first = await startServer(variables());
    const id = await queue();
    await provider.handed(1);
    await first.kill();
    provider.reset();
    await startServer(variables());
    await hurry();
    expect(idOf(await provider.handed(1))).toBe(id);
    await settled(1);
    expect(await events('TEXT_SENT')).toBe(1);
  });

  it('at any moment of sending many repeats no more than were on their way, and loses none', async () => {
    const ids = new Set<string>();
    for (let index = 0; index < MESSAGES; index += 1) ids.add(await queue(`+49151000${1000 + index}`));
    const victim = await startServer(variables());
    await provider.handed(30);
    await victim.kill();
    await server.untilGone(victim);
    await hurry();
    await startServer(variables());
    await settled(MESSAGES);
    expect(new Set(provider.handedIn.map(idOf))).toEqual(ids);
    expect(provider.handedIn.length).toBeLessThanOrEqual(MESSAGES + LANES);
    expect(await events('TEXT_SENT')).toBe(MESSAGES);
  });
});

it('two processes send each of many messages, and none twice', async () => {
  const nodes = await Promise.all([startServer(variables()), startServer(variables())]);
  const ids = new Set<string>();
  for (let index = 0; index < MESSAGES; index += 1) ids.add(await queue(`+49151000${1000 + index}`));
  await settled(MESSAGES);
  await Promise.all(nodes.map((node) => node.stop()));
  expect(provider.handedIn).toHaveLength(MESSAGES);
  expect(new Set(provider.handedIn.map(idOf))).toEqual(ids);
});

it('what a message says, its number and the secret are nowhere but at the provider: in no log, event or row', async () => {
  const number = '+4915123456789';
  provider.respond = (response) =>
    void response.writeHead(400).end(JSON.stringify({ code: 1, message: `${number} ${TEXT_CODE}` }));
  const node = await startServer(variables({ LOG_LEVEL: 'trace' }));
  await queue(number);
  await settled(1);
  provider.reset();
  await queue(number);
  const { text } = await provider.message(1);
  expect(text).toBe(
    `Stagedoor: Ihr Code ist ${TEXT_CODE}. Geben Sie ihn an niemanden weiter.\n\n@localhost #${TEXT_CODE}`,
  );
  const queued = JSON.stringify(await server.query('select * from mail'));
  await settled(2);
  await node.stop();
  const told =
    queued +
    JSON.stringify([
      await server.query('select * from mail'),
      await server.query('select * from event'),
      await server.query('select * from stage'),
    ]) +
    node.stdout +
    node.stderr;
  expect(told).toContain('a text message was given up');
  for (const secret of [number, number.slice(3), TEXT_CODE, TEXT_SECRET]) expect(told).not.toContain(secret);
});
