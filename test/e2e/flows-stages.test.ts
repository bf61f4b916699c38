import { Composer, filledIn, signedUp } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { Answer, TestClient } from '../support/test-client.js';

const BOB = { username: 'bob', password: 'a long enough password' };
const LOGIN = [{ identification: { identifier: BOB.username } }, { password: { password: BOB.password } }];

let app: TestApp;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
  await signedUp(app, (await composer.enrollment()).slug, BOB);
});
afterAll(() => app.close());

async function viewer(client: TestClient): Promise<string | null> {
  return (await client.ok('{ viewer { username } }')).viewer?.username ?? null;
}

describe('the title of a flow', () => {
  it('names the person as soon as they have said who they are', async () => {
    const { slug } = await composer.flowOf(
      { title: 'Hello %(user)s' },
      { identification: {} },
      { password: {} },
    );
    const client = app.client();
    const first = await start(client, { flow: { slug } });
    expect(first.flow.title).toBe('Hello');
    const second = await submit(client, first, { identification: { identifier: BOB.username } });
    expect(second.flow.title).toBe('Hello bob');
  });
});

describe('a deny stage', () => {
  it('ends the flow with what an administrator wrote, or with a general text', async () => {
    for (const [config, message] of [
      [{ message: 'Closed until Monday.' }, 'Closed until Monday.'],
      [{}, 'You may not go on here.'],
    ] as const) {
      const { slug } = await composer.flowOf({ deniedAction: 'CONTINUE' }, { deny: config });
      const { step } = await start(app.client(), { flow: { slug } });
      expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED', message });
    }
  });

  it.each(['RESTART', 'RESTART_WITH_CONTEXT'])('ends the flow also where it should %s', async (action) => {
    const flow = await composer.flow();
    await composer.add(flow, 1, { deny: { message: 'Still no.' } }, { invalidResponseAction: action });
    const { step } = await start(app.client(), { flow: { slug: flow.slug } });
    expect(step).toMatchObject({ __typename: 'FlowDenied', message: 'Still no.' });
  });
});

describe('an answer that a stage refuses', () => {
  it.each([
    ['RETRY', 'dummy', undefined],
    ['RESTART', 'form', ''],
    ['RESTART_WITH_CONTEXT', 'form', 'blue'],
  ])('leads to what the binding says: %s', async (invalidResponseAction, kind, remembered) => {
    const fieldIds = [await composer.promptField({ key: 'colour', type: 'TEXT' })];
    const flow = await composer.flow();
    await composer.add(flow, 1, { prompt: { fieldIds } });
    await composer.add(flow, 2, { dummy: {} }, { invalidResponseAction });
    const client = app.client();
    const form = await start(client, { flow: { slug: flow.slug } });
    const asked = await submit(client, form, filledIn({ colour: 'blue' }));
    const { step } = await submit(client, asked, { dummy: { acknowledge: false } });
    expect(step.id).not.toBe(asked.step.id);
    if (kind === 'dummy') {
      expect(step).toMatchObject({
        __typename: 'DummyChallenge',
        errors: [{ field: 'acknowledge', code: 'INVALID' }],
        messages: [],
      });
    } else {
      expect(step).toMatchObject({
        __typename: 'PromptChallenge',
        errors: [],
        messages: [{ level: 'ERROR' }],
        fields: [{ key: 'colour', initialValue: remembered }],
      });
    }
  });

  it('forgets who it was about where the flow restarts', async () => {
    const flow = await composer.flow();
    await composer.add(flow, 1, { identification: {} });
    await composer.add(flow, 2, { password: {} }, { invalidResponseAction: 'RESTART' });
    await composer.add(flow, 3, { userLogin: {} });
    const client = app.client();
    const { slug } = flow;
    const asked = await start(client, { flow: { slug }, responses: LOGIN.slice(0, 1) });
    const again = await submit(client, asked, { password: { password: 'wrong' } });
    expect(again.step).toMatchObject({ __typename: 'IdentificationChallenge', user: null });
    const proof = { password: { password: BOB.password } };
    const other = await submit(client, again, { identification: { identifier: ADMIN.username } });
    expect((await submit(client, other, proof)).step).toMatchObject({
      __typename: 'IdentificationChallenge',
    });
    expect(await viewer(client)).toBeNull();
  });
});

