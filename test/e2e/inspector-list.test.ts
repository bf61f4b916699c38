import { randomUUID } from 'node:crypto';

import { Composer, signedUp } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { cancel } from '../support/executions.js';
import { signedIn, start } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspect, inspectPage } from '../support/inspector.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const BOB = { username: 'bob', password: 'a long enough password' };
const OK = { dummy: { acknowledge: true } };
const LIFETIME_SECONDS = 3600;

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let enrollment: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  enrollment = await composer.enrollment();
});
afterAll(() => app.close());

const asking = () => composer.flowOf({}, { dummy: {} });
const run = (flow: ComposedFlow, responses: object[] = []): Promise<Execution> =>
  start(app.client(), { flow: { slug: flow.slug }, responses });

/** So many executions of a flow: pairs of the same moment, and a second between the pairs. */
async function runOften(flow: ComposedFlow, times: number): Promise<string[]> {
  const ids: string[] = [];
  for (let count = 0; count < times; count += 1) {
    if (count % 2 === 0) app.clock.advance(1);
    ids.push((await run(flow)).id);
  }
  return ids;
}

/** Follows the cursors to the end; `meanwhile` happens between two pages. */
async function allPages(passed: object, meanwhile: () => Promise<unknown> = async () => undefined) {
  const ids: string[] = [];
  let after: string | null = null;
  for (;;) {
    const page = await inspectPage(admin, { ...passed, after });
    ids.push(...page.ids);
    if (!page.hasNextPage) return ids;
    after = page.endCursor;
    await meanwhile();
  }
}

