import { setUpTotp, totpCode, upToSecondFactor } from '../support/authenticators.js';
import { Composer } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { Delegates } from '../support/delegates.js';
import { viewerOf } from '../support/executions.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { MailedApp } from '../support/mailed.js';
import type { PersonWithMail } from '../support/mailed.js';
import { MARK_COMPROMISED, SET_PASSWORD, UPDATE_USER, codes } from '../support/people.js';
import { ADMIN } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const AGAIN = 'default-reauthentication';
const NOBODYS = 'b4c1b1a0-0000-4000-8000-000000000000';
const FIELDS =
  '{ id kind name hint model backedUp verifiesUser codesLeft createdAt lastUsedAt disabled disabledAt version }';
const OWN = `{ viewer { highestAal session { aal } authenticators ${FIELDS} } }`;
const THEIRS = `query($id: ID!) { user(id: $id) { authenticators ${FIELDS} } }`;
const RENAME = `mutation($id: ID!, $name: String!, $ifVersion: Int) {
  renameAuthenticator(id: $id, name: $name, ifVersion: $ifVersion) { id name version }
}`;
const REMOVE = 'mutation($id: ID!) { removeAuthenticator(id: $id) }';
const DELETE = 'mutation($id: ID!) { deleteAuthenticator(id: $id) }';
const EVENTS = `query($userId: ID!) {
  events(filter: { actions: ["AUTHENTICATOR_CHANGED"], userId: $userId }) {
    edges { node { actor { id } user { id } object { type id name } details } }
  }
}`;

let mailed: MailedApp;
let app: TestApp;
let composer: Composer;
let delegates: Delegates;
let setup: ComposedFlow;
beforeAll(async () => {
  mailed = await MailedApp.start({ STAGEDOOR_EXAMPLES: undefined });
  ({ app } = mailed);
  composer = new Composer(mailed.admin);
  delegates = new Delegates(app, composer);
  setup = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { totpSetup: {} });
});
beforeEach(() =>
  start(mailed.admin, { flow: { slug: AGAIN }, responses: [{ password: { password: ADMIN.password } }] }),
);
afterAll(async () => {
  await app.close();
  await mailed.mails.close();
});

interface Owner {
  readonly person: PersonWithMail;
  readonly client: TestClient;
  readonly key: string;
  readonly id: string;
}

const ownOf = async (client: TestClient) => (await client.ok(OWN)).viewer;

/** Somebody with an app, whose session is of before they had it. */
async function newOwner(): Promise<Owner> {
  const person = await mailed.person();
  const client = await signedIn(app, person);
  const key = await setUpTotp(app, client, setup);
  return { person, client, key, id: (await ownOf(client)).authenticators[0].id };
}

async function withCode(client: TestClient, asked: Execution, key: string): Promise<Execution> {
  const done = await submit(client, asked, {
    authenticatorValidate: { code: totpCode(key, app.clock.now()) },
  });
  app.clock.advance(30);
  return done;
}

async function stepUp({ person, client, key }: Owner): Promise<void> {
  const responses = [{ password: { password: person.password } }];
  const asked = await start(client, { flow: { slug: AGAIN }, responses });
  expect(asked.step.__typename).toBe('AuthenticatorValidateChallenge');
  expect((await withCode(client, asked, key)).step.__typename).toBe('FlowCompleted');
}

/** Somebody with an app, who has shown it a moment ago. */
async function owner(): Promise<Owner> {
  const made = await newOwner();
  await stepUp(made);
  return made;
}

const changesOf = async (userId: string) =>
  (await mailed.admin.ok(EVENTS, { userId })).events.edges.map(({ node }: { node: object }) => node);

