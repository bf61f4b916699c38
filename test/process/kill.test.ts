import { PGlite } from '@electric-sql/pglite';
import { join } from 'node:path';

import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { start, submit, trySubmit } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess, Variables } from '../support/server-process.js';

const ROUNDS = 5;
/** Ten starts, which take a quarter of a minute each where the machine is busy. */
const ROUNDS_MILLISECONDS = 600_000;
/** About what it takes to check a password. */
const SUBMIT_MILLISECONDS = 200;
const VIEWER = '{ viewer { username } }';
const NATIVE = { flow: { designation: 'AUTHENTICATION' }, client: 'NATIVE' };
const IDENTIFICATION = { identification: { identifier: ADMIN.username } };
const PASSWORD = { password: { password: ADMIN.password } };

afterEach(async () => {
  await cleanUp();
  await dropDatabases();
});

/** Runs statements on the data while no server has it open. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- What a test expects of the rows is what it asserts.
type Inspect = (work: (query: (statement: string) => Promise<any[]>) => Promise<void>) => Promise<void>;

/** What clients know at the moment of the kill. */
class Clients {
  /** Tokens that somebody was told; they have to work. */
  readonly acknowledged: string[] = [];
  /** Submits that nobody has had an answer to; they may have happened or not. */
  readonly pending = new Map<string, object>();
  #onSubmit: () => void = () => undefined;

  /** Signs in again and again until the server is gone. */
  async signIn(server: ServerProcess, onSuccess: () => void): Promise<void> {
    while (server.isRunning) {
      try {
        const execution = await start(server.client(), { ...NATIVE, responses: [IDENTIFICATION] });
        const { id: executionId, token, step } = execution;
        const input = { executionId, token, challengeId: step.id, response: PASSWORD };
        this.pending.set(executionId, input);
        this.#onSubmit();
        const { data } = await trySubmit(server.client(), input);
        this.pending.delete(executionId);
        expect(data.submitStage.step).toMatchObject({ __typename: 'FlowCompleted' });
        this.acknowledged.push(data.submitStage.step.session.token);
        onSuccess();
      } catch (error) {
        await this.#mourn(error, server);
      }
    }
  }

  /** Kills it within so many milliseconds: at any moment, but one at which a submit is waiting for its answer. */
  killWithin(milliseconds: number, server: ServerProcess): void {
    setTimeout(() => {
      if (this.pending.size > 0) void server.kill();
      else this.#onSubmit = () => this.#killDuringThis(server);
    }, Math.random() * milliseconds);
  }

  /** Starts flows and identifies itself, which takes no time, so that a kill falls into many a transaction. */
  async identify(server: ServerProcess): Promise<void> {
    while (server.isRunning) {
      try {
        await submit(server.client(), await start(server.client(), NATIVE), IDENTIFICATION);
      } catch (error) {
        await this.#mourn(error, server);
      }
    }
  }

  /** Of a submit that has just been sent: how long a password takes says where in it the kill falls. */
  #killDuringThis(server: ServerProcess): void {
    this.#onSubmit = () => undefined;
    this.killWithin(SUBMIT_MILLISECONDS, server);
  }

  /** `fetch failed`, or `terminated` in the middle of an answer, is what a client sees of a process that was killed. */
  async #mourn(error: unknown, server: ServerProcess): Promise<void> {
    if (!/^TypeError: (fetch failed|terminated)$/.test(String(error))) throw error;
    await server.ended;
  }
}

/** Each names the rows that must not be: the halves of something that is whole or not there. */
const halves = {
  'a session without the end of its flow': `select s.id from session s left join execution e on e.id = s.execution_id
    where e.id is null or e.challenge_id is not null`,
  'the end of a flow without its session': `select e.id from execution e
    where e.challenge_id is null and not exists (select from session s where s.execution_id = e.id)`,
  'a session without its event': `select s.id from session s where not exists
    (select from event v where v.execution_id = s.execution_id and v.action = 'LOGIN')`,
  'an event without its session': `select v.id from event v where v.action = 'LOGIN' and not exists
    (select from session s where s.execution_id = v.execution_id)`,
  'two sessions of one flow': `select execution_id from session group by execution_id having count(*) > 1`,
  'a step without its answer': `select e.id from execution e where e.version - 1 <>
    (select count(*) from execution_answer a where a.execution_id = e.id)`,
  'a claim that does not lapse': `select id from execution where claim is not null
    and (claimed_until is null or claimed_until > now() + interval '30 seconds')`,
};

/** The claims of the dead lapse after half a minute; here that is now. */
const LAPSE = `update execution set claimed_until = now() where claim is not null`;

/** One life: signs in until it is killed, then looks at what is left, and repeats what had no answer: so many. */
async function round(variables: Variables, inspect: Inspect, atOnce: boolean): Promise<number> {
  const server = await startServer(variables);
  const clients = new Clients();
  let successes = 0;
  const onSuccess = (): void => {
    successes += 1;
    // In one round at the moment of an acknowledgement, when another is near; in the next at any moment of a submit.
    if (successes === 2 && atOnce) void server.kill();
    if (successes === 1 && !atOnce) clients.killWithin(700, server);
  };
  await Promise.all([
    clients.signIn(server, onSuccess),
    clients.signIn(server, onSuccess),
    clients.identify(server),
  ]);

  await inspect(async (query) => {
    const found = await Promise.all(
      Object.entries(halves).map(async ([name, sql]) => [name, await query(sql)]),
    );
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.keys(halves).map((name) => [name, []])),
    );
    await query(LAPSE);
  });

  const next = await startServer(variables);
  for (const input of clients.pending.values()) {
    const { data, errors } = await trySubmit(next.client(), input);
    expect(errors).toEqual([]);
    clients.acknowledged.push(data.submitStage.step.session.token);
  }
  expect(clients.acknowledged.length).toBeGreaterThan(0);
  for (const token of clients.acknowledged) {
    const client = next.client();
    client.bearer = token;
    expect(await client.ok(VIEWER)).toEqual({ viewer: { username: ADMIN.username } });
  }
  await next.stop();
  return clients.pending.size;
}

async function rounds(variables: Variables, inspect: Inspect): Promise<void> {
  let interrupted = 0;
  for (let index = 0; index < ROUNDS; index += 1) {
    interrupted += await round(variables, inspect, index % 2 === 0);
  }
  // Otherwise nothing was tried.
  expect(interrupted).toBeGreaterThan(0);
}

describe('kill -9 during submits', () => {
  it(
    'loses no acknowledged login and leaves no half state in a data folder',
    async () => {
      const folder = newFolder();
      const inspect: Inspect = async (work) => {
        const pglite = await PGlite.create({ dataDir: join(folder, 'database') });
        try {
          await work(async (statement) => (await pglite.query(statement)).rows);
        } finally {
          await pglite.close();
        }
      };
      const variables = { STAGEDOOR_DATA_DIR: folder, ...ADMIN_VARIABLES };
      await rounds(variables, inspect);
    },
    ROUNDS_MILLISECONDS,
  );

  it(
    'loses no acknowledged login and leaves no half state on PostgreSQL',
    async () => {
      const database = await ServerDatabase.create();
      const inspect: Inspect = async (work) => {
        // What the dead process had begun is still being rolled back, or committed, for a moment.
        await database.untilAlone();
        await work((statement) => database.query(statement));
      };
      const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
      await rounds(variables, inspect);
    },
    ROUNDS_MILLISECONDS,
  );
});
