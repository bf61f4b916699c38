// Whether the time of an answer tells who exists: somebody and nobody in turn, beside floors that tell it on purpose.
// `npm exec -- node bench/uniform.mjs` measures this alone.
import { fileURLToPath } from 'node:url';

import pg from 'pg';
import { SMTPServer } from 'smtp-server';

import { build } from '../scripts/build.mjs';
import { createDatabase } from '../test/support/databases.mjs';
import { startPostgres, stopPostgres } from '../test/support/postgres-server.mjs';
import { tellingApart } from './difference.mjs';
import { median } from './load.mjs';
import { killServers, leakyStart, nodeStart, startServer } from './service.mjs';
import { printTable } from './table.mjs';

const ROUNDS = 300;
/** Each takes two checks of a password. */
const LOGINS = 100;
/** The first ones also open connections, and are not yet compiled. */
const WARM_UPS = 30;
/** Before and after each, so that a mail which is on its way by then slows down nothing but what asks for that. */
const PAUSE_MILLISECONDS = 25;
/** Cliff's delta below which a difference is called negligible (Romano et al., 2006), as the area: 0.5 ± 0.147 / 2. */
const AIM = 0.147 / 2;

const GROUPS = {
  somebody: (n) => `person${n}`,
  disabled: (n) => `person${n + 5000}`,
  addressless: (n) => `person${n + 10_000}`,
  nobody: (n) => `nobody${n}`,
};
const addressOf = (name) => `${name}@example.org`;

/** Gives people addresses, but for some; others are disabled. */
async function prepare(execute, people) {
  await people.addPeople(execute);
  await execute(`update user_account set email = username || '@example.org'
    where username like 'person%' and substr(username, 7)::int < 10000`);
  await execute(`insert into user_identifier (canonical, user_id, is_username, is_email)
    select email, id, false, true from user_account where username like 'person%' and email is not null`);
  await execute(`update user_account set active = false
    where username like 'person%' and substr(username, 7)::int between 5000 and 9999`);
  await execute('analyze');
}

/** What is measured of the service, by whom it is about. Each gets an execution that is about to be told who it is. */
function attempts(address, people) {
  const begin = (slug) => (index) => people.startFlow(address, index, { slug });
  const identify = (index, execution, name) =>
    people.submit(address, index, execution, { identification: { identifier: name } });
  const form = (name) => ({
    prompt: {
      values: [
        { key: 'name', value: { text: 'Some Body' } },
        { key: 'email', value: { text: addressOf(name) } },
      ],
    },
  });
  const enroll = (index, execution, name) => people.submit(address, index, execution, form(name));
  const identified = (slug) => async (index, name) => identify(index, await begin(slug)(index), name);
  const probe = async () => void (await fetch(`${address}/health/live`));
  return [
    {
      what: 'login: wrong password',
      times: LOGINS,
      before: identified('default-authentication-flow'),
      measured: (index, execution) =>
        people.submit(address, index, execution, { password: { password: 'wrong' } }),
      against: ['somebody', 'disabled'],
    },
    {
      what: 'recovery: who it is',
      before: begin('recovery-by-email'),
      measured: identify,
      against: ['somebody', 'disabled', 'addressless'],
    },
    {
      what: 'recovery: what comes right after',
      before: async (index, name) => identify(index, await begin('recovery-by-email')(index), name),
      measured: probe,
      atOnce: true,
      against: ['somebody'],
    },
    {
      what: 'recovery: another mail',
      before: identified('recovery-by-email'),
      measured: (index, execution) => people.submit(address, index, execution, { email: { resend: true } }),
      against: ['somebody', 'disabled', 'addressless'],
    },
    {
      what: 'recovery: wrong code',
      before: identified('recovery-by-email'),
      measured: (index, execution) =>
        people.submit(address, index, execution, { email: { code: '00000000' } }),
      against: ['somebody', 'disabled', 'addressless'],
    },
    {
      what: 'magic link: who it is',
      before: begin('magic-link'),
      measured: identify,
      against: ['somebody', 'disabled', 'addressless'],
    },
    {
      what: 'enrollment: address',
      before: begin('enrollment-with-email'),
      measured: enroll,
      against: ['somebody', 'disabled'],
    },
  ];
}

function floors(address) {
  const post = (leak) => async (_index, _execution, name) => {
    const response = await fetch(`${address}/${leak}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    await response.text();
  };
  const floor = (what, leak) => ({
    what,
    before: async () => {},
    measured: post(leak),
    against: ['somebody'],
  });
  return [
    floor('floor: nothing differs', 'none'),
    floor('leak: one more select', 'select'),
    floor('leak: one more insert', 'row'),
  ];
}

/** Times of one group and of nobody, in turn, now one first and now the other, each person once. */
async function compared({ before, measured, atOnce = false, times = ROUNDS }, group, numbers) {
  const latencies = { [group]: [], nobody: [] };
  for (let round = -WARM_UPS; round < times; round += 1) {
    const order = Math.random() < 0.5 ? [group, 'nobody'] : ['nobody', group];
    const index = numbers.next().value;
    for (const whom of order) {
      const name = GROUPS[whom](index);
      const execution = await before(index, name);
      if (!atOnce) await pause();
      const begunAt = performance.now();
      await measured(index, execution, name);
      const took = performance.now() - begunAt;
      if (round >= 0) latencies[whom].push(took);
      await pause();
    }
  }
  return latencies;
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
}

function* counted() {
  for (let number = 1; ; number += 1) yield number;
}

/** Prints how well each can be told from nobody. */
export async function measureUniformity(database) {
  const people = await import('./people.mjs');
  const url = await database();
  const sink = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    onData: (stream, _session, done) => stream.resume().on('end', done),
  });
  await new Promise((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const server = await startServer(nodeStart, {
    ...people.environment,
    DATABASE_URL: url,
    STAGEDOOR_EXAMPLES: 'all',
    SMTP_URL: `smtp://127.0.0.1:${sink.server.address().port}`,
  });
  const leaky = await startServer(leakyStart, { DATABASE_URL: url });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await prepare((statement) => client.query(statement), people);
    const numbers = counted();
    const rows = [];
    for (const attempt of [...floors(leaky.address), ...attempts(server.address, people)]) {
      for (const group of attempt.against) {
        // No limit is what is measured.
        await client.query('delete from rate');
        const { [group]: theirs, nobody } = await compared(attempt, group, numbers);
        const { area, margin, cliffsDelta } = tellingApart(theirs, nobody);
        rows.push([
          `${attempt.what}, ${group}`,
          nobody.length,
          median(theirs).toFixed(2),
          median(nobody).toFixed(2),
          area.toFixed(3),
          `± ${margin.toFixed(3)}`,
          cliffsDelta.toFixed(3),
          attempt.what.startsWith('leak') ? '' : `0.5 ± ${AIM.toFixed(3)}`,
        ]);
      }
    }
    printTable(
      'Telling somebody from nobody by the time of an answer, on PostgreSQL (in turn, in random order)',
      ['', 'times', 'p50 ms', 'of nobody', 'AUC', '95 %', "Cliff's delta", 'aim'],
      rows,
    );
  } finally {
    await client.end();
    await server.stop();
    await leaky.stop();
    await new Promise((resolve) => sink.close(resolve));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const closers = [];
  const cleanUp = async () => {
    killServers();
    for (const close of closers.splice(0).toReversed()) await close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  try {
    await build();
    const postgres = await startPostgres();
    closers.push(stopPostgres);
    await measureUniformity(async () => {
      const { url, drop } = await createDatabase(postgres);
      closers.push(drop);
      return url;
    });
  } finally {
    await cleanUp();
  }
}
