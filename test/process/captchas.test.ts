import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { FakeProvider, solved } from '../support/captchas.js';
import { Composer } from '../support/compose.js';
import { answerTo, credentials } from '../support/executions.js';
import { start, trySubmit } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import type { Answer } from '../support/test-client.js';

/** As many as the two processes have connections. */
const RUNNERS = 20;

let database: ServerDatabase;
let provider: FakeProvider;
let nodes: [ServerProcess, ServerProcess];
let composer: Composer;

beforeAll(async () => {
  [database, provider] = [await ServerDatabase.create(), await FakeProvider.start()];
  const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  nodes = [await startServer(variables), await startServer(variables)];
  const admin = nodes[0].client();
  await start(admin, { flow: { designation: 'AUTHENTICATION' }, responses: credentials(ADMIN) });
  composer = new Composer(admin);
});

afterAll(async () => {
  await provider.close();
  await cleanUp();
  await dropDatabases();
});

const node = (index: number) => nodes[index % 2 === 0 ? 0 : 1];
const everybody = Array.from({ length: RUNNERS }, (_, index) => index);

/** How the answers fared: where a step was reached, and how many were refused as used. */
function fates(answers: readonly Answer[]): { completed: number; used: number } {
  const completed = answers.filter(({ data }) => data?.submitStage?.step.__typename === 'FlowCompleted');
  const used = answers.filter(({ errors }) => errors[0]?.extensions.code === 'CONFLICT');
  return { completed: completed.length, used: used.length };
}

it("passes one of 20 executions that all use one provider's token at once", async () => {
  const { slug } = await composer.flowOf(
    {},
    { captcha: { provider: 'TURNSTILE', siteKey: 'x', secretKey: 'y', verifyUrl: provider.url } },
  );
  const input = { flow: { slug }, client: 'NATIVE' };
  const executions = await Promise.all(everybody.map((index) => start(node(index).client(), input)));
  const answers = await Promise.all(
    executions.map((execution, index) =>
      trySubmit(node(index).client(), answerTo(execution, { captcha: { token: 'the same' } })),
    ),
  );
  expect(fates(answers)).toEqual({ completed: 1, used: RUNNERS - 1 });
  expect(provider.asked).toHaveLength(RUNNERS);
  expect(await database.count('used_once')).toBe(1);
});

it('passes a puzzle once, however often its solution is sent at once', async () => {
  const { slug } = await composer.flowOf({}, { captcha: { difficulty: 10 } }, { dummy: {} });
  const execution = await start(nodes[0].client(), { flow: { slug }, client: 'NATIVE' });
  const token = await solved(execution.step.puzzle);
  const answers = await Promise.all(
    everybody.map((index) => trySubmit(node(index).client(), answerTo(execution, { captcha: { token } }))),
  );
  // The same answer sent twice has one effect and the same result.
  const steps = answers.map(({ data }) => data.submitStage.step);
  expect(new Set(steps.map(({ id }) => id)).size).toBe(1);
  expect(steps[0].__typename).toBe('DummyChallenge');
  expect(await database.count('used_once')).toBe(2);
});
