import { aFewAtOnce } from '../support/a-few-at-once.js';
import { Composer } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { LOGIN, WRONG, credentials } from '../support/executions.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const HOUR_SECONDS = 3600;

let app: TestApp;
let gate: string;
beforeAll(async () => {
  app = await startTestApp();
  // Asks for nothing but a name and says whether it is known: a guess that costs no hashing.
  const identification = { identification: { pretendUserExists: false } };
  gate = (await new Composer(await signedIn(app)).flowOf({}, identification, { dummy: {} })).slug;
});
afterAll(() => app.close());

// What one test has counted must not be counted in the next.
beforeEach(() => app.clock.advance(25 * HOUR_SECONDS));

/** One guess, in an execution of its own. */
async function guess(username: string, password = WRONG.password.password, client = app.client()) {
  const responses = credentials({ ...ADMIN, username, password });
  return outcomeOf(await start(client, { flow: LOGIN, client: 'NATIVE', responses }));
}

function outcomeOf({ step }: Execution): { code: string; retryAt: string | null } {
  if (step.__typename === 'FlowCompleted') return { code: 'SIGNED_IN', retryAt: null };
  const { code, retryAt } = step.errors[0];
  return { code, retryAt };
}

/** Says a name that nobody has, at the gate. */
async function sayName(client: TestClient, identifier: string) {
  const responses = [{ identification: { identifier } }];
  const { step } = await start(client, { flow: { slug: gate }, client: 'NATIVE', responses });
  return step.__typename === 'DummyChallenge' ? 'KNOWN' : step.errors[0].code;
}

const WRONG_GUESS = { code: 'INVALID_CREDENTIALS', retryAt: null };
const SIGNED_IN = { code: 'SIGNED_IN', retryAt: null };
const limitedFor = (seconds: number) => ({
  code: 'RATE_LIMITED',
  retryAt: new Date(app.clock.now().getTime() + seconds * 1000).toISOString(),
});

async function fiveWrong(username: string): Promise<void> {
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => guess(username)));
  expect(outcomes).toEqual(outcomes.map(() => WRONG_GUESS));
}

describe('guessing a password', () => {
  it('is not forgotten because somebody has found out that the name exists', async () => {
    await fiveWrong(ADMIN.username);
    expect(await sayName(app.client(), ADMIN.username)).toBe('KNOWN');
    expect(await guess(ADMIN.username)).toEqual(limitedFor(1));
  });

  it.each([
    ['somebody', ADMIN.username],
    ['nobody', 'nobody'],
  ])(
    'of %s has to wait after five failures, twice as long after each further one',
    async (_who, username) => {
      await fiveWrong(username);
      for (const seconds of [1, 2, 4]) {
        expect(await guess(username)).toEqual(limitedFor(seconds));
        app.clock.advance(seconds - 0.5);
        expect(await guess(username, ADMIN.password)).toEqual(limitedFor(0.5));
        app.clock.advance(0.5);
        expect(await guess(username)).toEqual(WRONG_GUESS);
      }
      expect(await guess(username)).toEqual(limitedFor(8));
    },
  );

  it('starts anew after a success, and after a day without a failure', async () => {
    await fiveWrong(ADMIN.username);
    app.clock.advance(1);
    expect(await guess(ADMIN.username, ADMIN.password)).toEqual(SIGNED_IN);
    await fiveWrong(ADMIN.username);
    expect(await guess(ADMIN.username)).toEqual(limitedFor(1));
    app.clock.advance(24 * HOUR_SECONDS);
    expect(await guess(ADMIN.username)).toEqual(WRONG_GUESS);
    expect(await guess(ADMIN.username)).toEqual(WRONG_GUESS);
  });

  it('is counted together for every spelling of a name', async () => {
    for (const username of ['ada', 'ADA', ' Ada', 'ａｄａ', 'aDa ']) {
      expect(await guess(username)).toEqual(WRONG_GUESS);
    }
    expect(await guess('adA')).toEqual(limitedFor(1));
  });

  it('is counted together for username and e-mail, without telling that they are one person’s', async () => {
    await fiveWrong(ADMIN.username);
    expect(await guess(ADMIN.email)).toEqual(WRONG_GUESS);
    expect(await guess(ADMIN.email, ADMIN.password)).toEqual(WRONG_GUESS);
    app.clock.advance(1);
    expect(await guess(ADMIN.email, ADMIN.password)).toEqual(SIGNED_IN);
  });

  it('does not keep others out', async () => {
    await fiveWrong('nobody');
    expect(await guess(ADMIN.username, ADMIN.password)).toEqual(SIGNED_IN);
  });

  it.each([
    ['somebody', ADMIN.username],
    ['nobody', 'nobody'],
  ])('of %s is let through five times of thirty at once', async (_who, username) => {
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, index) => guess(username, `wrong guess ${index}`)),
    );
    expect(outcomes.filter(({ code }) => code === 'INVALID_CREDENTIALS')).toHaveLength(5);
    expect(outcomes.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(25);
  });

  it('within one execution ends it at the fifth failure', async () => {
    const client = app.client();
    let execution = await start(client, { flow: LOGIN, responses: credentials().slice(0, 1) });
    for (let count = 1; count < 5; count += 1) {
      execution = await submit(client, execution, WRONG);
      expect(outcomeOf(execution)).toEqual(WRONG_GUESS);
    }
    execution = await submit(client, execution, WRONG);
    expect(execution.step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
  });

  it('that has to wait leaves the execution as it was, and is not held against it', async () => {
    await fiveWrong(ADMIN.username);
    const client = app.client();
    let execution = await start(client, { flow: LOGIN, responses: credentials().slice(0, 1) });
    for (let count = 0; count < 6; count += 1) {
      execution = await submit(client, execution, WRONG);
      expect(outcomeOf(execution)).toEqual(limitedFor(1));
    }
    app.clock.advance(1);
    execution = await submit(client, execution, { password: { password: ADMIN.password } });
    expect(execution.step.__typename).toBe('FlowCompleted');
  });
});

