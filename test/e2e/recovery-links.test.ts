import { Composer, filledIn, signedUp } from '../support/compose.js';
import type { Person } from '../support/compose.js';
import { viewerOf } from '../support/executions.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { Answer, TestClient } from '../support/test-client.js';

const NEW_PASSWORD = 'another long enough password';
const CREATE = /* GraphQL */ `
  mutation Create($input: CreateRecoveryLinkInput!) {
    createRecoveryLink(input: $input) {
      url
      token
      expiresAt
    }
  }
`;

let app: TestApp;
let composer: Composer;
let enrollment: string;
let people = 0;
beforeAll(async () => {
  app = await startTestApp();
  await signInAgain();
  enrollment = (await composer.enrollment()).slug;
});
afterAll(() => app.close());

async function somebody(): Promise<Person & { readonly client: TestClient }> {
  people += 1;
  const person = { username: `person-${people}`, password: 'a long enough password' };
  return { ...person, client: await signedUp(app, enrollment, person) };
}

/** Time passes here, and whoever makes links must have signed in lately. */
async function signInAgain(): Promise<void> {
  composer = new Composer(await signedIn(app));
}

async function expire(): Promise<void> {
  app.clock.advance(30 * 60);
  await signInAgain();
}

const tryCreate = (input: object, admin = composer.admin): Promise<Answer> => admin.send(CREATE, { input });

async function linkFor({ username }: Person, how: object = {}): Promise<Execution> {
  const { createRecoveryLink } = await composer.admin.ok(CREATE, {
    input: { user: { identifier: username }, ...how },
  });
  return createRecoveryLink;
}

const opening = (flowToken: string, also: object = {}) => ({
  flow: { designation: 'RECOVERY' },
  flowToken,
  ...also,
});
const newPassword = filledIn({ password: NEW_PASSWORD, passwordRepeat: NEW_PASSWORD });

describe('a recovery link', () => {
  it('lets its person choose a new password and signs them in, without asking who they are', async () => {
    const person = await somebody();
    const { token, url, expiresAt } = await linkFor(person);
    expect(url).toBe(`http://localhost/flows/default-recovery-flow#flowToken=${token}`);
    expect(new Date(expiresAt).getTime() - app.clock.now().getTime()).toBe(30 * 60 * 1000);
    const phone = app.client();
    const shown = await start(phone, opening(token));
    expect(shown).toMatchObject({
      flow: { slug: 'default-recovery-flow' },
      step: { __typename: 'PromptChallenge', user: { displayName: person.username } },
    });
    const done = await submit(phone, shown, newPassword);
    expect(done.step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { amr: ['token'] } },
    });
    expect(await viewerOf(phone)).toMatchObject({ username: person.username });
    await signedIn(app, { username: person.username, password: NEW_PASSWORD });
  });

  it('ends the sessions that the person had', async () => {
    const person = await somebody();
    await start(app.client(), opening((await linkFor(person)).token, { responses: [newPassword] }));
    expect(await viewerOf(person.client)).toBeNull();
  });

  it('is not used up by being looked at, on however many devices', async () => {
    const { token } = await linkFor(await somebody());
    for (let scanner = 0; scanner < 3; scanner += 1) {
      expect((await start(app.client(), opening(token))).step.__typename).toBe('PromptChallenge');
    }
    const client = app.client();
    const shown = await start(client, opening(token));
    const wrong = await submit(client, shown, filledIn({ password: 'short', passwordRepeat: 'short' }));
    expect(wrong.step.errors).toMatchObject([{ field: 'values.password', code: 'REJECTED' }]);
    expect((await submit(client, wrong, newPassword)).step.__typename).toBe('FlowCompleted');
  });

  it('is used up by the first who goes through with it; whoever else has opened it is refused', async () => {
    const { token } = await linkFor(await somebody());
    const [first, second] = [app.client(), app.client()];
    const [one, other] = [await start(first, opening(token)), await start(second, opening(token))];
    await submit(first, one, newPassword);
    const { step } = await submit(second, other, newPassword);
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'EXPIRED' });
    expect(await viewerOf(second)).toBeNull();
  });

  it('has one effect where twenty use it at the same moment', async () => {
    const { token } = await linkFor(await somebody());
    const opened = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const client = app.client();
        return { client, execution: await start(client, opening(token)) };
      }),
    );
    const answers = await Promise.all(
      opened.map(({ client, execution: { id: executionId, step } }) =>
        trySubmit(client, { executionId, challengeId: step.id, response: newPassword }),
      ),
    );
    const completed = answers.filter(({ data }) => data?.submitStage?.step.__typename === 'FlowCompleted');
    expect(completed).toHaveLength(1);
    const refused = answers.flatMap(({ data, errors }) => [
      ...errors.map(({ extensions }) => extensions.code),
      ...(data?.submitStage?.step.code === undefined ? [] : [data.submitStage.step.code]),
    ]);
    expect(refused).toHaveLength(19);
    for (const code of refused) expect(['EXPIRED', 'CONFLICT', 'UNAVAILABLE']).toContain(code);
  });

  it('takes the place of an earlier one', async () => {
    const person = await somebody();
    const earlier = await linkFor(person);
    const later = await linkFor(person);
    expect((await start(app.client(), opening(earlier.token))).step.code).toBe('INVALID_TOKEN');
    expect((await start(app.client(), opening(later.token))).step.__typename).toBe('PromptChallenge');
  });

  it('is good for its own flow only', async () => {
    const { token } = await linkFor(await somebody());
    for (const slug of ['default-authentication-flow', 'initial-setup']) {
      const { step } = await start(app.client(), { flow: { slug }, flowToken: token });
      expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'INVALID_TOKEN' });
    }
  });

  it.each([
    ['has been used', use],
    ['has expired', expire],
  ])('that %s is denied, and says what to do', async (_how, spoil) => {
    const { token } = await linkFor(await somebody());
    await spoil(token);
    expect((await start(app.client(), opening(token))).step).toMatchObject({
      __typename: 'FlowDenied',
      code: 'INVALID_TOKEN',
      message: 'This link is invalid or has expired. Please request a new one.',
    });
  });

  it('that expires while it is open has no effect', async () => {
    const { token } = await linkFor(await somebody());
    const client = app.client();
    const { id: executionId, step } = await start(client, opening(token));
    await expire();
    const { errors } = await trySubmit(client, { executionId, challengeId: step.id, response: newPassword });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect(await viewerOf(client)).toBeNull();
  });

  it.each(['', 'x', 'a'.repeat(43), 'ä'.repeat(300)])('that nobody has made is denied: %p', async (token) => {
    const { step } = await start(app.client(), opening(token));
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'INVALID_TOKEN' });
  });

  it('still names its person where the flow begins again', async () => {
    const flow = await composer.flow({ designation: 'RECOVERY' });
    await composer.add(flow, 1, { identification: {} });
    await composer.add(flow, 2, { identification: { pretendUserExists: false } });
    const password = await composer.promptField({ key: 'password', type: 'PASSWORD' });
    const place = { invalidResponseAction: 'RESTART' };
    await composer.add(flow, 3, { prompt: { fieldIds: [password] } }, place);
    await composer.add(flow, 4, { userWrite: { creation: 'NEVER' } });
    await composer.add(flow, 5, { userLogin: {} });
    await makeDefault(flow.id);
    try {
      const person = await somebody();
      const client = app.client();
      const shown = await start(client, opening((await linkFor(person)).token));
      expect(shown.flow.slug).toBe(flow.slug);
      const again = await submit(client, shown, filledIn({ password: 'short' }));
      expect(again.step).toMatchObject({
        __typename: 'PromptChallenge',
        user: { displayName: person.username },
      });
      expect(again.step.messages).toMatchObject([{ level: 'ERROR' }]);
      await submit(client, again, filledIn({ password: NEW_PASSWORD }));
      expect(await viewerOf(client)).toMatchObject({ username: person.username });
    } finally {
      await makeDefault(null);
      await composer.admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id: flow.id });
    }
  });
});

