import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer, filledIn } from '../support/compose.js';
import { answerTo } from '../support/executions.js';
import { start, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import type { Answer, TestClient } from '../support/test-client.js';

/** As many as the two processes have connections. */
const RUNNERS = 20;

let database: ServerDatabase;
let nodes: [ServerProcess, ServerProcess];
let admin: TestClient;
let enrollment: string;

beforeAll(async () => {
  database = await ServerDatabase.create();
  const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  nodes = [await startServer(variables), await startServer(variables)];
  admin = nodes[0].client();
  const responses = [
    { identification: { identifier: ADMIN.username } },
    { password: { password: ADMIN.password } },
  ];
  await start(admin, { flow: { designation: 'AUTHENTICATION' }, responses });
  enrollment = (await new Composer(admin).enrollment()).slug;
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

/** Holds everybody up who wants to touch the execution, until all of them stand at the barrier. */
async function barrier<T>(executionId: string, run: () => Promise<T>): Promise<T> {
  return database.heldUp('select id from execution where id = $1 for update', [executionId], RUNNERS, run);
}

/** Twenty answers to one challenge, half of them to each process, all let go in the same moment. */
function race(execution: Execution, response: (index: number) => object): Promise<Answer[]> {
  const runners = Array.from({ length: RUNNERS }, (_, index) => index);
  return barrier(execution.id, () =>
    Promise.all(
      runners.map((index) =>
        trySubmit(nodes[index % 2 === 0 ? 0 : 1].client(), answerTo(execution, response(index))),
      ),
    ),
  );
}

const begin = () => start(nodes[0].client(), { flow: { slug: enrollment }, client: 'NATIVE' });
const form = (username: string) => filledIn({ username, password: 'a long enough password' });
const stepsOf = (answers: readonly Answer[]): Execution[] =>
  answers.map(({ data }) => data?.submitStage?.step);

describe('twenty answers to one challenge at the same moment', () => {
  it('have one effect and one result where they are equal', async () => {
    const execution = await begin();
    const answers = await race(execution, () => form('all-the-same'));
    const steps = stepsOf(answers);
    expect(steps[0]).toMatchObject({ __typename: 'FlowCompleted', session: { token: expect.any(String) } });
    expect(steps).toEqual(steps.map(() => steps[0]));
    expect(await database.count("user_account where username = 'all-the-same'")).toBe(1);
    expect(await database.count(`session where execution_id = '${execution.id}'`)).toBe(1);
    expect(await database.count(`execution_trace where execution_id = '${execution.id}'`)).toBe(2);
  });

  it('have one effect where they differ: one is taken, and the others are told that they came too late', async () => {
    const execution = await begin();
    const answers = await race(execution, (index) => form(`runner-${index}`));
    const completed = stepsOf(answers).filter((step) => step?.__typename === 'FlowCompleted');
    expect(completed).toHaveLength(1);
    const refused = answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code));
    expect(refused).toEqual(Array.from({ length: RUNNERS - 1 }, () => 'STALE_CHALLENGE'));
    expect(await database.count("user_account where username like 'runner-%'")).toBe(1);
    expect(await database.count(`session where execution_id = '${execution.id}'`)).toBe(1);
  });
});
