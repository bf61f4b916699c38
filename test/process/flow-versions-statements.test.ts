import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer } from '../support/compose.js';
import { countingProxy } from '../support/counting-proxy.mjs';
import type { CountingProxy } from '../support/counting-proxy.mjs';
import { fewestStatements } from '../support/fewest-statements.js';
import { start } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { TestClient } from '../support/test-client.js';

const VERSIONS = 20;

let proxy: CountingProxy;
let admin: TestClient;
let composer: Composer;

beforeAll(async () => {
  const database = await ServerDatabase.create();
  proxy = await countingProxy(database.url);
  const variables = { DATABASE_URL: proxy.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  admin = (await startServer(variables)).client();
  await start(admin, {
    flow: { designation: 'AUTHENTICATION' },
    responses: [
      { identification: { identifier: ADMIN.username } },
      { password: { password: ADMIN.password } },
    ],
  });
  composer = new Composer(admin);
});

afterAll(async () => {
  await cleanUp();
  await proxy.close();
  await dropDatabases();
});

const statements = (work: () => Promise<unknown>): Promise<number> => fewestStatements(proxy, work);

const TITLE = 'mutation($id: ID!, $title: String!) { updateFlow(id: $id, input: { title: $title }) { id } }';
const LIST = /* GraphQL */ `
  query ($flows: Int, $versions: Int) {
    flows(first: $flows, filter: { designation: UNENROLLMENT }) {
      edges {
        node {
          versions(first: $versions) {
            totalCount
            edges {
              node {
                number
                author {
                  username
                }
                document
                changes {
                  path
                }
              }
            }
          }
        }
      }
    }
  }
`;

describe('the number of statements that PostgreSQL is asked', () => {
  it('is the same for one version and for many, of one flow and of several, with all that they tell', async () => {
    for (const _ of [1, 2, 3]) {
      const { id } = await composer.flow({ designation: 'UNENROLLMENT' });
      for (let title = 2; title <= VERSIONS; title += 1) await admin.ok(TITLE, { id, title: `${title}` });
    }
    const list = (flows: number, versions: number) => admin.ok(LIST, { flows, versions });
    const { flows } = await list(3, VERSIONS);
    const lengths = flows.edges.map(
      ({ node }: { node: { versions: { edges: unknown[] } } }) => node.versions.edges.length,
    );
    expect(lengths).toEqual([VERSIONS, VERSIONS, VERSIONS]);
    const one = await statements(() => list(1, 1));
    for (const count of [1, 3]) expect(await statements(() => list(count, VERSIONS))).toBe(one);
  });

  it('is the same for a change of a small flow and of a large one', async () => {
    const [small, large] = [await composer.flow(), await composer.flow()];
    for (let order = 0; order < VERSIONS; order += 1) await composer.add(large, order, { deny: {} });
    let title = 0;
    const change = (id: string) => () => admin.ok(TITLE, { id, title: `${(title += 1)}` });
    expect(await statements(change(large.id))).toBe(await statements(change(small.id)));
  });
});
