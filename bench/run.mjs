// `npm run bench`: what Stagedoor costs, each figure beside what the same run says is the least that it could cost.
import bcrypt from 'bcrypt';
import { PGlite } from '@electric-sql/pglite';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

import { build } from '../scripts/build.mjs';
import { createDatabase } from '../test/support/databases.mjs';
import { startPostgres, stopPostgres } from '../test/support/postgres-server.mjs';
import { countingProxy } from '../test/support/counting-proxy.mjs';
import { measure, median, send, summary } from './load.mjs';
import { measureScale } from './scale.mjs';
import { floorStart, killServers, nodeStart, npmMilliseconds, npmStart, startServer } from './service.mjs';
import { print, printTable } from './table.mjs';
import { measureUniformity } from './uniform.mjs';

await build();
// Only now: it is what has just been built.
const people = await import('./people.mjs');
const bindings = await import('./bindings.mjs');
const policies = await import('./policies.mjs');
const hostile = await import('./hostile.mjs');

const STARTS = 3;
const LOGINS = { 1: 40, 8: 160 };
const COMPARES = { 1: 10, 8: 32 };
const HITS = { 1: 400, 8: 1600 };
const GUESSES = 60;
const COST = 12;

const closers = [];
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
}

try {
  print(
    `Stagedoor ${people.version}, Node ${process.versions.node}, ${availableParallelism()} cores, ${people.PEOPLE} people`,
  );
  const scratch = mkdtempSync(join(tmpdir(), 'stagedoor-bench-'));
  closers.push(() => rmSync(scratch, { recursive: true, force: true }));
  const postgres = await startPostgres();
  closers.push(stopPostgres);
  const database = async () => {
    const { url, drop } = await createDatabase(postgres);
    closers.push(drop);
    return url;
  };
  const folder = (() => {
    let folders = 0;
    return () => join(scratch, String((folders += 1)));
  })();

  await measurePolicies();
  const places = await measureStarts(folder, database);
  await fill(places);
  await measureQueries(places.postgres);
  await measureBindings(await database());
  await measureHostile(await database());
  if (!(await measureScale(database))) process.exitCode = 1;
  await measureUniformity(database);
  await measureLogins('PostgreSQL', { DATABASE_URL: places.postgres });
  await measureLogins(
    'PGlite',
    { STAGEDOOR_DATA_DIR: places.folder },
    {
      STAGEDOOR_DATA_DIR: places.floorFolder,
    },
  );
} finally {
  await cleanUp();
}

async function cleanUp() {
  killServers();
  for (const close of closers.splice(0).toReversed()) await close();
}

/** Leaves a data folder and a database behind that have been started on before. */
async function measureStarts(folder, database) {
  const folders = Array.from({ length: STARTS }, folder);
  const floorFolders = Array.from({ length: STARTS }, folder);
  const urls = [];
  for (let index = 0; index < STARTS; index += 1) urls.push(await database());
  const timed = async (command, variables) => {
    const server = await startServer(command, { ...people.environment, ...variables });
    await server.stop();
    return server.startMilliseconds;
  };
  const medianOf = async (command, variablesOf) => {
    const times = [];
    for (let index = 0; index < STARTS; index += 1) times.push(await timed(command, variablesOf(index)));
    return median(times);
  };
  const onNew = (list) => (index) => ({ STAGEDOOR_DATA_DIR: list[index] });
  const onFirst = (list) => () => ({ STAGEDOOR_DATA_DIR: list[0] });
  const rows = [
    ['new data folder', 4, onNew(folders), onNew(floorFolders)],
    ['existing data folder', 2.5, onFirst(folders), onFirst(floorFolders)],
    ['new PostgreSQL database', undefined, (index) => ({ DATABASE_URL: urls[index] }), undefined],
    [
      'existing PostgreSQL database',
      1.5,
      () => ({ DATABASE_URL: urls[0] }),
      () => ({ DATABASE_URL: urls[0] }),
    ],
  ];
  const npm = median(Array.from({ length: STARTS }, npmMilliseconds));
  const table = [];
  for (const [name, aim, ours, floors] of rows) {
    const own = await medianOf(npmStart, ours);
    const floor = floors && (await medianOf(floorStart, floors));
    table.push([name, seconds(own), seconds(floor), seconds(npm), aim === undefined ? '' : `${aim} s`]);
  }
  printTable(
    `From \`npm start\` to ready (median of ${STARTS})`,
    ['', 'Stagedoor', 'floor: bare server', 'of it npm', 'aim'],
    table,
  );
  return { folder: folders[0], floorFolder: floorFolders[0], postgres: urls[0] };
}

