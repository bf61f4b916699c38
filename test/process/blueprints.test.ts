import { PGlite } from '@electric-sql/pglite';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { documentOf, importDocument } from '../support/blueprint-imports.js';
import { start } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, spawnServer, startServer } from '../support/server-process.js';
import type { ServerProcess, Variables } from '../support/server-process.js';

const ROUNDS = 4;
const STAGES = 60;
const CREDENTIALS = [
  { identification: { identifier: ADMIN.username } },
  { password: { password: ADMIN.password } },
];

afterEach(async () => {
  await cleanUp();
  await dropDatabases();
});

/** Runs a statement on the data while no server has it open. */
type Query = (
  statement: string,
) => Promise<readonly { readonly name: string; readonly count: string | number }[]>;

const MADE = `select split_part(name, '/', 1) as name, count(*) as count from stage where name like 'kill-%' group by 1`;
const TOLD = `select details->>'name' as name, count(*) as count from event
  where action = 'BLUEPRINT_APPLIED' and details->>'name' like 'kill-%' group by 1`;
const CHANGES = `select split_part(object_name, '/', 1) as name, count(*) as count from event
  where action = 'DEFINITION_CHANGED' and object_type = 'STAGE' and object_name like 'kill-%' group by 1`;

function documentNamed(name: string): string {
  const stages = Array.from({ length: STAGES }, (_, index) => `- { stage: ${name}/${index}, kind: deny }`);
  return documentOf(stages.join('\n')).replace('A document', name);
}

/** Applies documents until the server is gone, at some moment after the first; the names that were acknowledged. */
async function applyUntilKilled(server: ServerProcess, round: number): Promise<string[]> {
  const client = server.client();
  const execution = await start(client, {
    ...{ flow: { designation: 'AUTHENTICATION' }, client: 'NATIVE', responses: CREDENTIALS },
  });
  client.bearer = execution.step.session.token;
  const acknowledged: string[] = [];
  while (server.isRunning) {
    const name = `kill-${round}-${acknowledged.length}`;
    try {
      const { applied } = await importDocument(client, documentNamed(name));
      expect(applied).toBe(true);
      acknowledged.push(name);
      if (acknowledged.length === 1) setTimeout(() => void server.kill(), Math.random() * 400);
    } catch (error) {
      if (!/^TypeError: (fetch failed|terminated)$/.test(String(error))) throw error;
      await server.ended;
    }
  }
  return acknowledged;
}

async function counts(query: Query, statement: string): Promise<Record<string, number>> {
  return Object.fromEntries((await query(statement)).map(({ name, count }) => [name, Number(count)]));
}

async function rounds(
  variables: Variables,
  inspect: (work: (query: Query) => Promise<void>) => Promise<void>,
) {
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await startServer(variables);
    acknowledged.push(...(await applyUntilKilled(server, round)));
    await inspect(async (query) => {
      const made = await counts(query, MADE);
      // Whole or not there: the stages, what is told of each, and what is told of the document.
      expect(new Set(Object.values(made))).toEqual(new Set([STAGES]));
      expect(await counts(query, CHANGES)).toEqual(made);
      expect(await counts(query, TOLD)).toEqual(
        Object.fromEntries(Object.keys(made).map((name) => [name, 1])),
      );
      expect(Object.keys(made)).toEqual(expect.arrayContaining(acknowledged));
    });
  }
}

describe('kill -9 while documents are applied', () => {
  it('leaves nothing of one that was not finished in a data folder', async () => {
    const folder = newFolder();
    await rounds({ STAGEDOOR_DATA_DIR: folder, ...ADMIN_VARIABLES }, async (work) => {
      const pglite = await PGlite.create({ dataDir: join(folder, 'database') });
      try {
        await work(
          async (statement) => (await pglite.query<{ name: string; count: number }>(statement)).rows,
        );
      } finally {
        await pglite.close();
      }
    });
  });

  it('leaves nothing of one that was not finished on PostgreSQL', async () => {
    const database = await ServerDatabase.create();
    const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
    await rounds(variables, async (work) => {
      // What the dead process had begun is still being rolled back, or committed, for a moment.
      await database.untilAlone();
      await work((statement) => database.query(statement));
    });
  });
});

describe('a process that dies once it has done what a document of the folder says', () => {
  it('has neither applied it nor noted that it has, so that the next one does both', async () => {
    const database = await ServerDatabase.create();
    const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
    await (await startServer(variables)).stop();
    const folder = newFolder();
    writeFileSync(join(folder, 'team.yaml'), documentOf('- { group: team, state: must-created }'));
    const withFolder = { ...variables, STAGEDOOR_BLUEPRINTS_DIR: folder };
    const teams = `user_group where name = 'team'`;
    // What a start writes down there last is that it has applied a document.
    await database.whileLocked('lock table setting in exclusive mode', [], async () => {
      const doomed = spawnServer(withFolder);
      await database.untilWaiting();
      await doomed.kill();
    });
    await database.untilAlone();
    expect(await database.count(teams)).toBe(0);
    await startServer(withFolder);
    expect(await database.count(teams)).toBe(1);
    const [{ value }] = await database.query(
      `select value from setting where name = 'blueprint-folder/team.yaml'`,
    );
    expect(JSON.parse(value)).toMatchObject({ applied: true, created: 1 });
  });
});
