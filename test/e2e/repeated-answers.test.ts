import { randomUUID } from 'node:crypto';

import { start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { LOGIN, WRONG, answerTo, credentials, find, viewerOf } from '../support/executions.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const RIGHT = { password: { password: ADMIN.password } };
const STALE = [expect.objectContaining({ field: null, code: 'STALE_CHALLENGE' })];
const identification = (identifier: string) => ({ identification: { identifier } });

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

function identified(client: TestClient, kind = 'BROWSER'): Promise<Execution> {
  return start(client, { flow: LOGIN, client: kind, responses: credentials().slice(0, 1) });
}

function inParallel<T>(count: number, send: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => send(index)));
}

describe('an answer to a challenge that is not the current one', () => {
  it('changes nothing, and is told so with the challenge that is', async () => {
    const client = app.client();
    const first = await start(client, { flow: LOGIN });
    const second = await submit(client, first, identification(ADMIN.username));
    for (const id of [first.step.id, randomUUID(), 'no id', '']) {
      const late = await submit(client, { ...first, step: { id } }, identification('somebody else'));
      expect(late.step).toEqual({ ...second.step, errors: STALE });
    }
    expect((await find(client, first)).step).toEqual(second.step);
    expect((await submit(client, second, RIGHT)).step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(client)).toMatchObject({ username: ADMIN.username });
  });

  it('is not looked at: a wrong password to it is no guess, and a right one opens nothing', async () => {
    const client = app.client();
    const before = await identified(client);
    const current = await submit(client, before, WRONG);
    for (const response of [RIGHT, { password: { password: 'another wrong one' } }]) {
      expect((await submit(client, before, response)).step).toEqual({ ...current.step, errors: STALE });
    }
    expect(await viewerOf(client)).toBeNull();
    expect((await submit(client, current, RIGHT)).step.__typename).toBe('FlowCompleted');
  });

  it('is refused once the execution has ended', async () => {
    const client = app.client();
    const execution = await identified(client);
    const { step } = await submit(client, execution, RIGHT);
    for (const response of [WRONG, identification(ADMIN.username)]) {
      const { errors, data } = await trySubmit(client, answerTo(execution, response));
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'STALE_CHALLENGE' } }]);
    }
    expect((await find(client, execution)).step).toEqual(step);
  });
});

describe('the same answer to the same challenge', () => {
  it('has the same result again, down to the next challenge’s id', async () => {
    const client = app.client();
    const first = await start(client, { flow: LOGIN });
    const second = await submit(client, first, identification(ADMIN.username));
    expect(await submit(client, first, identification(ADMIN.username))).toEqual(second);
    expect((await find(client, first)).step).toEqual(second.step);
  });

  it('is one guess, however often it is sent', async () => {
    const client = app.client({ address: '198.51.100.1' });
    const execution = await identified(client);
    const wrong = await submit(client, execution, WRONG);
    expect(wrong.step.errors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    for (let repeated = 0; repeated < 6; repeated += 1) {
      expect(await submit(client, execution, WRONG)).toEqual(wrong);
    }
    expect((await submit(client, wrong, RIGHT)).step.__typename).toBe('FlowCompleted');
  });

  it('still has its result when the flow has gone on, and takes nothing back', async () => {
    const client = app.client();
    const first = await start(client, { flow: LOGIN });
    const second = await submit(client, first, identification(ADMIN.username));
    const third = await submit(client, second, WRONG);
    expect(await submit(client, first, identification(ADMIN.username))).toEqual(second);
    expect((await find(client, first)).step).toEqual(third.step);
  });

  it('gives a native client the same session and secret where the first response was lost', async () => {
    const client = app.client();
    const execution = await identified(client, 'NATIVE');
    const last = await submit(client, execution, RIGHT);
    app.clock.advance(60);
    expect(await submit(client, execution, RIGHT)).toEqual(last);
    client.bearer = last.step.session.token;
    expect((await viewerOf(client)).session.id).toBe(last.step.session.session.id);
    expect(await submit(client, execution, RIGHT)).toEqual(last);
  });

  it('sets the same cookie again where a browser has lost the first response', async () => {
    const client = app.client();
    const execution = await identified(client);
    const first = await trySubmit(client, answerTo(execution, RIGHT));
    client.cookies.delete('stagedoor_session');
    const again = await trySubmit(client, answerTo(execution, RIGHT));
    expect(again.data).toEqual(first.data);
    expect(first.headers.getSetCookie()).toHaveLength(1);
    expect(again.headers.getSetCookie()).toEqual(first.headers.getSetCookie());
    expect((await viewerOf(client)).session.id).toBe(first.data.submitStage.step.session.session.id);
  });
});

describe('answers at the same time', () => {
  it('have one effect and one result where they are the same', async () => {
    const client = app.client();
    const execution = await identified(client, 'NATIVE');
    const results = await inParallel(20, () => submit(client, execution, RIGHT));
    const [first] = results;
    expect(first.step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { token: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect(results).toEqual(results.map(() => first));
  });

  it('are one guess where they are the same and wrong', async () => {
    const client = app.client({ address: '198.51.100.2' });
    const execution = await identified(client);
    const results = await inParallel(20, () => submit(client, execution, WRONG));
    const [first] = results;
    expect(first.step.errors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    expect(results).toEqual(results.map(() => first));
    expect((await submit(client, first, RIGHT)).step.__typename).toBe('FlowCompleted');
  });

  it('are decided by one of them where they differ: the others are stale', async () => {
    const client = app.client();
    const execution = await start(client, { flow: LOGIN });
    const results = await inParallel(20, (index) =>
      submit(client, execution, identification(`person-${index}`)),
    );
    const { step } = await find(client, execution);
    const [used, ...others] = results
      .map((result) => result.step.errors)
      .toSorted((a, b) => a.length - b.length);
    expect(used).toEqual([]);
    expect(others).toEqual(others.map(() => STALE));
    expect(results.map((result) => ({ ...result.step, errors: [] }))).toEqual(results.map(() => step));
    const winner = results.findIndex((result) => result.step.errors.length === 0);
    expect(step.user.displayName).toBe(`person-${winner}`);
  });

  it('have one password looked at, whichever is the first', async () => {
    const client = app.client({ address: '198.51.100.3' });
    const execution = await identified(client);
    const results = await inParallel(10, (index) =>
      trySubmit(
        client,
        answerTo(execution, index === 0 ? RIGHT : { password: { password: `wrong ${index}` } }),
      ),
    );
    const { step } = await find(client, execution);
    const codes = results.map(
      ({ data, errors }) => errors[0]?.extensions.code ?? data.submitStage.step.errors?.[0].code ?? 'used',
    );
    const looked = codes.filter((code) => code !== 'STALE_CHALLENGE');
    expect(looked).toEqual([step.__typename === 'FlowCompleted' ? 'used' : 'INVALID_CREDENTIALS']);
  });
});