describe('guessing from one address', () => {
  async function hundredWrong(addressOf: (index: number) => string, tag: string): Promise<void> {
    const codes = await aFewAtOnce(100, (index) =>
      sayName(app.client({ address: addressOf(index) }), `${tag}-${index}`),
    );
    expect(new Set(codes)).toEqual(new Set(['INVALID_CREDENTIALS']));
  }

  it('has to wait after a hundred failures in ten minutes, whoever it is about', async () => {
    const address = '198.51.100.7';
    await hundredWrong(() => address, 'first');
    app.clock.advance(60);
    const here = app.client({ address });
    expect(await guess(ADMIN.username, ADMIN.password, here)).toEqual(limitedFor(540));
    expect(await sayName(here, ADMIN.username)).toBe('RATE_LIMITED');
    const elsewhere = app.client({ address: '198.51.100.8' });
    expect(await guess(ADMIN.username, ADMIN.password, elsewhere)).toEqual(SIGNED_IN);
    app.clock.advance(540);
    expect(await guess(ADMIN.username, ADMIN.password, here)).toEqual(SIGNED_IN);
  });

  it('is about the address that a trusted proxy names, whatever the client says of itself', async () => {
    await hundredWrong((index) => `203.0.113.${index}, 198.51.100.9`, 'forwarded');
    expect(await sayName(app.client({ address: '198.51.100.9' }), 'one more')).toBe('RATE_LIMITED');
    expect(await sayName(app.client({ address: '203.0.113.1' }), 'another')).toBe('INVALID_CREDENTIALS');
  });

  it('is about a whole network where the address is IPv6', async () => {
    await hundredWrong((index) => `2001:db8:1:2::${(index + 1).toString(16)}`, 'neighbour');
    expect(await sayName(app.client({ address: '2001:db8:1:2:ffff::1' }), 'one more')).toBe('RATE_LIMITED');
    expect(await sayName(app.client({ address: '2001:db8:1:3::1' }), 'another')).toBe('INVALID_CREDENTIALS');
  });

  it('does not count what was right', async () => {
    const client = app.client({ address: '198.51.100.10' });
    for (let count = 0; count < 110; count += 1) expect(await sayName(client, ADMIN.username)).toBe('KNOWN');
  });
});