async function use(token: string): Promise<void> {
  const { step } = await start(app.client(), opening(token, { responses: [newPassword] }));
  expect(step.__typename).toBe('FlowCompleted');
}

function makeDefault(flowId: string | null): Promise<unknown> {
  const document =
    'mutation($flowId: ID) { setDefaultFlow(designation: RECOVERY, flowId: $flowId) { defaultFlows { designation } } }';
  return composer.admin.ok(document, { flowId });
}

describe('making a recovery link', () => {
  it('is for administrators', async () => {
    const { client, username } = await somebody();
    const input = { user: { identifier: username } };
    expect((await tryCreate(input, client)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await tryCreate(input, app.client())).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  it('finds the account by its id, or by its name whatever the case', async () => {
    const { client, username } = await somebody();
    const { id } = await viewerOf(client);
    for (const user of [{ id }, { identifier: username.toUpperCase() }]) {
      expect((await tryCreate({ user })).data.createRecoveryLink.token).toMatch(/^[\w-]{43}$/);
    }
  });

  it.each([
    ['nobody', { user: { identifier: 'nobody at all' } }, 'NOT_FOUND'],
    ['no id', { user: { id: 'not an id' } }, 'NOT_FOUND'],
    ['nothing', { user: {} }, 'BAD_USER_INPUT'],
    ['too short a time', { user: { identifier: 'ada' }, lifetime: 'PT59S' }, 'BAD_USER_INPUT'],
    ['too long a time', { user: { identifier: 'ada' }, lifetime: 'P8D' }, 'BAD_USER_INPUT'],
  ])('for %s is refused', async (_what, input, code) => {
    expect((await tryCreate(input)).errors).toMatchObject([{ extensions: { code } }]);
  });

  it('is refused with the reason where no recovery flow applies to the person, as if they were not signed in', async () => {
    const flow = await composer.flowOf(
      { designation: 'RECOVERY', authentication: 'REQUIRE_AUTHENTICATED' },
      { dummy: {} },
    );
    const { id } = (await composer.admin.ok('{ flow(slug: "default-recovery-flow") { id } }')).flow;
    const binding = await composer.guardWith(
      { flowId: id },
      { dummy: { result: false, message: 'Not today.' } },
    );
    try {
      const { errors } = await tryCreate({ user: { identifier: (await somebody()).username } });
      expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
      expect(errors[0]?.message).toContain('Not today.');
      expect(errors[0]?.message).toContain(flow.slug);
    } finally {
      await composer.admin.ok('mutation($id: ID!) { unbindPolicy(id: $id) }', { id: binding });
    }
  });
});
