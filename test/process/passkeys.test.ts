import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer, uniqueName } from '../support/compose.js';
import { LOGIN, answerTo, credentials } from '../support/executions.js';
import { start, trySubmit } from '../support/flows.js';
import { enrollWith, offerPasskeys, passkeyEnrollment } from '../support/passkeys.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import { SoftwarePasskey } from '../support/software-passkey.js';

/** As many as the two processes have connections. */
const RUNNERS = 20;
const ORIGIN = 'http://localhost';

let database: ServerDatabase;
let nodes: [ServerProcess, ServerProcess];

beforeAll(async () => {
  database = await ServerDatabase.create();
  const variables = {
    ...{ DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), STAGEDOOR_PUBLIC_URL: ORIGIN },
    ...ADMIN_VARIABLES,
  };
  nodes = [await startServer(variables), await startServer(variables)];
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

it('sign in once for one challenge, however many answers it is given at once', async () => {
  const admin = nodes[0].client();
  await start(admin, { flow: LOGIN, responses: credentials(ADMIN) });
  const composer = new Composer(admin);
  await offerPasskeys(composer);
  const passkey = new SoftwarePasskey();
  await enrollWith(nodes[0].client(), await passkeyEnrollment(composer), uniqueName('owner'), passkey);
  const before = await database.count('session');
  const execution = await start(nodes[0].client(), { flow: LOGIN, client: 'NATIVE' });
  // Each is another signature, with another count: none is a repetition of another.
  const answers = Array.from({ length: RUNNERS }, () => passkey.get(execution.step.passkeyOptions));
  const told = await Promise.all(
    answers.map((answer, index) =>
      trySubmit(
        nodes[index % 2 === 0 ? 0 : 1].client(),
        answerTo(execution, { identification: { passkey: answer } }),
      ),
    ),
  );
  const sessions = told.flatMap(({ data }) => data?.submitStage?.step.session?.token ?? []);
  expect(sessions).toHaveLength(1);
  expect(await database.count('session')).toBe(before + 1);
  const refusals = told.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code));
  expect(refusals).toEqual(Array.from({ length: RUNNERS - 1 }, () => 'STALE_CHALLENGE'));
});
