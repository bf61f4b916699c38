import { Composer, filledIn, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import { PASSWORD, People, codes } from '../support/people.js';
import type { MadePerson } from '../support/people.js';
import { simulate } from '../support/simulations.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const READ = { id: 'read', name: 'Read your <b>mail</b>' };
const WRITE = { id: 'write', name: 'Send mail in your name' };
const ACCEPT = { consent: { accept: true } };
const DECLINE = { consent: { accept: false } };
const DONE = 'FlowCompleted';
const ASKED = 'ConsentChallenge';

const OWN = '{ viewer { consents { id stageName permissions grantedAt expiresAt } } }';
const THEIRS = `query($id: ID!) { user(id: $id) { consents { id permissions } } }`;
const REVOKE = 'mutation($id: ID!) { revokeConsent(id: $id) }';
const CHANGE = 'mutation($id: ID!, $input: UpdateStageInput!) { updateStage(id: $id, input: $input) { id } }';
const EVENTS = `query($action: String!, $userId: ID!) {
  events(filter: { actions: [$action], userId: $userId }, first: 1) { edges { node { action user { id } object { type name } details } } }
}`;

let app: TestApp;
let composer: Composer;
let people: People;
beforeAll(async () => {
  app = await startTestApp();
  const admin = await signedIn(app);
  composer = new Composer(admin);
  people = new People(app, admin);
});
afterAll(() => app.close());

interface Asking extends ComposedFlow {
  readonly stageId: string;
}

async function asking(config: object = {}): Promise<Asking> {
  const flow = await composer.flow();
  const stageId = await composer.stage({ consent: { permissions: [READ], ...config } });
  await composer.bind(flow.id, stageId, 0);
  return { ...flow, stageId };
}

async function somebody(): Promise<{ person: MadePerson; client: TestClient }> {
  const person = await people.create();
  return { person, client: await people.signedIn(person) };
}

const run = (client: TestClient, { slug }: ComposedFlow, ...responses: object[]) =>
  start(client, { flow: { slug }, responses });
const stepOf = async (client: TestClient, flow: ComposedFlow, ...responses: object[]): Promise<string> =>
  (await run(client, flow, ...responses)).step.__typename;
const consentsOf = async (client: TestClient) => (await client.ok(OWN)).viewer.consents;

describe('somebody who is asked to agree', () => {
  it('agrees, is asked no more until that has expired, and sees it among their consents', async () => {
    const { client } = await somebody();
    const flow = await asking({ header: 'The <i>app</i> wants to:', expireIn: 'P10D' });
    const asked = await run(client, flow);
    expect(asked.step).toMatchObject({
      __typename: ASKED,
      ...{ header: 'The <i>app</i> wants to:', permissions: [READ], additionalPermissions: [] },
    });
    expect((await submit(client, asked, ACCEPT)).step.__typename).toBe(DONE);
    const day = 24 * 3600 * 1000;
    const now = app.clock.now().getTime();
    expect(await consentsOf(client)).toEqual([
      {
        ...{ id: expect.any(String), stageName: asked.step.stageName, permissions: ['read'] },
        grantedAt: new Date(now).toISOString(),
        expiresAt: new Date(now + 10 * day).toISOString(),
      },
    ]);
    expect(await stepOf(client, flow)).toBe(DONE);
  });

  it('is asked again once it has expired, and it is no longer among their consents', async () => {
    const { person, client } = await somebody();
    const flow = await asking({ expireIn: 'PT1S' });
    await run(client, flow, ACCEPT);
    expect(await consentsOf(client)).toHaveLength(1);
    app.clock.advance(1);
    expect(await consentsOf(client)).toEqual([]);
    expect((await composer.admin.ok(THEIRS, { id: person.id })).user.consents).toEqual([]);
    expect(await stepOf(client, flow)).toBe(ASKED);
  });

  it('declines, and goes no further; nothing is remembered', async () => {
    const { client } = await somebody();
    const flow = await asking();
    const { step } = await run(client, flow, DECLINE);
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'CONSENT_DECLINED' });
    expect(await consentsOf(client)).toEqual([]);
    expect(await stepOf(client, flow)).toBe(ASKED);
  });

  it('is asked each time where the mode is ALWAYS, and nothing is remembered', async () => {
    const { client } = await somebody();
    const flow = await asking({ mode: 'ALWAYS' });
    expect(await stepOf(client, flow, ACCEPT)).toBe(DONE);
    expect(await consentsOf(client)).toEqual([]);
    expect(await stepOf(client, flow)).toBe(ASKED);
  });

  it('is asked for what is new apart, and not at all for less, where it is remembered for good', async () => {
    const { client } = await somebody();
    const flow = await asking({ mode: 'PERMANENT' });
    await run(client, flow, ACCEPT);
    const [before] = await consentsOf(client);
    expect(before).toMatchObject({ permissions: ['read'], expiresAt: null });
    const configured = (permissions: object[]) => ({ consent: { mode: 'PERMANENT', permissions } });
    const change = (permissions: object[]) =>
      composer.admin.ok(CHANGE, { id: flow.stageId, input: { config: configured(permissions) } });
    await change([READ, WRITE]);
    const asked = await run(client, flow);
    expect(asked.step).toMatchObject({ permissions: [READ], additionalPermissions: [WRITE] });
    await submit(client, asked, ACCEPT);
    expect(await consentsOf(client)).toMatchObject([{ id: before.id, permissions: ['read', 'write'] }]);
    await change([WRITE]);
    expect(await stepOf(client, flow)).toBe(DONE);
  });

  it('agrees only to what was shown: where it has changed meanwhile, it is shown anew', async () => {
    const { client } = await somebody();
    const flow = await asking();
    const asked = await run(client, flow);
    const config = { consent: { permissions: [READ, WRITE] } };
    await composer.admin.ok(CHANGE, { id: flow.stageId, input: { config } });
    const again = await submit(client, asked, ACCEPT);
    expect(again.step).toMatchObject({
      __typename: ASKED,
      ...{ errors: [], messages: [{ level: 'WARNING' }], permissions: [READ, WRITE] },
    });
    expect(await consentsOf(client)).toEqual([]);
    expect((await submit(client, again, ACCEPT)).step.__typename).toBe(DONE);
    expect(await consentsOf(client)).toMatchObject([{ permissions: ['read', 'write'] }]);
  });

  it('neither grants nor learns anything in the name of somebody that they have not proved to be', async () => {
    const { person, client } = await somebody();
    const stage = await composer.stage({ consent: { permissions: [READ] } });
    const own = await composer.flow();
    await composer.bind(own.id, stage, 0);
    const named = await composer.flowOf({}, { identification: {} });
    await composer.bind(named.id, stage, 50);
    const name = (identifier: string) => ({ identification: { identifier } });
    const shown = async (identifier: string) => {
      const { step } = await run(app.client(), named, name(identifier));
      return { ...step, id: '', user: null };
    };
    await run(client, own, ACCEPT);
    const [consent] = await consentsOf(client);
    expect(await shown(person.username)).toEqual(await shown('nobody-at-all'));
    expect(await stepOf(app.client(), named, name(person.username), ACCEPT)).toBe(DONE);
    expect(await stepOf(app.client(), named, name('nobody-at-all'), ACCEPT)).toBe(DONE);
    expect(await consentsOf(client)).toEqual([consent]);
    const other = await somebody();
    await run(app.client(), named, name(other.person.username), ACCEPT);
    expect(await consentsOf(other.client)).toEqual([]);
  });

  it('is only asked in a simulation: nothing is remembered', async () => {
    const { person, client } = await somebody();
    const { slug } = await asking();
    const simulated = await simulate(composer.admin, {
      ...{ flow: { slug }, user: { id: person.id }, responses: [ACCEPT] },
    });
    expect(simulated.responsesUsed).toBe(1);
    expect(await consentsOf(client)).toEqual([]);
  });
});