describe('somebody’s authenticators', () => {
  it('are listed with what tells them apart, and no secret', async () => {
    const { client, id, key } = await owner();
    const viewer = await ownOf(client);
    expect(viewer).toMatchObject({ highestAal: 2, session: { aal: 2 } });
    expect(viewer.authenticators).toEqual([
      {
        ...{ id, kind: 'TOTP', name: 'Authenticator app', hint: null, model: null, backedUp: null },
        ...{ verifiesUser: false, codesLeft: null, disabled: false, disabledAt: null, version: 1 },
        ...{ createdAt: expect.any(String), lastUsedAt: expect.any(String) },
      },
    ]);
    expect(JSON.stringify(viewer)).not.toContain(key);
  });

  it('are none where nothing is set up, and the level that can be reached is 1', async () => {
    const client = await signedIn(app, await mailed.person());
    expect(await ownOf(client)).toEqual({ highestAal: 1, session: { aal: 1 }, authenticators: [] });
  });

  it('are called otherwise, each time with an event and a mail', async () => {
    const { client, id, person } = await owner();
    const { renameAuthenticator } = await client.ok(RENAME, { id, name: '  My telephone ', ifVersion: 1 });
    expect(renameAuthenticator).toEqual({ id, name: 'My telephone', version: 2 });
    await client.ok(RENAME, { id, name: 'My telephone' });
    expect(await changesOf(person.id)).toEqual([
      {
        ...{ actor: { id: person.id }, user: { id: person.id } },
        object: { type: 'AUTHENTICATOR', id, name: 'My telephone' },
        details: { change: 'UPDATED', fields: ['name'], kind: 'TOTP' },
      },
    ]);
    const mail = await mailed.noticeTo(person.email, 'A way to sign in to Stagedoor was renamed');
    expect(mail.text).toContain('is called My telephone');
    expect(codes(await client.send(RENAME, { id, name: 'Other', ifVersion: 1 }))).toEqual(['CONFLICT']);
  });

  it.each(['', '   ', 'a\nb', 'x'.repeat(65), '\ud800'])('are called nothing like %j', async (name) => {
    const { client, id } = await owner();
    const { errors } = await client.send(RENAME, { id, name });
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((await ownOf(client)).authenticators).toMatchObject([{ name: 'Authenticator app', version: 1 }]);
  });

  it('are removed: the other sessions and flows end, this one goes on, and the next sign-in asks for none', async () => {
    const made = await owner();
    const { client, id, person, key } = made;
    const other = app.client();
    await withCode(other, await upToSecondFactor(other, person), key);
    const underway = app.client();
    const asked = await upToSecondFactor(underway, person);
    expect(await client.ok(REMOVE, { id })).toEqual({ removeAuthenticator: id });
    expect(await ownOf(client)).toMatchObject({ highestAal: 1, authenticators: [] });
    expect(await viewerOf(other)).toBeNull();
    const answer = { authenticatorValidate: { code: totpCode(key, app.clock.now()) } };
    expect((await submit(underway, asked, answer)).step).toMatchObject({ __typename: 'FlowDenied' });
    expect(await changesOf(person.id)).toMatchObject([
      { object: { id }, details: { change: 'DELETED', fields: [], kind: 'TOTP' } },
    ]);
    const mail = await mailed.noticeTo(person.email, 'A way to sign in to Stagedoor was removed');
    expect(mail.text).toContain('Authenticator app was removed');
    expect((await upToSecondFactor(app.client(), person)).step.__typename).toBe('FlowCompleted');
    expect(codes(await client.send(REMOVE, { id }))).toEqual(['NOT_FOUND']);
  });

  it.each(['neither an id', NOBODYS, "'; drop table authenticator; --", 'x'.repeat(1000), '\u0000'])(
    'are not removed by %j',
    async (id) => {
      const { client } = await owner();
      expect(codes(await client.send(REMOVE, { id }))).toEqual(['NOT_FOUND']);
      expect(codes(await client.send(RENAME, { id, name: 'a' }))).toEqual(['NOT_FOUND']);
      expect((await ownOf(client)).authenticators).toHaveLength(1);
    },
  );

  it('are nobody else’s: others’ are refused exactly as those that never were', async () => {
    const [one, other] = [await owner(), await owner()];
    const message = async (id: string) => {
      const answers = [
        await other.client.send(REMOVE, { id }),
        await other.client.send(RENAME, { id, name: 'a' }),
      ];
      return answers.flatMap(({ errors }) => errors.map((error) => [error.message, error.extensions.code]));
    };
    expect(await message(one.id)).toEqual(await message(NOBODYS));
    expect((await ownOf(one.client)).authenticators).toMatchObject([{ name: 'Authenticator app' }]);
  });
});

