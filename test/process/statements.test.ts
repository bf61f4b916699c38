import { aFewAtOnce } from '../support/a-few-at-once.js';
import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { countingProxy } from '../support/counting-proxy.mjs';
import type { CountingProxy } from '../support/counting-proxy.mjs';
import { TIMES, fewestStatements } from '../support/fewest-statements.js';
import { start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspectPage } from '../support/inspector.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import type { TestClient } from '../support/test-client.js';

const FLOWS = 50;
const EXECUTIONS = 50;
const WRONG = { code: 'INVALID_CREDENTIALS' };

let database: ServerDatabase;
let proxy: CountingProxy;
let server: ServerProcess;
let admin: TestClient;
let composer: Composer;

beforeAll(async () => {
  database = await ServerDatabase.create();
  proxy = await countingProxy(database.url);
  const variables = { DATABASE_URL: proxy.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  server = await startServer(variables);
  admin = server.client();
  const { step } = await start(admin, {
    flow: { designation: 'AUTHENTICATION' },
    responses: [
      { identification: { identifier: ADMIN.username } },
      { password: { password: ADMIN.password } },
    ],
  });
  expect(step.__typename).toBe('FlowCompleted');
  composer = new Composer(admin);
});

afterAll(async () => {
  await cleanUp();
  await proxy.close();
  await dropDatabases();
});

const statements = (work: () => Promise<unknown>, before?: () => Promise<unknown>): Promise<number> =>
  fewestStatements(proxy, work, before);

/** Many wrong passwords have to wait, and make a reputation so bad that a policy takes the stage out. */
async function forgetGuesses(): Promise<void> {
  for (const table of ['guess', 'reputation']) await database.query(`delete from ${table}`);
}

/** A flow of so many stages, each of which a policy, a group and a person have to let pass, on plan and on run. */
async function guardedFlow(stages: number): Promise<ComposedFlow> {
  const [policyId, stageId, flow] = [
    await composer.policy({ dummy: { result: true } }),
    await composer.stage({ dummy: {} }),
    await composer.flow(),
  ];
  const [{ group_id: groupId, user_id: userId }] = await database.query('select * from group_member');
  const place = { evaluateOnPlan: true, reEvaluatePolicies: true, policyEngineMode: 'ALL' };
  await aFewAtOnce(stages, async (order) => {
    const stageBindingId = await composer.bind(flow.id, stageId, order, place);
    for (const subject of [{ policyId }, { groupId }, { userId }]) {
      await composer.guard({ stageBindingId }, subject);
    }
  });
  return flow;
}

async function statementsOfRun({ slug }: ComposedFlow): Promise<{ start: number; submit: number }> {
  const begin = (): Promise<Execution> => start(admin, { flow: { slug } });
  const acknowledgement = { dummy: { acknowledge: true } };
  const { step } = await begin();
  expect(step.__typename).toBe('DummyChallenge');
  const ready: Execution[] = [];
  while (ready.length < TIMES) ready.push(await begin());
  return {
    start: await statements(begin),
    submit: await statements(() => submit(admin, ready.pop(), acknowledgement)),
  };
}

const FLOWS_WITH_EVERYTHING = /* GraphQL */ `
  query Flows($first: Int!) {
    flows(first: $first, filter: { designation: AUTHORIZATION }) {
      totalCount
      edges {
        node {
          version
          diagram
          usedBy {
            type
            name
          }
          stageBindings {
            stage {
              name
              kind
              usedBy {
                type
                name
              }
              config {
                __typename
              }
            }
            policyBindings {
              ...Binding
            }
          }
          policyBindings {
            ...Binding
          }
        }
      }
    }
  }
  fragment Binding on PolicyBinding {
    subject {
      ... on Policy {
        name
        kind
        boundTo
        usedBy {
          type
          name
        }
      }
      ... on Group {
        name
        usedBy {
          type
          name
        }
      }
      ... on User {
        username
        usedBy {
          type
          name
        }
      }
    }
  }
`;

async function composeFlows(): Promise<void> {
  const groups = await database.query(
    `insert into user_group select gen_random_uuid(), 'group ' || n, false from generate_series(1, $1) n returning id`,
    [FLOWS],
  );
  const people = await database.query(
    `insert into user_account select gen_random_uuid(), 'person ' || n, null, '', true, now()
      from generate_series(1, $1) n returning id`,
    [FLOWS],
  );
  await aFewAtOnce(FLOWS, async (index) => {
    const flow = await composer.flow({ designation: 'AUTHORIZATION' });
    const stageBindingId = await composer.add(flow, 0, { dummy: {} });
    await composer.guardWith({ flowId: flow.id }, { dummy: {} });
    await composer.guard({ stageBindingId }, { groupId: groups[index].id });
    await composer.guard({ stageBindingId }, { userId: people[index].id });
  });
}

describe('the number of statements that PostgreSQL is asked', () => {
  it('is the same to start and to answer a flow of one stage and of a hundred', async () => {
    const hundred = await statementsOfRun(await guardedFlow(100));
    expect(hundred).toEqual(await statementsOfRun(await guardedFlow(1)));
    expect(Math.min(hundred.start, hundred.submit)).toBeGreaterThan(0);
  });

  it('is the same for somebody and for nobody, whose password is wrong, behind a policy too', async () => {
    const flow = await composer.flowOf({}, { identification: {} });
    const stageBindingId = await composer.add(flow, 10, { password: {} }, { reEvaluatePolicies: true });
    await composer.guardWith({ stageBindingId }, { reputation: {} }, { negate: true });
    const answers = (identifier: string) => [
      { identification: { identifier } },
      { password: { password: 'surely not this one' } },
    ];
    const asked = async (identifier: string, count: number): Promise<number> => {
      const input = { flow: { slug: flow.slug }, responses: answers(identifier).slice(0, count) };
      return statements(async () => {
        const { step } = await start(server.client(), input);
        expect(step).toMatchObject({ __typename: 'PasswordChallenge', errors: count === 1 ? [] : [WRONG] });
      }, forgetGuesses);
    };
    for (const count of [1, 2]) expect(await asked('nobody', count)).toBe(await asked(ADMIN.username, count));
  });

  it('is the same to list one flow, ten and fifty, with their bindings, stages, policies and subjects', async () => {
    await composeFlows();
    const list = (first: number) => admin.ok(FLOWS_WITH_EVERYTHING, { first });
    const { flows } = await list(FLOWS);
    expect(flows.edges).toHaveLength(FLOWS);
    expect(JSON.stringify(flows)).toContain('person 50');
    const fifty = await statements(() => list(FLOWS));
    for (const fewer of [1, 10]) expect(await statements(() => list(fewer))).toBe(fifty);
  });

  it('is the same to list one group and fifty, with those around them and within them', async () => {
    await database.query(
      `with parent as (insert into user_group values (gen_random_uuid(), 'zz around', false) returning id),
            child as (insert into user_group select gen_random_uuid(), 'nest ' || n, false
                        from generate_series(1, $1) n returning id)
        insert into group_parent (group_id, parent_id) select child.id, parent.id from child, parent`,
      [FLOWS],
    );
    const around = 'parents { name parents { name } children { name } } children { name }';
    const list = (first: number) =>
      admin.ok(
        `query($first: Int) {
        groups(first: $first, filter: { search: "nest " }) { totalCount edges { node { name ${around} } } }
      }`,
        { first },
      );
    const { groups } = await list(FLOWS);
    expect(groups.totalCount).toBe(FLOWS);
    expect(groups.edges[49].node.parents[0]).toMatchObject({ name: 'zz around', parents: [] });
    expect(groups.edges[49].node.parents[0].children).toHaveLength(FLOWS);
    expect(await statements(() => list(FLOWS))).toBe(await statements(() => list(1)));
  });

  it('is the same to inspect one execution and fifty, with their people, stages and history', async () => {
    const { id, slug } = await composer.flowOf({}, { dummy: {} });
    for (let count = 0; count < EXECUTIONS; count += 1) await start(admin, { flow: { slug } });
    await database.query(
      `insert into user_account select gen_random_uuid(), 'runner ' || n, null, '', true, now()
        from generate_series(1, $1) n`,
      [EXECUTIONS],
    );
    await database.query(
      `update execution e set user_id = u.id
        from (select id, row_number() over () as n from execution where flow_id = $1) r
        join (select id, row_number() over () as n from user_account where username like 'runner %') u using (n)
        where e.id = r.id`,
      [id],
    );
    const list = (first: number) => inspectPage(admin, { first, filter: { flowId: id } });
    const { executions } = await list(EXECUTIONS);
    expect(new Set(executions.map(({ user }) => user.username)).size).toBe(EXECUTIONS);
    expect(executions.every(({ history }) => history.length === 1)).toBe(true);
    expect(await statements(() => list(EXECUTIONS))).toBe(await statements(() => list(1)));
  });

  it('is the same to list ten events and fifty, with whom they are about and who did it', async () => {
    await database.query(
      `with person as (insert into user_account (id, username, email, name, active, created_at)
          select gen_random_uuid(), 'logged ' || n, null, '', true, now() from generate_series(1, $1) n returning id)
        insert into event (id, action, user_id, actor_id, details, address, user_agent, created_at, expires_at)
          select gen_random_uuid(), 'CUSTOM:logged', about.id, by.id, '{}', '', '', now(), now() + interval '1 day'
          from (select id, row_number() over (order by id) as n from person) about
          join (select id, row_number() over (order by id desc) as n from person) by using (n)`,
      [FLOWS],
    );
    const list = (first: number) =>
      admin.ok(
        `query($first: Int) {
        events(first: $first, filter: { actions: ["CUSTOM:logged"] }) {
          totalCount edges { node { user { username } actor { username } object { name } change fields } }
        }
      }`,
        { first },
      );
    const { events } = await list(FLOWS);
    const people: string[] = events.edges.map(
      ({ node }: Execution) => `${node.user.username}, ${node.actor.username}`,
    );
    expect(new Set(people).size).toBe(FLOWS);
    expect(await statements(() => list(FLOWS))).toBe(await statements(() => list(10)));
  });
});