describe('staying signed in', () => {
  const login = (rememberMeOffset: string) => [
    { identification: {} },
    { password: {} },
    { userLogin: { sessionDuration: 'P1D', rememberMeOffset } },
  ];
  const SUBMIT = `mutation($input: SubmitStageInput!) { submitStage(input: $input) {
    step { __typename ... on FlowCompleted { session { session { expiresAt } } } }
  } }`;
  const sessionCookie = ({ headers }: Answer): string =>
    headers.getSetCookie().find((line) => line.startsWith('stagedoor_session=')) ?? '';

  it.each([
    [true, 31],
    [false, 1],
  ])('is offered, and lasts accordingly: %j', async (rememberMe, days) => {
    const { slug } = await composer.flowOf({}, ...login('P30D'));
    const client = app.client();
    const { id: executionId, step } = await start(client, { flow: { slug }, responses: LOGIN });
    expect(step).toMatchObject({ __typename: 'UserLoginChallenge', user: { displayName: 'bob' } });
    expect(await viewer(client)).toBeNull();
    const response = { userLogin: { rememberMe } };
    const answer = await client.send(SUBMIT, { input: { executionId, challengeId: step.id, response } });
    const ends = new Date(app.clock.now().getTime() + days * 86_400_000);
    expect(answer.data.submitStage.step.session.session.expiresAt).toBe(ends.toISOString());
    const cookie = sessionCookie(answer);
    expect(cookie).toContain('HttpOnly');
    if (rememberMe) expect(cookie).toContain(`Expires=${ends.toUTCString()}`);
    else expect(cookie).not.toMatch(/Expires|Max-Age/);
    expect(await viewer(client)).toBe('bob');
  });

  it('is not offered where it makes no difference', async () => {
    const { slug } = await composer.flowOf({}, ...login('PT0S'));
    const { step } = await start(app.client(), { flow: { slug }, responses: LOGIN });
    expect(step).toMatchObject({ __typename: 'FlowCompleted' });
  });
});

describe('ending the other sessions', () => {
  it("ends every other session of this person, and nobody else's", async () => {
    const earlier = [await signedIn(app, BOB), await signedIn(app, BOB)];
    const { slug } = await composer.flowOf(
      {},
      { identification: {} },
      { password: {} },
      { userLogin: { terminateOtherSessions: true } },
    );
    const client = app.client();
    await start(client, { flow: { slug }, responses: LOGIN });
    expect(await viewer(client)).toBe('bob');
    expect(await Promise.all(earlier.map(viewer))).toEqual([null, null]);
    expect(await viewer(composer.admin)).toBe(ADMIN.username);
  });
});

describe('the password together with the identifier', () => {
  it('is one screen, which says of a wrong answer only that it is wrong', async () => {
    const passwordStageId = await composer.stage({ password: {} });
    const { slug } = await composer.flowOf({}, { identification: { passwordStageId } }, { userLogin: {} });
    const client = app.client();
    const shown = await start(client, { flow: { slug } });
    expect(shown.step).toMatchObject({ __typename: 'IdentificationChallenge', passwordRequired: true });

    const answer = (identifier: string, password?: string) => ({ identification: { identifier, password } });
    const missing = await submit(client, shown, answer('bob'));
    expect(missing.step.errors).toMatchObject([{ field: 'password', code: 'REQUIRED' }]);
    const wrong = await submit(client, missing, answer('bob', 'wrong'));
    const unknown = await submit(client, wrong, answer('nobody at all', BOB.password));
    const refused = [{ field: null, code: 'INVALID_CREDENTIALS', retryAt: null }];
    expect(wrong.step.errors).toMatchObject(refused);
    expect(unknown.step.errors).toEqual(wrong.step.errors);
    expect(unknown.step.user).toBeNull();
    const { step } = await submit(client, unknown, answer('bob', BOB.password));
    expect(step).toMatchObject({ __typename: 'FlowCompleted', session: { session: { amr: ['pwd'] } } });
    expect(await viewer(client)).toBe('bob');
  });

  it('is not taken where it was not asked for', async () => {
    const { slug } = await composer.flowOf({}, { identification: {} }, { dummy: {} });
    const client = app.client();
    const shown = await start(client, { flow: { slug } });
    const { step } = await submit(client, shown, { identification: { identifier: 'bob', password: 'x' } });
    expect(step.errors).toMatchObject([{ field: 'password', code: 'UNKNOWN_FIELD' }]);
  });
});

describe('pretending that everybody exists', () => {
  it('can be given up: then an unknown name is refused at once', async () => {
    const { slug } = await composer.flowOf(
      {},
      { identification: { pretendUserExists: false } },
      { dummy: {} },
    );
    const client = app.client();
    const shown = await start(client, { flow: { slug } });
    const refused = await submit(client, shown, { identification: { identifier: 'nobody at all' } });
    expect(refused.step).toMatchObject({
      __typename: 'IdentificationChallenge',
      errors: [{ field: 'identifier', code: 'INVALID_CREDENTIALS' }],
    });
    const known = await submit(client, refused, { identification: { identifier: 'BOB' } });
    expect(known.step).toMatchObject({ __typename: 'DummyChallenge' });
  });

  it('looks the same for a name that is taken and for one that is not', async () => {
    const { slug } = await composer.flowOf({}, { identification: {} }, { password: {} });
    const shown = async (identifier: string) => {
      const responses = [{ identification: { identifier } }];
      const { step } = await start(app.client(), { flow: { slug }, responses });
      return { ...step, id: '', user: { displayName: '' }, kept: step.user.displayName === identifier };
    };
    expect(await shown('nobody at all')).toEqual(await shown('bob'));
  });
});

describe('a dummy stage that was told to fail', () => {
  it('is a fault that is masked, and leaves nothing behind', async () => {
    const { slug } = await composer.flowOf({}, { dummy: { throwError: true } });
    const document = 'mutation($input: StartFlowInput!) { startFlow(input: $input) { id } }';
    const { errors } = await app.client().send(document, { input: { flow: { slug } } });
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(JSON.stringify(errors)).not.toContain('told to fail');
    expect(app.log.join('')).toContain(String(errors[0]?.extensions.correlationId));
  });
});
