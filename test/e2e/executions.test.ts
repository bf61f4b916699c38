import { randomUUID } from 'node:crypto';

import { start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { LOGIN, answerTo, cancel, credentials, find, tryCancel, viewerOf } from '../support/executions.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const LIFETIME_SECONDS = 3600;
const RIGHT = { password: { password: ADMIN.password } };
const NOT_FOUND = [{ message: 'There is no such execution.', code: 'NOT_FOUND' }];

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** An execution of the login that asks for the administrator's password. */
function identified(client: TestClient, more: object = {}): Promise<Execution> {
  return start(client, { flow: LOGIN, responses: credentials().slice(0, 1), ...more });
}

/** What a client that names this execution is told, by each of the three ways to name one. */
async function reach(client: TestClient, execution: Execution) {
  const submitted = await trySubmit(client, answerTo(execution, RIGHT));
  const cancelled = await tryCancel(client, execution);
  const problems = [submitted, cancelled].map(({ errors }) =>
    errors.map(({ message, extensions }) => ({ message, code: extensions.code })),
  );
  return { problems, found: await find(client, execution) };
}

describe('an execution', () => {
  it('is out of reach for another browser, like one that does not exist', async () => {
    const client = app.client();
    const execution = await identified(client);
    const stranger = app.client();
    await identified(stranger);
    const unreachable = { problems: [NOT_FOUND, NOT_FOUND], found: null };
    expect(await reach(stranger, execution)).toEqual(unreachable);
    expect(await reach(app.client(), execution)).toEqual(unreachable);
    expect(await reach(stranger, { ...execution, id: randomUUID() })).toEqual(unreachable);
    expect(await reach(stranger, { ...execution, id: 'no id\0' })).toEqual(unreachable);
    expect(await find(client, execution)).toMatchObject({ step: execution.step });
  });

  it('is out of reach for a native client without its token or with another’s', async () => {
    const client = app.client();
    const execution = await identified(client, { client: 'NATIVE' });
    const other = await identified(client, { client: 'NATIVE' });
    const browser = app.client();
    await identified(browser);
    const unreachable = { problems: [NOT_FOUND, NOT_FOUND], found: null };
    for (const token of [undefined, '', 'x', '\0', other.token, 'a'.repeat(43), 'a'.repeat(10_000)]) {
      expect(await reach(client, { ...execution, token })).toEqual(unreachable);
      expect(await reach(browser, { ...execution, token })).toEqual(unreachable);
    }
    expect(await reach(client, { ...execution, id: randomUUID() })).toEqual(unreachable);
    client.bearer = execution.token;
    expect(await reach(client, { ...execution, token: undefined })).toEqual(unreachable);
    expect((await submit(client, execution, RIGHT)).step.__typename).toBe('FlowCompleted');
  });

  it('can be asked for by its client, without its token being told again', async () => {
    const client = app.client();
    const native = await identified(client, { client: 'NATIVE' });
    expect(await find(client, native)).toEqual({ ...native, token: null, responsesUsed: 0 });
    const browser = await identified(client);
    expect(await find(client, browser)).toEqual({ ...browser, responsesUsed: 0 });
    const ended = await submit(client, browser, RIGHT);
    expect(await find(client, browser)).toMatchObject({ step: ended.step });
  });

  it('runs beside another one in the same browser', async () => {
    const client = app.client();
    const first = await start(client, { flow: LOGIN });
    const second = await start(client, { flow: LOGIN });
    const firstIdentified = await submit(client, first, {
      identification: { identifier: 'somebody else' },
    });
    const secondIdentified = await submit(client, second, {
      identification: { identifier: ADMIN.username },
    });
    expect(firstIdentified.step.user.displayName).toBe('somebody else');
    expect(secondIdentified.step.user.displayName).toBe(ADMIN.username);
    expect((await submit(client, secondIdentified, RIGHT)).step.__typename).toBe('FlowCompleted');
    expect((await find(client, first)).step).toEqual(firstIdentified.step);
    const refused = await submit(client, firstIdentified, RIGHT);
    expect(refused.step).toMatchObject({ __typename: 'PasswordChallenge', user: firstIdentified.step.user });
    expect(await viewerOf(client)).toMatchObject({ username: ADMIN.username });
  });

  it('is not lost where another one is started at the same moment in a browser without cookies', async () => {
    const client = app.client();
    const executions = await Promise.all([1, 2, 3].map(() => start(client, { flow: LOGIN })));
    for (const { id } of executions) expect(await find(client, { id })).toMatchObject({ id });
  });

  it('is forgotten by its browser once that has started twenty others', async () => {
    const client = app.client();
    const executions = [];
    for (let count = 0; count < 21; count += 1) executions.push(await start(client, { flow: LOGIN }));
    const [oldest, second] = executions;
    expect(await find(client, { id: oldest.id })).toBeNull();
    expect(await find(client, { id: second.id })).toMatchObject({ id: second.id });
    expect([...client.cookies.keys()]).toHaveLength(20);
  });

  it('does not take the answer to another one’s challenge', async () => {
    const client = app.client();
    const first = await identified(client);
    const second = await identified(client);
    const mixed = { ...first, step: { ...first.step, id: second.step.id } };
    const { step } = await submit(client, mixed, RIGHT);
    expect(step).toEqual({
      ...first.step,
      errors: [expect.objectContaining({ field: null, code: 'STALE_CHALLENGE' })],
    });
    expect(await viewerOf(client)).toBeNull();
  });
});

describe('an execution that has taken too long', () => {
  it('can be continued until its last second', async () => {
    const client = app.client();
    const execution = await identified(client);
    expect(Date.parse(execution.expiresAt) - app.clock.now().getTime()).toBe(LIFETIME_SECONDS * 1000);
    app.clock.advance(LIFETIME_SECONDS - 1);
    expect((await submit(client, execution, RIGHT)).step.__typename).toBe('FlowCompleted');
  });

  it('denies, and its answer changes nothing', async () => {
    const client = app.client();
    const execution = await identified(client, { next: '/inbox' });
    app.clock.advance(LIFETIME_SECONDS);
    const expired = { __typename: 'FlowDenied', code: 'EXPIRED', redirectTo: null };
    const submitted = await submit(client, execution, RIGHT);
    expect(submitted.step).toMatchObject(expired);
    expect((await find(client, execution)).step).toEqual(submitted.step);
    expect(await viewerOf(client)).toBeNull();
    const stranger = await reach(app.client(), execution);
    expect(stranger).toEqual({ problems: [NOT_FOUND, NOT_FOUND], found: null });
  });

  it('leaves one that has ended before as it was', async () => {
    const client = app.client();
    const ended = await start(client, { flow: LOGIN, responses: credentials() });
    app.clock.advance(LIFETIME_SECONDS);
    expect((await find(client, ended)).step).toEqual(ended.step);
  });
});

describe('an execution that is abandoned', () => {
  it('says where the person was going, and takes no answers any more', async () => {
    const client = app.client();
    const execution = await identified(client, { next: '/inbox' });
    const cancelled = { __typename: 'FlowCancelled', redirectTo: '/inbox' };
    expect((await cancel(client, execution)).step).toEqual(cancelled);
    const { errors } = await trySubmit(client, answerTo(execution, RIGHT));
    expect(errors).toMatchObject([{ extensions: { code: 'STALE_CHALLENGE' } }]);
    expect((await cancel(client, execution)).step).toEqual(cancelled);
    expect((await find(client, execution)).step).toEqual(cancelled);
    expect(await viewerOf(client)).toBeNull();
  });

  it('stays as it is where it has ended before', async () => {
    const client = app.client();
    const ended = await start(client, { flow: LOGIN, responses: credentials() });
    expect((await cancel(client, ended)).step).toEqual(ended.step);
    expect(await viewerOf(client)).toMatchObject({ username: ADMIN.username });
  });

  it('is either abandoned or completed where both are asked for at once', async () => {
    const client = app.client();
    const execution = await identified(client);
    const [submitted] = await Promise.all([
      trySubmit(client, answerTo(execution, RIGHT)),
      tryCancel(client, execution),
    ]);
    const { step } = await find(client, execution);
    const signedIn = (await viewerOf(client)) !== null;
    if (step.__typename === 'FlowCompleted') {
      expect(submitted.data.submitStage.step).toEqual(step);
      expect(signedIn).toBe(true);
    } else {
      expect(step.__typename).toBe('FlowCancelled');
      expect(submitted.errors).toMatchObject([{ extensions: { code: 'STALE_CHALLENGE' } }]);
      expect(signedIn).toBe(false);
    }
  });
});