describe('the list of executions', () => {
  it('begins with the newest, or, on request, with the oldest', async () => {
    const flow = await asking();
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      app.clock.advance(1);
      ids.push((await run(flow)).id);
    }
    const filter = { flowId: flow.id };
    expect((await inspectPage(admin, { filter })).ids).toEqual(ids.toReversed());
    expect((await inspectPage(admin, { filter, orderBy: 'CREATED_AT_DESC' })).ids).toEqual(ids.toReversed());
    expect((await inspectPage(admin, { filter, orderBy: 'CREATED_AT_ASC' })).ids).toEqual(ids);
  });

  it.each(['CREATED_AT_DESC', 'CREATED_AT_ASC'])(
    'comes in pages that together are the whole, whatever their size: %s',
    async (orderBy) => {
      const flow = await asking();
      const ids = await runOften(flow, 7);
      const passed = { filter: { flowId: flow.id }, orderBy };
      const whole = await inspectPage(admin, passed);
      expect(whole.ids.toSorted()).toEqual(ids.toSorted());
      expect(whole).toMatchObject({ hasNextPage: false, totalCount: 7, endCursor: whole.cursors.at(-1) });
      const lasts = [6, 7].map(async (first) => (await inspectPage(admin, { ...passed, first })).hasNextPage);
      expect(await Promise.all(lasts)).toEqual([true, false]);
      for (const first of [1, 2, 3, 7, 8]) expect(await allPages({ ...passed, first })).toEqual(whole.ids);
    },
  );

  it('shows each execution that was there once, though others begin and end meanwhile', async () => {
    const flow = await composer.flowOf({}, { dummy: {} }, { dummy: {} });
    const before = await runOften(flow, 6);
    const passed = { filter: { flowId: flow.id }, first: 2 };
    const newestFirst = await allPages(passed, () => runOften(flow, 2));
    expect(newestFirst.toSorted()).toEqual(before.toSorted());
    const added: string[] = [];
    const oldestFirst = await allPages({ ...passed, orderBy: 'CREATED_AT_ASC' }, async () => {
      if (added.length < 2) added.push(...(await runOften(flow, 1)));
    });
    expect(new Set(oldestFirst).size).toBe(oldestFirst.length);
    expect(oldestFirst).toEqual(expect.arrayContaining([...before, ...added]));
  });

  it('goes on behind a cursor whose execution is no longer of those that are wanted', async () => {
    const flow = await asking();
    const client = app.client();
    const executions: Execution[] = [];
    for (let count = 0; count < 3; count += 1) {
      app.clock.advance(1);
      executions.push(await start(client, { flow: { slug: flow.slug } }));
    }
    const passed = { filter: { flowId: flow.id, state: 'RUNNING' }, first: 1 };
    const [oldest, middle, newest] = executions.map(({ id }) => id);
    const page = await inspectPage(admin, passed);
    expect(page.ids).toEqual([newest]);
    await cancel(client, executions[2]);
    expect((await inspectPage(admin, { ...passed, after: page.endCursor })).ids).toEqual([middle]);
    expect(await allPages({ ...passed, after: null })).toEqual([middle, oldest]);
  });

  it('can be asked for those in a state', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    const denying = await composer.flowOf({}, { deny: {} });
    const { id: expired } = await run(flow);
    app.clock.advance(LIFETIME_SECONDS);
    const { id: running } = await run(flow);
    const { id: completed } = await run(flow, [OK]);
    const { id: denied } = await run(denying);
    const client = app.client();
    const abandoned = await start(client, { flow: { slug: flow.slug } });
    await cancel(client, abandoned);
    const found = async (state: string, flowId: string) =>
      (await inspectPage(admin, { filter: { state, flowId } })).executions.map((node) => [
        node.id,
        node.state,
      ]);
    expect(await found('RUNNING', flow.id)).toEqual([[running, 'RUNNING']]);
    expect(await found('EXPIRED', flow.id)).toEqual([[expired, 'EXPIRED']]);
    expect(await found('COMPLETED', flow.id)).toEqual([[completed, 'COMPLETED']]);
    expect(await found('CANCELLED', flow.id)).toEqual([[abandoned.id, 'CANCELLED']]);
    expect(await found('DENIED', flow.id)).toEqual([]);
    expect(await found('DENIED', denying.id)).toEqual([[denied, 'DENIED']]);
    app.clock.advance(LIFETIME_SECONDS);
    expect(await found('RUNNING', flow.id)).toEqual([]);
    expect(await found('COMPLETED', flow.id)).toEqual([[completed, 'COMPLETED']]);
  });

  it('can be asked for those about a person, of a flow, or with a supportId, and for all of it at once', async () => {
    await signedUp(app, enrollment.slug, BOB);
    await signedIn(app, BOB);
    const flow = await composer.flowOf({}, { identification: {} }, { deny: {} });
    const { id, step } = await run(flow, [{ identification: { identifier: BOB.username } }]);
    const { supportId } = step;
    const userId = (await inspect(admin, { id })).user.id;
    const about = await inspectPage(admin, { filter: { userId } });
    expect(about.executions.map((node) => node.flow.slug).toSorted()).toEqual(
      ['default-authentication-flow', enrollment.slug, flow.slug].toSorted(),
    );
    expect(about.totalCount).toBe(3);
    const all = { userId, flowId: flow.id, supportId, state: 'DENIED' };
    for (const filter of [{ supportId }, { flowId: flow.id }, { userId, flowId: flow.id }, all])
      expect((await inspectPage(admin, { filter })).ids).toEqual([id]);
    for (const other of [
      { userId: randomUUID() },
      { flowId: enrollment.id },
      { supportId: id },
      { state: 'RUNNING' },
    ]) {
      const { ids, totalCount } = await inspectPage(admin, { filter: { ...all, ...other } });
      expect({ ids, totalCount }).toEqual({ ids: [], totalCount: 0 });
    }
  });

  it('is empty for what can be the name of nothing', async () => {
    for (const field of ['userId', 'flowId', 'supportId'])
      expect(await inspectPage(admin, { filter: { [field]: 'x' } })).toMatchObject({
        ids: [],
        totalCount: 0,
      });
  });

  it('tells of all executions where nothing else is asked for, also those of the administrator', async () => {
    const { totalCount, executions } = await inspectPage(admin, { first: 200 });
    expect(executions).toHaveLength(totalCount);
    expect(executions.map((node) => node.user?.username)).toContain('ada');
  });

  it.each([0, -1, 201])('refuses pages of %p entries', async (first) => {
    const { errors } = await admin.send(`{ executions(first: ${first}) { totalCount } }`);
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'first', code: 'OUT_OF_RANGE' }] } },
    ]);
  });

  it.each(['', 'x', 'MTo', 'a cursor of names', 'no id', 'no moment'])(
    'refuses as a cursor: %p',
    async (what) => {
      const encoded = (key: string) => Buffer.from(`1:${key}`).toString('base64url');
      const cursors: Record<string, string> = {
        'a cursor of names': encoded(`some-name\0${randomUUID()}`),
        'no id': encoded('2030-01-01T00:00:00.000Z x'),
        'no moment': encoded(`x ${randomUUID()}`),
      };
      const { errors } = await admin.send(
        'query($after: String) { executions(after: $after) { totalCount } }',
        {
          after: cursors[what] ?? what,
        },
      );
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after', code: 'INVALID' }] } },
      ]);
    },
  );
});