async function fill({ folder, postgres }) {
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  await people.addPeople((statement) => client.query(statement));
  await client.end();
  const pglite = await PGlite.create({ dataDir: join(folder, 'database') });
  await people.addPeople((statement) => pglite.query(statement));
  await pglite.close();
}

/** How many passwords this machine can check at the moment, with nothing around it. */
async function measureBcrypt(concurrency) {
  const hash = await bcrypt.hash('something', COST);
  return measure(COMPARES[concurrency], concurrency, () => bcrypt.compare('something', hash));
}

async function measureQueries(url) {
  const proxy = await countingProxy(url);
  const variables = { ...people.environment, DATABASE_URL: proxy.url };
  const server = await startServer(nodeStart, variables);
  const floor = await startServer(floorStart, variables);
  try {
    // The first of its kind also opens connections.
    let index = people.PEOPLE - 1;
    await people.login(server.address, index);
    await hit(floor.address, 1);
    const rows = [];
    const count = async (name, work) => {
      index -= 1;
      const { statements, roundTrips } = await proxy.during(work);
      rows.push([name, statements, roundTrips]);
    };
    let execution;
    await count('startFlow', async () => {
      execution = await people.start(server.address, index);
    });
    const person = index;
    await count('submitStage: identification', async () => {
      execution = await people.submit(server.address, person, execution, people.identify(person));
    });
    await count('submitStage: password, to a session', async () => {
      execution = await people.submit(server.address, person, execution, people.password);
    });
    people.expectStep('FlowCompleted', execution);
    await count('login in one round trip', () => people.login(server.address, index));
    await count('floor: bare mutation', () => hit(floor.address, 2));
    const head = ['', 'statements, with begin and commit', 'round trips'];
    printTable('What PostgreSQL is asked', head, rows);
  } finally {
    await server.stop();
    await floor.stop();
    await proxy.close();
  }
}

async function measurePolicies() {
  const { characters, rows } = await policies.measurePolicies(median);
  const floor = rows.find(({ name }) => name === 'floor');
  printTable(
    `Policies with a context of ${characters} characters, one evaluation after the other`,
    ['', 'per second', 'µs each', 'to the floor'],
    rows.map(({ name, perSecond }) => [
      name === 'floor' ? 'floor: an empty function' : name,
      perSecond.toFixed(0),
      (1e6 / perSecond).toFixed(1),
      (floor.perSecond / perSecond).toFixed(0),
    ]),
  );
}

/** In development: dummy policies cost next to nothing themselves, and production has none. */
async function measureBindings(url) {
  const variables = { ...people.environment, NODE_ENV: 'development', DATABASE_URL: url };
  const server = await startServer(nodeStart, variables);
  const floor = await startServer(floorStart, variables);
  try {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await bindings.composeFlows((statement) => client.query(statement));
    await client.end();
    const measured = await bindings.measureLengths(server.address, (index) => hit(floor.address, index));
    const ten = measured.lengths.find(({ length }) => length === 10);
    const rows = measured.lengths.map(({ length, start, submit }) => [
      length,
      start.toFixed(1),
      ((start / length) * 1000).toFixed(0),
      submit.toFixed(1),
      (submit / ten.submit).toFixed(1),
      length === 1000 ? '< 3' : '',
    ]);
    rows.push(['floor: bare mutation', '', '', measured.floor.toFixed(1), '', '']);
    const head = [
      'bindings',
      'startFlow p50 ms',
      'µs per binding',
      'submitStage p50 ms',
      'to that of 10',
      'aim',
    ];
    printTable(
      `Flows by their number of bindings with a policy each (${bindings.ROUNDS} times, in turn)`,
      head,
      rows,
    );
  } finally {
    await server.stop();
    await floor.stop();
  }
}