describe('what somebody has agreed to', () => {
  const revoked = (client: TestClient, id: string) => client.send(REVOKE, { id });

  it('is revoked by themselves: they are asked again, and both is in the event log', async () => {
    const { person, client } = await somebody();
    const flow = await asking();
    await run(client, flow, ACCEPT);
    const [{ id, stageName }] = await consentsOf(client);
    expect(await client.ok(REVOKE, { id })).toEqual({ revokeConsent: id });
    expect(codes(await revoked(client, id))).toEqual(['NOT_FOUND']);
    expect(await stepOf(client, flow)).toBe(ASKED);
    for (const action of ['CONSENT_GRANTED', 'CONSENT_REVOKED']) {
      const { events } = await composer.admin.ok(EVENTS, { action, userId: person.id });
      expect(events.edges[0].node).toMatchObject({
        ...{ action, user: { id: person.id }, object: { type: 'CONSENT', name: stageName } },
        details: { permissions: ['read'] },
      });
    }
  });

  it("is nobody else's to see or revoke, unless they have been delegated that", async () => {
    const { person, client } = await somebody();
    await run(client, await asking(), ACCEPT);
    const [{ id }] = await consentsOf(client);
    const delegate = await somebody();
    const group = await composer.group();
    const ADD = 'mutation($id: ID!, $userIds: [ID!]!) { addGroupMembers(id: $id, userIds: $userIds) { id } }';
    await composer.admin.ok(ADD, { id: group, userIds: [delegate.person.id] });
    const grant = (permissions: string[]) =>
      composer.admin.ok(
        'mutation($id: ID!, $input: UpdateGroupInput!) { updateGroup(id: $id, input: $input) { id } }',
        { id: group, input: { permissions } },
      );
    expect(codes(await revoked(app.client(), id))).toEqual(['UNAUTHENTICATED']);
    expect(codes(await revoked(delegate.client, id))).toEqual(['NOT_FOUND']);
    await grant(['USER_VIEW']);
    expect(codes(await delegate.client.send(THEIRS, { id: person.id }))).toEqual(['FORBIDDEN']);
    await grant(['USER_VIEW', 'CONSENT_VIEW']);
    expect((await delegate.client.ok(THEIRS, { id: person.id })).user.consents).toMatchObject([{ id }]);
    expect(codes(await revoked(delegate.client, id))).toEqual(['FORBIDDEN']);
    await grant(['CONSENT_DELETE']);
    expect(await delegate.client.ok(REVOKE, { id })).toEqual({ revokeConsent: id });
    expect(await consentsOf(client)).toEqual([]);

    await run(composer.admin, await asking(), ACCEPT);
    const [mightier] = await consentsOf(composer.admin);
    expect(codes(await revoked(delegate.client, mightier.id))).toEqual(['FORBIDDEN']);
    expect(await consentsOf(composer.admin)).toEqual([mightier]);
  });

  it('goes with the stage that has asked', async () => {
    const { client } = await somebody();
    const flow = await asking();
    await run(client, flow, ACCEPT);
    await composer.admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id: flow.id });
    await composer.admin.ok('mutation($id: ID!) { deleteStage(id: $id) }', { id: flow.stageId });
    expect(await consentsOf(client)).toEqual([]);
  });
});

describe('a consent before there is an account', () => {
  it('lets the enrollment go on, or ends it', async () => {
    const fieldIds = [
      await composer.promptField({ key: 'username', type: 'USERNAME', order: 1 }),
      await composer.promptField({ key: 'password', type: 'PASSWORD', order: 2 }),
    ];
    const enrollment = await composer.flowOf(
      { designation: 'ENROLLMENT' },
      { consent: { header: 'Our terms', permissions: [] } },
      { prompt: { fieldIds } },
      { userWrite: { creation: 'ALWAYS' } },
      { userLogin: {} },
    );
    const form = () => filledIn({ username: uniqueName('person'), password: PASSWORD });
    expect(await stepOf(app.client(), enrollment, ACCEPT, form())).toBe(DONE);
    expect(await stepOf(app.client(), enrollment, DECLINE, form())).toBe('FlowDenied');
    expect(await stepOf(app.client(), enrollment, form())).toBe(ASKED);
  });
});
