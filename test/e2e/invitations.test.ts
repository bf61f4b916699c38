import { Composer, filledIn, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { answerTo, viewerOf } from '../support/executions.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { enrollmentByInvitation, form, invitationNow, invite } from '../support/invitations.js';
import { simulate } from '../support/simulations.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let composer: Composer;
let admin: TestClient;
let strict: ComposedFlow;
let lenient: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  await signInAgain();
  strict = await enrollmentByInvitation(composer);
  lenient = await enrollmentByInvitation(composer, { config: { continueWithoutInvitation: true } });
});
afterAll(() => app.close());

/** Time passes here, and whoever invites must have signed in lately. */
async function signInAgain(): Promise<void> {
  admin = await signedIn(app);
  composer = new Composer(admin);
}

async function later(seconds: number): Promise<void> {
  app.clock.advance(seconds);
  await signInAgain();
}

const open = (invitationToken: string | undefined, { slug } = strict, client = app.client()) =>
  start(client, { flow: { slug }, invitationToken });

/** Whether a new account has been made under this name: then nobody else can have it. */
async function isTaken(username: string): Promise<boolean> {
  const responses = [form(username)];
  const tried = await start(app.client(), { flow: { slug: lenient.slug }, responses });
  return tried.step.errors?.[0]?.code === 'TAKEN';
}

async function expectUnused({ invitation: { id } }: { invitation: { id: string } }): Promise<void> {
  expect(await invitationNow(admin, id)).toMatchObject({ state: 'OPEN', uses: 0 });
}

describe('enrollment by invitation', () => {
  it('makes the account that the invitation speaks of: what it fixes is shown, and cannot be sent', async () => {
    const fixedData = { email: 'grace@example.org', department: 'research' };
    const invited = await invite(admin, { flowId: strict.id, fixedData });
    expect(invited.token).toMatch(/^[\w-]{43}$/);
    expect(invited.url).toBe(`http://localhost/flows/${strict.slug}#invitationToken=${invited.token}`);
    const client = app.client();
    const shown = await open(invited.token, strict, client);
    expect(shown.step.fields).toMatchObject([
      { key: 'username', type: 'USERNAME' },
      { key: 'email', type: 'STATIC', initialValue: 'grace@example.org', required: false },
      { key: 'password', type: 'PASSWORD' },
    ]);
    const refused = await submit(client, shown, form('grace', { email: 'mallory@example.org' }));
    expect(refused.step.errors).toMatchObject([{ field: 'values.email', code: 'UNKNOWN_FIELD' }]);
    const intruding = await submit(client, refused, form('grace', { department: 'board' }));
    expect(intruding.step.errors).toMatchObject([{ field: 'values.department', code: 'UNKNOWN_FIELD' }]);
    expect((await submit(client, intruding, form('grace'))).step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(client)).toMatchObject({
      ...{ username: 'grace', email: 'grace@example.org', isSuperuser: false },
    });
    expect(await invitationNow(admin, invited.invitation.id)).toMatchObject({ state: 'USED', uses: 1 });
  });

  it('uses nothing up by opening, wrong answers, giving up, or a flow that makes no account', async () => {
    const harmless = await composer.flowOf({}, { invitation: {} }, { dummy: {} });
    const invited = await invite(admin);
    expect(invited.url).toBeNull();
    for (let scanner = 0; scanner < 3; scanner += 1) await open(invited.token);
    const client = app.client();
    const wrong = await submit(client, await open(invited.token, strict, client), form(''));
    expect(wrong.step.errors).toMatchObject([{ code: 'REQUIRED' }]);
    await client.ok('mutation($input: CancelFlowInput!) { cancelFlow(input: $input) { id } }', {
      input: { executionId: wrong.id },
    });
    const done = await start(app.client(), {
      flow: { slug: harmless.slug },
      invitationToken: invited.token,
      responses: [{ dummy: { acknowledge: true } }],
    });
    expect(done.step.__typename).toBe('FlowCompleted');
    await expectUnused(invited);
    const finished = await start(app.client(), {
      flow: { slug: strict.slug },
      invitationToken: invited.token,
      responses: [form(uniqueName('person'))],
    });
    expect(finished.step.__typename).toBe('FlowCompleted');
  });

  it('is refused as a whole where the invitation has been used or deleted since it was opened', async () => {
    const [used, deleted] = [await invite(admin), await invite(admin)];
    const [first, second, third] = [app.client(), app.client(), app.client()];
    const one = await open(used.token, strict, first);
    const two = await open(used.token, strict, second);
    const three = await open(deleted.token, strict, third);
    const fastest = uniqueName('person');
    await submit(first, one, form(fastest));
    expect(await isTaken(fastest)).toBe(true);
    await admin.ok('mutation($id: ID!) { deleteInvitation(id: $id) }', { id: deleted.invitation.id });
    for (const [client, execution] of [
      [second, two],
      [third, three],
    ] as const) {
      const username = uniqueName('latecomer');
      const { errors } = await trySubmit(client, answerTo(execution, form(username)));
      expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
      expect(await viewerOf(client)).toBeNull();
      expect(await isTaken(username)).toBe(false);
    }
  });

  it('can be for many, who are counted', async () => {
    const invited = await invite(admin, { singleUse: false, lifetime: null });
    for (const username of [uniqueName('one of many'), uniqueName('one of many')]) {
      const client = app.client();
      await submit(client, await open(invited.token, strict, client), form(username));
      expect(await viewerOf(client)).toMatchObject({ username });
    }
    expect(await invitationNow(admin, invited.invitation.id)).toMatchObject({ state: 'OPEN', uses: 2 });
  });

  it('goes on being by invitation where the flow begins again', async () => {
    const flow = await enrollmentByInvitation(composer, { place: { invalidResponseAction: 'RESTART' } });
    const invited = await invite(admin, { flowId: flow.id, fixedData: { username: 'again' } });
    const client = app.client();
    const shown = await open(invited.token, flow, client);
    const again = await submit(client, shown, filledIn({ password: 'short' }));
    expect(again.step).toMatchObject({ __typename: 'PromptChallenge', messages: [{ level: 'ERROR' }] });
    await submit(client, again, filledIn({ password: 'a long enough password' }));
    expect(await viewerOf(client)).toMatchObject({ username: 'again' });
  });
});