async function measureHostile(url) {
  const server = await startServer(nodeStart, { ...people.environment, DATABASE_URL: url });
  try {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await people.addPeople((statement) => client.query(statement));
    await hostile.composeFlows((statement) => client.query(statement));
    await client.end();
    const measured = await hostile.measureHostile(server.address, 0);
    const row = (what, of) => [what, of((figures) => figures.p50), of((figures) => figures.p99)];
    const figure = (figures) => (pick) => pick(figures).toFixed(1);
    const ratio = (pick) => (pick(measured.beside) / pick(measured.alone)).toFixed(2);
    const rows = [
      row('alone', figure(measured.alone)),
      row(`beside ${measured.hostile} hostile expressions`, figure(measured.beside)),
      row('ratio', ratio),
      ['aim', '< 2', '< 2'],
    ];
    printTable(
      `Logging in beside expressions that never end (${measured.alone.times} times each; ${measured.evaluations} of them were given up)`,
      ['', 'p50 ms', 'p99 ms'],
      rows,
    );
  } finally {
    await server.stop();
  }
}

/** Wrong passwords for somebody and for nobody, in turn, so that whatever else happens hits both alike. */
async function measureGuesses(address, taken) {
  const latencies = { somebody: [], nobody: [] };
  for (let index = taken + 1; index <= taken + GUESSES; index += 1) {
    for (const whom of Object.keys(latencies)) {
      const begunAt = performance.now();
      await people.guess(address, index, whom);
      latencies[whom].push(performance.now() - begunAt);
    }
  }
  return Object.entries(latencies).map(([whom, times]) => [`wrong password of ${whom}`, 1, summary(times)]);
}

async function measureLogins(name, where, floorWhere = where) {
  const memory = [];
  const rows = [];
  const addRow = (what, concurrency, { perSecond, p50, p99, times }) =>
    rows.push([what, concurrency, times, perSecond.toFixed(1), p50.toFixed(1), p99.toFixed(1)]);

  const server = await startServer(nodeStart, { ...people.environment, ...where });
  try {
    const before = server.residentMegabytes();
    let next = 0;
    for (const [concurrency, times] of Object.entries(LOGINS)) {
      const work = () => people.login(server.address, (next += 1));
      addRow('login', concurrency, await measure(times, Number(concurrency), work));
      addRow('floor: bcrypt alone', concurrency, await measureBcrypt(Number(concurrency)));
    }
    memory.push(['Stagedoor', before, server.residentMegabytes(), `${next} logins`]);
    for (const row of await measureGuesses(server.address, next)) addRow(...row);
  } finally {
    await server.stop();
  }

  const floor = await startServer(floorStart, { ...people.environment, ...floorWhere });
  try {
    const before = floor.residentMegabytes();
    for (const [concurrency, times] of Object.entries(HITS)) {
      const work = (index) => hit(floor.address, index + 1);
      addRow('floor: bare mutation', concurrency, await measure(times, Number(concurrency), work));
    }
    memory.push(['floor: bare server', before, floor.residentMegabytes(), `${HITS[1] + HITS[8]} mutations`]);
  } finally {
    await floor.stop();
  }
  const head = ['', 'at once', 'times', 'per second', 'p50 ms', 'p99 ms'];
  printTable(`Logging in on ${name}, NATIVE, one round trip, bcrypt cost ${COST}`, head, rows);
  printTable(
    `Resident memory on ${name}`,
    ['', 'after start', 'afterwards', 'after what'],
    memory.map(([what, before, after, work]) => [what, megabytes(before), megabytes(after), work]),
  );
}

async function hit(address, index) {
  await send(address, 'mutation ($id: Int!) { hit(id: $id) }', { id: 1 + (index % 1000) });
}

function seconds(milliseconds) {
  return milliseconds === undefined ? '' : `${(milliseconds / 1000).toFixed(2)} s`;
}

function megabytes(size) {
  return `${Math.round(size)} MB`;
}
