// What management costs with a million people, ten thousand groups and a million events, beside a thousand, a hundred
// and a thousand. `npm exec -- node bench/scale.mjs` measures this alone. Fails where anything takes three times as long.
import { fileURLToPath } from 'node:url';

import pg from 'pg';

import { build } from '../scripts/build.mjs';
import { createDatabase } from '../test/support/databases.mjs';
import { startPostgres, stopPostgres } from '../test/support/postgres-server.mjs';
import { send, summary } from './load.mjs';
import { killServers, nodeStart, startServer } from './service.mjs';
import { printTable } from './table.mjs';

const SMALL = { people: 1000, groups: 100, events: 1000 };
const BIG = { people: 1_000_000, groups: 10_000, events: 1_000_000 };
const ROUNDS = 100;
/** The first ones also open connections, and are not yet compiled. */
const WARM_UPS = 20;
const AIM = 3;
const ADMIN = {
  username: 'bench-admin',
  email: 'bench-admin@example.org',
  password: 'correct horse battery staple',
};

const USERS = `query ($after: String, $filter: UserFilter) {
  users(after: $after, filter: $filter, orderBy: USERNAME_ASC) {
    edges { cursor node { id username } } pageInfo { hasNextPage endCursor }
  }
}`;
const GROUPS = `query ($after: String, $filter: GroupFilter) {
  groups(after: $after, filter: $filter, orderBy: NAME_ASC) {
    edges { cursor node { id name } } pageInfo { hasNextPage endCursor }
  }
}`;
const EVENTS = `query ($after: String, $filter: EventFilter) {
  events(after: $after, filter: $filter) {
    edges { cursor node { id action createdAt user { username } actor { username } object { type name } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** People and groups are called by their number, in as many digits that numbers and names have one order. */
const named = (prefix, number) => `${prefix}-${String(number).padStart(7, '0')}`;
const numbered = (prefix) => `'${prefix}-' || lpad(n::text, 7, '0')`;

/** What is asked, with what variables; cursors are those of the entries that lie so far down the list. */
function questions({ people, groups, events, now, personId, objectId }) {
  const person = (number) => ({ search: named('person', number) });
  const group = (number) => ({ search: named('group', number) });
  const before = (seconds) => ({ until: new Date(now - seconds * 1000).toISOString() });
  const middle = (count) => Math.floor(count * 0.4);
  // Where a whole page is left.
  const end = (count) => count - 60;
  return [
    // Less its last digit: ten people are called like this.
    ['users by prefix', USERS, { filter: { search: person(middle(people)).search.slice(0, -1) } }],
    ['users: first page', USERS, {}],
    ['users: from the middle', USERS, {}, person(middle(people))],
    ['users: near the end', USERS, {}, person(end(people))],
    ['groups: first page', GROUPS, {}],
    ['groups: from the middle', GROUPS, {}, group(middle(groups))],
    ['groups: near the end', GROUPS, {}, group(end(groups))],
    ['events: first page', EVENTS, {}],
    ['events: from the middle', EVENTS, {}, before(middle(events))],
    ['events: near the end', EVENTS, {}, before(end(events))],
    ['events of an action, long ago', EVENTS, { filter: { actions: ['LOGOUT'] } }],
    [
      'events of four actions',
      EVENTS,
      { filter: { actions: ['LOGIN', 'LOGIN_FAILED', 'LOGOUT', 'CUSTOM:none'] } },
    ],
    ['events about a person, long ago', EVENTS, { filter: { userId: personId } }],
    ['events of an object', EVENTS, { filter: { objectId } }],
    ['events of a sort of object, long ago', EVENTS, { filter: { objectType: 'INVITATION' } }],
  ];
}

/** Writes it straight into the tables. Indexes are made afterwards, as that is several times faster. */
async function fill(url, { people, groups, events }, now) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const execute = (statement) => client.query(statement);
  // References are right as they are written; checking a million of them is not what is measured.
  await execute('set session_replication_role = replica');
  await execute(`set synchronous_commit = off`);
  const { rows: indexes } = await execute(`select indexname as name, indexdef as definition from pg_indexes
    where tablename in ('user_account', 'user_identifier', 'event') and indexname not in (select conname from pg_constraint)`);
  for (const { name } of indexes) await execute(`drop index "${name}"`);
  const series = (count) => `from generate_series(1, ${count}) n`;
  await execute(`insert into user_account (id, username, email, name, active, created_at)
    select md5('person' || n)::uuid, ${numbered('person')}, ${numbered('mail')} || '@example.org', '', true,
      date_trunc('milliseconds', now()) - n * interval '1 second' ${series(people)}`);
  await execute(`insert into user_identifier (canonical, user_id, is_username, is_email)
    select ${numbered('person')}, md5('person' || n)::uuid, true, false ${series(people)}`);
  await execute(`insert into user_identifier (canonical, user_id, is_username, is_email)
    select ${numbered('mail')} || '@example.org', md5('person' || n)::uuid, false, true ${series(people)}`);
  await execute(`insert into user_group (id, name, superuser)
    select md5('group' || n)::uuid, ${numbered('group')}, false ${series(groups)}`);
  await execute(`insert into group_member (group_id, user_id)
    select md5('group' || 1 + n % ${groups})::uuid, md5('person' || n)::uuid ${series(people)}`);
  // The oldest tenth is about one person who has signed out, all the time; every tenth changes one stage.
  await execute(`insert into event (id, action, user_id, actor_id, object_type, object_id, object_name, execution_id,
      details, address, user_agent, created_at, expires_at)
    select md5('event' || n)::uuid,
      case when old then 'LOGOUT' when n % 10 = 0 then 'DEFINITION_CHANGED' when n % 10 = 1 then 'LOGIN_FAILED' else 'LOGIN' end,
      case when old then md5('person1')::uuid when n % 10 <> 0 then md5('person' || 2 + n % ${people - 1})::uuid end,
      case when changed then md5('person2')::uuid end,
      case when changed then 'STAGE' when n > ${events - 60} then 'INVITATION' end, case when changed then md5('stage')::uuid end, case when changed then 'a stage' end,
      case when not changed then md5('execution' || n)::uuid end,
      '{"change": "UPDATED", "fields": ["name"]}', '192.0.2.' || n % 250, 'bench',
      '${now.toISOString()}'::timestamptz - n * interval '1 second', now() + interval '1 year'
    from generate_series(1, ${events}) n, lateral (select n > ${events * 0.9} as old) o,
      lateral (select not old and n % 10 = 0 as changed) c`);
  for (const { definition } of indexes) await execute(definition);
  await execute('analyze');
  const { rows } = await execute(`select md5('person1')::uuid as person, md5('stage')::uuid as object`);
  await client.end();
  return { personId: rows[0].person, objectId: rows[0].object };
}

/** A server with so much in its database, and what to ask it. */
async function prepared(people, url, size) {
  const server = await startServer(nodeStart, {
    ...people.environment,
    DATABASE_URL: url,
    STAGEDOOR_ADMIN_USERNAME: ADMIN.username,
    STAGEDOOR_ADMIN_EMAIL: ADMIN.email,
    STAGEDOOR_ADMIN_PASSWORD: ADMIN.password,
  });
  const now = new Date();
  const ids = await fill(url, size, now);
  const bearer = await signIn(server.address);
  const ask = (query, variables) => send(server.address, query, variables, undefined, bearer);
  const asked = [];
  for (const [name, query, variables, entry] of questions({ ...size, ...ids, now: now.getTime() })) {
    const after = entry && onlyList(await ask(query, { filter: entry })).edges[0].cursor;
    const work = () => ask(query, { ...variables, after });
    const { edges } = onlyList(await work());
    if (edges.length === 0) throw new Error(`${name}: there is nothing`);
    asked.push({ name, work, entries: edges.length });
  }
  return { server, asked };
}

async function signIn(address) {
  const responses = [
    { identification: { identifier: ADMIN.username } },
    { password: { password: ADMIN.password } },
  ];
  const { startFlow } = await send(
    address,
    `mutation ($input: StartFlowInput!) {
      startFlow(input: $input) { step { ... on FlowCompleted { session { token } } } }
    }`,
    { input: { flow: { designation: 'AUTHENTICATION' }, client: 'NATIVE', responses } },
  );
  return startFlow.step.session.token;
}

function onlyList(data) {
  return Object.values(data)[0];
}

/** The small and the big one take turns, so that whatever else happens hits both alike. */
async function measured(small, big) {
  const rows = [];
  for (const [index, { name, work, entries }] of small.asked.entries()) {
    const other = big.asked[index];
    // Pages of different lengths would not be alike.
    if (entries !== other.entries) throw new Error(`${name}: ${entries} entries, and ${other.entries}`);
    const times = { small: [], big: [] };
    for (let round = -WARM_UPS; round < ROUNDS; round += 1) {
      for (const [which, ask] of Object.entries({ small: work, big: other.work })) {
        const begunAt = performance.now();
        await ask();
        if (round >= 0) times[which].push(performance.now() - begunAt);
      }
    }
    rows.push({ name, entries, small: summary(times.small).p50, big: summary(times.big).p50 });
  }
  return rows;
}

/** Prints the figures; whether every one is within the aim. */
export async function measureScale(database) {
  const people = await import('./people.mjs');
  const startedAt = performance.now();
  const small = await prepared(people, await database(), SMALL);
  const big = await prepared(people, await database(), BIG);
  const filled = (performance.now() - startedAt) / 1000;
  try {
    const rows = await measured(small, big);
    printTable(
      `Management of ${amounts(BIG)} beside ${amounts(SMALL)} (p50 of ${ROUNDS}; filled in ${filled.toFixed(0)} s)`,
      ['', 'entries', 'small ms', 'big ms', 'ratio', 'aim'],
      rows.map(({ name, entries, small: few, big: many }) => [
        name,
        entries,
        few.toFixed(1),
        many.toFixed(1),
        (many / few).toFixed(2),
        `< ${AIM}`,
      ]),
    );
    return rows.every((row) => row.big / row.small < AIM);
  } finally {
    await small.server.stop();
    await big.server.stop();
  }
}

function amounts({ people, groups, events }) {
  const [users, sets, happenings] = [people, groups, events].map((one) => one.toLocaleString('en'));
  return `${users} users, ${sets} groups and ${happenings} events`;
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
    const within = await measureScale(async () => {
      const { url, drop } = await createDatabase(postgres);
      closers.push(drop);
      return url;
    });
    if (!within) process.exitCode = 1;
  } finally {
    await cleanUp();
  }
}