describe('whoever brings no good invitation', () => {
  const spoiled: Record<string, () => Promise<string | undefined>> = {
    nothing: async () => undefined,
    'an empty one': async () => '',
    'a malformed one': async () => "' or 1=1 --\0",
    'a huge one': async () => 'ä'.repeat(50_000),
    'one that nobody has made': async () => 'a'.repeat(43),
    'one for another flow': async () => (await invite(admin, { flowId: lenient.id })).token,
    'one that is used up': async () => {
      const { token } = await invite(admin);
      const responses = [form(uniqueName('person'))];
      await start(app.client(), { flow: { slug: strict.slug }, invitationToken: token, responses });
      return token;
    },
    'one that has expired': async () => {
      const { token } = await invite(admin, { lifetime: 'PT1M' });
      await later(60);
      return token;
    },
  };

  it.each(Object.keys(spoiled))('is denied in the same words, or goes on: with %s', async (what) => {
    const token = await spoiled[what]?.();
    const uninvited = (await open(undefined)).step;
    expect(uninvited).toMatchObject({ __typename: 'FlowDenied', code: 'INVITATION_REQUIRED' });
    expect((await open(token)).step).toEqual({ ...uninvited, supportId: expect.any(String) });
    const other =
      what === 'one for another flow' ? (await invite(admin, { flowId: strict.id })).token : token;
    const { step } = await open(other, lenient);
    expect(step.fields).toMatchObject([{ key: 'username' }, { key: 'email', type: 'EMAIL' }, {}]);
  });
});

describe('the secret of an invitation', () => {
  /** Asks for a code first. */
  async function askingForIt(): Promise<ComposedFlow> {
    const flow = await enrollmentByInvitation(composer);
    const code = await composer.promptField({ key: 'invitationToken', type: 'TEXT' });
    await composer.add(flow, -10, { prompt: { fieldIds: [code] } });
    return flow;
  }

  it('can be typed, and is seen nowhere: not by inspectors, nor in events or the log', async () => {
    const flow = await askingForIt();
    const { token, invitation } = await invite(admin, { fixedData: { email: 'lin@example.org' } });
    const client = app.client();
    const asked = await open(undefined, flow, client);
    const form = await submit(client, asked, filledIn({ invitationToken: ` ${token} ` }));
    expect(form.step.fields).toMatchObject([{}, { key: 'email', initialValue: 'lin@example.org' }, {}]);
    const inspected = await inspect(form);
    expect(inspected.context).toMatchObject({ invitation: { id: invitation.id, fixed: ['email'] } });
    const password = 'a long enough password';
    await submit(client, form, filledIn({ username: 'lin', password }));
    expect(await viewerOf(client)).toMatchObject({ email: 'lin@example.org' });
    const { events } = await admin.ok('{ events(first: 200) { edges { node { action details } } } }');
    expect(JSON.stringify(events)).toContain('INVITATION_USED');
    for (const seen of [inspected, await inspect(form), events, app.log, asked, form])
      expect(JSON.stringify(seen)).not.toContain(token);
  });

  it('is found out by nobody who types something else', async () => {
    const flow = await askingForIt();
    const client = app.client();
    const asked = await open(undefined, flow, client);
    const { step } = await submit(client, asked, filledIn({ invitationToken: 'a guess' }));
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'INVITATION_REQUIRED' });
  });

  it('works where a flow is tried out, which uses nothing up', async () => {
    const invited = await invite(admin);
    const responses = [form('nobody yet')];
    const input = { flow: { slug: strict.slug }, invitationToken: invited.token, responses };
    const { steps } = await simulate(admin, input);
    expect(steps.at(-1)).toMatchObject({ step: { __typename: 'FlowCompleted' } });
    expect(steps.at(-1).entries).toContainEqual(
      expect.objectContaining({
        effect: 'CONSUME_INVITATION',
        details: expect.objectContaining({ invitationId: invited.invitation.id }),
      }),
    );
    await expectUnused(invited);
  });

  function inspect({ id }: Execution): Promise<Execution> {
    const document = 'query($id: ID!) { execution(id: $id) { context history { entries { __typename } } } }';
    return admin.ok(document, { id }).then(({ execution }) => execution);
  }
});
