import { ADMIN_VARIABLES, ADMIN } from '../support/administrator.js';
import { totpCode, wrongTotpCode } from '../support/authenticators.js';
import { Composer, filledIn, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { answerTo, credentials } from '../support/executions.js';
import { start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { limitAfter } from '../support/guess-limit.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import { SoftwarePasskey } from '../support/software-passkey.js';
import type { Answer, TestClient } from '../support/test-client.js';

/** As many as the two processes have connections. */
const RUNNERS = 20;
/** More than there are connections, but none that waits so long for one that it is told to come back later. */
const WRONG_CODES = 60;
const STEP_MILLISECONDS = 30_000;
const NATIVE = { client: 'NATIVE' };

let database: ServerDatabase;
let variables: Record<string, string>;
let nodes: [ServerProcess, ServerProcess];
let enrollment: ComposedFlow;
let setup: Record<'totp' | 'codes' | 'passkey', ComposedFlow>;
let asking: ComposedFlow;

beforeAll(async () => {
  database = await ServerDatabase.create();
  variables = {
    STAGEDOOR_PUBLIC_URL: 'http://localhost',
    DATABASE_URL: database.url,
    STAGEDOOR_DATA_DIR: newFolder(),
    ...ADMIN_VARIABLES,
  };
  nodes = [await startServer(variables), await startServer(variables)];
  const admin = nodes[0].client();
  await start(admin, { flow: { designation: 'AUTHENTICATION' }, responses: credentials(ADMIN) });
  const composer = new Composer(admin);
  const fields = { authentication: 'REQUIRE_AUTHENTICATED' };
  enrollment = await composer.enrollment();
  setup = {
    totp: await composer.flowOf(fields, { totpSetup: {} }),
    codes: await composer.flowOf(fields, { staticSetup: {} }),
    passkey: await composer.flowOf(fields, { webAuthnSetup: {} }),
  };
  asking = await composer.flowOf(fields, { authenticatorValidate: { notConfiguredAction: 'DENY' } });
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

/** Somebody who has just signed up, as any number of clients of both processes that are signed in. */
class Person {
  private constructor(private readonly sessionToken: string) {}

  static async create(): Promise<Person> {
    const person = { username: uniqueName('owner'), password: 'a lovely long passphrase' };
    const flow = { slug: enrollment.slug };
    const { step } = await start(nodes[0].client(), { flow, ...NATIVE, responses: [filledIn(person)] });
    return new Person(step.session.token);
  }

  client(index: number): TestClient {
    const client = nodes[index % 2 === 0 ? 0 : 1].client();
    client.bearer = this.sessionToken;
    return client;
  }

  begin({ slug }: ComposedFlow, index = 0): Promise<Execution> {
    return start(this.client(index), { flow: { slug }, ...NATIVE });
  }

  /** What becomes of answers, each to an execution of its own, all at once. */
  async answerAtOnce(
    count: number,
    response: (execution: Execution, index: number) => object,
  ): Promise<Answer[]> {
    const indices = Array.from({ length: count }, (_, index) => index);
    const executions = await Promise.all(indices.map((index) => this.begin(asking, index)));
    return Promise.all(
      executions.map((execution, index) =>
        trySubmit(this.client(index), answerTo(execution, response(execution, index))),
      ),
    );
  }

  /** Sets an app up, by the code that it shows now. */
  async setUpApp(): Promise<string> {
    const begun = await this.begin(setup.totp);
    const code = totpCode(begun.step.key, new Date());
    const { step } = await submit(this.client(0), begun, { totpSetup: { code } });
    expect(step.__typename).toBe('FlowCompleted');
    return begun.step.key;
  }
}

/** What the app shows next: good already, and still if that is now by the time it is looked at. */
const next = (): Date => new Date(Date.now() + STEP_MILLISECONDS);
const nextCode = (key: string): string => totpCode(key, next());
/** Not even in the step after that one; what it has shown until now was taken when it was set up. */
const wrongCode = (key: string): string => wrongTotpCode(key, next());
const codeAnswer = (code: string): object => ({ authenticatorValidate: { code } });

/** How many were passed; whatever else is, each has been told so. */
function passed(answers: readonly Answer[]): number {
  const steps = answers.map(({ data }) => data?.submitStage?.step);
  for (const [index, answer] of answers.entries()) {
    const isRefused = answer.errors[0]?.extensions.code === 'CONFLICT' || steps[index]?.errors?.length > 0;
    expect(isRefused || /^Flow(Completed|Denied)$/.test(steps[index]?.__typename)).toBe(true);
  }
  return steps.filter((step) => step?.__typename === 'FlowCompleted').length;
}

describe('of twenty at once', () => {
  it('one passes by the code that an app shows', async () => {
    const person = await Person.create();
    const key = await person.setUpApp();
    const answer = codeAnswer(nextCode(key));
    expect(passed(await person.answerAtOnce(RUNNERS, () => answer))).toBe(1);
  });

  it('one passes by a recovery code', async () => {
    const person = await Person.create();
    const shown = await person.begin(setup.codes);
    await submit(person.client(0), shown, { staticSetup: { acknowledge: true } });
    const answer = codeAnswer(shown.step.codes[0]);
    expect(passed(await person.answerAtOnce(RUNNERS, () => answer))).toBe(1);
    expect(await database.count('authenticator_code')).toBe(9);
  });

  async function ownerOfPasskey(): Promise<{ person: Person; passkey: SoftwarePasskey }> {
    const person = await Person.create();
    const passkey = new SoftwarePasskey();
    const begun = await person.begin(setup.passkey);
    const made = passkey.create(begun.step.options);
    const { step } = await submit(person.client(0), begun, { webAuthnSetup: { passkey: made } });
    expect(step.__typename).toBe('FlowCompleted');
    return { person, passkey };
  }

  it('one passes by what a passkey was asked once, however often it has signed it', async () => {
    const { person, passkey } = await ownerOfPasskey();
    const execution = await person.begin(asking);
    const answers = await Promise.all(
      Array.from({ length: RUNNERS }, (_, index) => {
        const signed = passkey.get(execution.step.passkeyOptions);
        return trySubmit(
          person.client(index),
          answerTo(execution, { authenticatorValidate: { passkey: signed } }),
        );
      }),
    );
    const completed = answers.filter(({ data }) => data?.submitStage?.step.__typename === 'FlowCompleted');
    expect(completed).toHaveLength(1);
    const uses = `event where action = 'SECOND_FACTOR_FAILED' and details->>'kind' = 'WEBAUTHN'`;
    expect(await database.count(uses)).toBe(0);
  });

  it('one passes where a passkey and its copies count alike', async () => {
    const { person, passkey } = await ownerOfPasskey();
    const answers = await person.answerAtOnce(RUNNERS, ({ step }) => ({
      authenticatorValidate: { passkey: passkey.get(step.passkeyOptions, { counter: 1000 }) },
    }));
    expect(passed(answers)).toBe(1);
  });
});

describe('of sixty wrong codes at once, at two processes', () => {
  const failures = (): Promise<number> => database.count(`event where action = 'SECOND_FACTOR_FAILED'`);

  it('no more are looked at than the limit', async () => {
    const person = await Person.create();
    const key = await person.setUpApp();
    const before = await failures();
    const answer = codeAnswer(wrongCode(key));
    const begun = Date.now();
    const answers = await person.answerAtOnce(WRONG_CODES, () => answer);
    const most = limitAfter((Date.now() - begun) / 1000);
    const codes = answers.map(({ data }) => data.submitStage.step.errors[0].code);
    const looked = codes.filter((code) => code === 'INVALID_CODE').length;
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(WRONG_CODES - looked);
    expect(looked).toBeGreaterThanOrEqual(5);
    expect(looked).toBeLessThanOrEqual(most);
    expect((await failures()) - before).toBe(looked);
  });

  it('exactly one is looked at once a wait is over that doubles to more than they take', async () => {
    const person = await Person.create();
    const key = await person.setUpApp();
    await database.query(`update authenticator set failures = 12 where kind = 'TOTP'`);
    const before = await failures();
    const answer = codeAnswer(wrongCode(key));
    await person.answerAtOnce(WRONG_CODES, () => answer);
    expect((await failures()) - before).toBe(1);
  });

  it('exactly one disables what has been wrong a hundred times, and is not looked at', async () => {
    const person = await Person.create();
    const key = await person.setUpApp();
    await database.query(`update authenticator set failures = 100 where kind = 'TOTP'`);
    const before = await failures();
    const answer = codeAnswer(nextCode(key));
    expect(passed(await person.answerAtOnce(RUNNERS, () => answer))).toBe(0);
    expect((await failures()) - before).toBe(0);
    expect(await database.count(`event where action = 'AUTHENTICATOR_DISABLED'`)).toBe(1);
  });
});

it('counts a wrong code of which the process dies before it can say so', async () => {
  const person = await Person.create();
  const key = await person.setUpApp();
  const execution = await person.begin(asking, 1);
  const [row] = await database.query('select id from authenticator order by created_at desc limit 1');
  const input = answerTo(execution, codeAnswer(wrongCode(key)));
  // Whatever is committed records an event.
  await database.whileLocked('lock table event in exclusive mode', [], async () => {
    const lost = trySubmit(person.client(1), input).catch(() => 'lost');
    await database.untilWaiting(1, 'insert into "event"%');
    await nodes[1].kill();
    expect(await lost).toBe('lost');
  });
  const counted = `authenticator where id = '${row.id}' and failures = 1`;
  expect(await database.count(counted)).toBe(1);
  expect(await database.count(`execution_answer where execution_id = '${execution.id}'`)).toBe(0);
  nodes[1] = await startServer(variables);
});