describe('a change of authenticators', () => {
  it('takes a session of the highest level of its person, and the flow that is named leads to one', async () => {
    const made = await newOwner();
    const { client, id } = made;
    expect(await ownOf(client)).toMatchObject({ highestAal: 2, session: { aal: 1 } });
    for (const [mutation, variables] of [
      [REMOVE, { id }],
      [RENAME, { id, name: 'a' }],
    ] as const) {
      const { errors } = await client.send(mutation, variables);
      expect(errors[0]?.extensions).toMatchObject({ code: 'STEP_UP_REQUIRED', flow: { slug: AGAIN } });
    }
    await stepUp(made);
    await client.ok(RENAME, { id, name: 'a' });
  });

  it('takes one that is recent, too', async () => {
    const { client, id } = await owner();
    app.clock.advance(900);
    expect(codes(await client.send(REMOVE, { id }))).toEqual(['STEP_UP_REQUIRED']);
  });

  it('is made by nobody who is not signed in', async () => {
    const { id } = await owner();
    expect(codes(await app.client().send(REMOVE, { id }))).toEqual(['UNAUTHENTICATED']);
  });
});

describe('the last authenticator that a flow for signing in demands', () => {
  const demanding = async (person: PersonWithMail, place: object = {}) => {
    const flow = await composer.flow({ designation: 'AUTHENTICATION' });
    const config = { authenticatorValidate: { kinds: ['TOTP'], notConfiguredAction: 'DENY' } };
    const bindingId = await composer.add(flow, 0, config, place);
    await composer.guard({ stageBindingId: bindingId }, { userId: person.id });
    return { ...flow, bindingId };
  };
  const remove = async ({ client, id }: Owner): Promise<unknown> =>
    (await client.send(REMOVE, { id })).errors[0] ?? 'removed';

  it.each([
    ['when the flow is planned', { evaluateOnPlan: true, reEvaluatePolicies: false }],
    ['when its turn has come', { evaluateOnPlan: false, reEvaluatePolicies: true }],
  ])('stays, and it is told which flow that is, asked %s', async (_, place) => {
    const made = await owner();
    const flow = await demanding(made.person, place);
    expect(await remove(made)).toMatchObject({
      message: expect.stringContaining(flow.slug),
      extensions: { code: 'CONFLICT' },
    });
    expect((await ownOf(made.client)).authenticators).toHaveLength(1);
    const another = await owner();
    expect(await remove(another)).toBe('removed');
  });

  it('goes once there is another one', async () => {
    const made = await owner();
    await demanding(made.person);
    await setUpTotp(app, made.client, setup);
    expect(await remove(made)).toBe('removed');
  });

  it('stays where the last two are removed in the same moment: one of them goes', async () => {
    const made = await owner();
    await demanding(made.person);
    await setUpTotp(app, made.client, setup);
    const ids: string[] = (await ownOf(made.client)).authenticators.map(({ id }: { id: string }) => id);
    const answers = await Promise.all(ids.map((id) => made.client.send(REMOVE, { id })));
    expect(answers.flatMap(codes)).toEqual(['CONFLICT']);
    expect((await ownOf(made.client)).authenticators).toHaveLength(1);
  });

  it('stays where a policy comes to no verdict', async () => {
    const made = await owner();
    const { id, bindingId } = await demanding(made.person, { policyEngineMode: 'ALL' });
    // Nobody else is let into this flow.
    await composer.guard({ flowId: id }, { userId: made.person.id });
    await composer.guardWith(
      { stageBindingId: bindingId },
      { expression: { expression: 'null.x' } },
      { order: 1 },
    );
    expect(await remove(made)).toMatchObject({ extensions: { code: 'CONFLICT' } });
  });

  it('goes where the policies say so of whoever is without it', async () => {
    const made = await owner();
    const { bindingId } = await demanding(made.person, { policyEngineMode: 'ALL' });
    await composer.guardWith(
      { stageBindingId: bindingId },
      { expression: { expression: "hasAuthenticator('TOTP')" } },
      { order: 1 },
    );
    expect(await remove(made)).toBe('removed');
  });
});

describe('administrators', () => {
  it('see what somebody has set up, and remove it: the person is told, and is signed in nowhere', async () => {
    const { client, id, person, key } = await newOwner();
    const { user } = await mailed.admin.ok(THEIRS, { id: person.id });
    expect(user.authenticators).toMatchObject([{ id, kind: 'TOTP' }]);
    expect(JSON.stringify(user)).not.toContain(key);
    expect(await mailed.admin.ok(DELETE, { id })).toEqual({ deleteAuthenticator: id });
    expect(await viewerOf(client)).toBeNull();
    const admin = await viewerOf(mailed.admin);
    expect(await changesOf(person.id)).toMatchObject([
      { actor: { id: admin.id }, user: { id: person.id }, object: { id }, details: { change: 'DELETED' } },
    ]);
    await mailed.noticeTo(person.email, 'A way to sign in to Stagedoor was removed');
    expect((await upToSecondFactor(app.client(), person)).step.__typename).toBe('FlowCompleted');
  });

  it('need permissions for that, and do it to nobody who may do more than they', async () => {
    const { id, person } = await newOwner();
    const viewing = await delegates.delegate('USER_VIEW');
    expect(codes(await viewing.client.send(THEIRS, { id: person.id }))).toEqual(['FORBIDDEN']);
    const seeing = await delegates.delegate('USER_VIEW', 'AUTHENTICATOR_VIEW');
    expect((await seeing.client.ok(THEIRS, { id: person.id })).user.authenticators).toHaveLength(1);
    expect(codes(await seeing.client.send(DELETE, { id }))).toEqual(['FORBIDDEN']);
    const group = await composer.group({ permissions: ['GROUP_ADD'] });
    const join =
      'mutation($id: ID!, $userIds: [ID!]!) { addGroupMembers(id: $id, userIds: $userIds) { id } }';
    await mailed.admin.ok(join, { id: group, userIds: [person.id] });
    const deleting = await delegates.delegate('AUTHENTICATOR_DELETE');
    expect(codes(await deleting.client.send(DELETE, { id }))).toEqual(['FORBIDDEN']);
    expect(codes(await deleting.client.send(DELETE, { id: NOBODYS }))).toEqual(['NOT_FOUND']);
    const covering = await delegates.delegate('AUTHENTICATOR_DELETE', 'GROUP_ADD');
    await covering.client.ok(DELETE, { id });
  });

  it('remove their own as everybody does', async () => {
    const delegate = await delegates.delegate('AUTHENTICATOR_DELETE');
    const key = await setUpTotp(app, delegate.client, setup);
    const { id } = (await ownOf(delegate.client)).authenticators[0];
    expect(codes(await delegate.client.send(DELETE, { id }))).toEqual(['STEP_UP_REQUIRED']);
    await stepUp({ client: delegate.client, key, id, person: { ...delegate, email: '' } });
    expect(codes(await delegate.client.send(DELETE, { id }))).toEqual(['FORBIDDEN']);
    await delegate.client.ok(REMOVE, { id });
  });

  it('who do anything else with accounts show their second factor for it', async () => {
    const delegate = await delegates.delegate('USER_CHANGE', 'USER_RESET');
    const person = await mailed.person();
    const input = { name: 'Ada' };
    await delegate.client.ok(UPDATE_USER, { id: person.id, input });
    await setUpTotp(app, delegate.client, setup);
    expect(codes(await delegate.client.send(UPDATE_USER, { id: person.id, input }))).toEqual([
      'STEP_UP_REQUIRED',
    ]);
    const reset = { id: person.id, password: 'another long enough password' };
    expect(codes(await delegate.client.send(SET_PASSWORD, reset))).toEqual(['STEP_UP_REQUIRED']);
    expect(codes(await delegate.client.send(MARK_COMPROMISED, { id: person.id }))).toEqual([
      'STEP_UP_REQUIRED',
    ]);
  });
});

describe('policies', () => {
  it('know from one request to the next what somebody has set up', async () => {
    const flow = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { dummy: {} });
    await composer.guardWith(
      { flowId: flow.id },
      {
        condition: {
          actions: [
            {
              type: 'require',
              when: { all: [{ variable: 'user.authenticators', operator: 'has_item', value: 'TOTP' }] },
            },
          ],
        },
      },
    );
    const client = await signedIn(app, await mailed.person());
    const stepOf = async () => (await start(client, { flow: { slug: flow.slug } })).step.__typename;
    expect(await stepOf()).toBe('FlowDenied');
    await setUpTotp(app, client, setup);
    expect(await stepOf()).toBe('DummyChallenge');
  });
});
