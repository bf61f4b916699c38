import { Composer, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { Delegates } from '../support/delegates.js';
import { viewerOf } from '../support/executions.js';
import { signedIn, start, submit } from '../support/flows.js';
import {
  enrollmentByInvitation,
  form,
  invitationNow,
  invite,
  tryInvite,
  trySend,
  tryUpdate,
} from '../support/invitations.js';
import type { Invitation } from '../support/invitations.js';
import { startMailServer } from '../support/mail-server.js';
import type { MailServer, ReceivedMail } from '../support/mail-server.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { Answer, TestClient } from '../support/test-client.js';

const UNKNOWN = 'b4c1b1a0-0000-4000-8000-000000000000';
const PUBLIC_URL = 'http://localhost';

let mailServer: MailServer;
let app: TestApp;
let admin: TestClient;
let composer: Composer;
let flow: ComposedFlow;
beforeAll(async () => {
  mailServer = await startMailServer();
  app = await startTestApp({ SMTP_URL: mailServer.url });
  await signInAgain();
  flow = await enrollmentByInvitation(composer);
});
afterAll(async () => {
  await app.close();
  await mailServer.close();
});

async function signInAgain(): Promise<void> {
  admin = await signedIn(app);
  composer = new Composer(admin);
}

const newAddress = () => `${uniqueName('somebody')}@example.org`;
/** Of somebody who never gets a mail. */
const refused = (count = 1) => Array.from({ length: count }, () => `${uniqueName('refused')}@example.org`);
const codes = ({ errors }: Answer) => errors.map(({ extensions }) => extensions.code);
const open = (invitationToken: string, client = app.client()) =>
  start(client, { flow: { slug: flow.slug }, client: 'NATIVE', invitationToken });

/** The secret in a mail's link, which is the same in its text and its HTML, and leads to the flow. */
function tokenIn({ text, html }: ReceivedMail): string {
  const [link, token = ''] = /^http\S*#invitationToken=([\w-]{43})$/m.exec(text) ?? [];
  expect(link).toBe(`${PUBLIC_URL}/flows/${flow.slug}#invitationToken=${token}`);
  expect(html).toContain(`href="${link ?? ''}"`);
  return token;
}

async function send(id: string, ...emailAddresses: string[]): Promise<Invitation> {
  const { data, errors } = await trySend(admin, id, { emailAddresses });
  expect(errors).toEqual([]);
  return data.sendInvitation;
}

/** The changes of invitations, the latest first. */
async function changes(): Promise<object[]> {
  const { events } = await admin.ok(
    '{ events(first: 200, filter: { actions: ["INVITATION_CHANGED"] }) { edges { node { details } } } }',
  );
  return events.edges.map(({ node }: { node: { details: object } }) => node.details);
}

const recipients = () => mailServer.mails.flatMap(({ to }) => to);

/** Nothing is written down of what was refused, and nobody gets a mail of it: one that is sent afterwards has come. */
async function expectNothingOf(work: () => Promise<unknown>): Promise<void> {
  const before = await changes();
  await work();
  expect(await changes()).toEqual(before);
  const marker = newAddress();
  await invite(admin, { flowId: flow.id }, { emailAddresses: [marker] });
  await mailServer.next(marker);
  expect(recipients().filter((address) => !address.startsWith('somebody-'))).toEqual([]);
}

describe('an invitation that is sent as it is made', () => {
  it('reaches somebody who follows its link and has an account', async () => {
    const address = newAddress();
    app.clock.advance(1);
    const created = await invite(
      admin,
      { flowId: flow.id, fixedData: { email: address } },
      { emailAddresses: [address] },
    );
    const mail = await mailServer.next(address);
    expect(mail.to).toEqual([address]);
    expect(mail.subject).toBe('You are invited to Stagedoor');
    expect(mail.text).toContain('is good until 8 January 2030 at 00:00 UTC');
    expect(tokenIn(mail)).toBe(created.token);
    const client = app.client();
    const opened = await start(client, {
      ...{ flow: { slug: flow.slug }, invitationToken: tokenIn(mail) },
    });
    const username = uniqueName('grace');
    await submit(client, opened, form(username));
    expect(await viewerOf(client)).toMatchObject({ username, email: address });
    expect(await invitationNow(admin, created.invitation.id)).toMatchObject({ state: 'USED', uses: 1 });
  });

  it('is one event, which says to whom, and has the secret nowhere', async () => {
    const address = newAddress();
    app.clock.advance(1);
    const { token } = await invite(admin, { flowId: flow.id }, { emailAddresses: [address] });
    const [latest] = await changes();
    expect(latest).toEqual({
      change: 'CREATED',
      fields: expect.arrayContaining(['name', 'flowId']),
      sentTo: [address],
    });
    await mailServer.next(address);
    const events = await admin.ok('{ events(first: 200) { edges { node { action details } } } }');
    expect(JSON.stringify(events)).not.toContain(token);
    expect(app.log.join('\n')).not.toContain(token);
  });

  it('goes to each of many by a mail of their own, once, in the language that was asked for', async () => {
    const [one, other] = [newAddress(), newAddress()];
    app.clock.advance(1);
    const { token } = await invite(
      admin,
      { flowId: flow.id, singleUse: false, lifetime: null },
      { emailAddresses: [one, other, one.toUpperCase(), one], language: 'DE' },
    );
    for (const address of [one, other]) {
      const mail = await mailServer.next(address);
      expect(mail.raw).not.toContain(address === one ? other : one);
      expect(mail.subject).toBe('Sie sind zu Stagedoor eingeladen');
      expect(mail.text).toContain('Der Link ist nur für Sie bestimmt');
      expect(tokenIn(mail)).toBe(token);
    }
    expect((await changes())[0]).toMatchObject({ sentTo: [one, other] });
    expect(recipients().filter((address) => address.toLowerCase() === one)).toEqual([one]);
  });
});

describe('an invitation that is there already', () => {
  it('is sent with a new secret: the one before opens nothing any more', async () => {
    const { invitation, token } = await invite(admin, { flowId: flow.id });
    const address = newAddress();
    app.clock.advance(1);
    const sent = await send(invitation.id, address);
    expect(sent).toEqual({ ...invitation, version: 2 });
    expect((await changes())[0]).toEqual({ change: 'UPDATED', fields: ['token'], sentTo: [address] });
    const mailed = tokenIn(await mailServer.next(address));
    expect(mailed).not.toBe(token);
    expect((await open(token)).step).toMatchObject({ __typename: 'FlowDenied', code: 'INVITATION_REQUIRED' });
    expect((await open(mailed)).step.__typename).toBe('PromptChallenge');
  });

  it('lets whoever has begun with it finish', async () => {
    const { invitation, token } = await invite(admin, { flowId: flow.id });
    const client = app.client();
    const begun = await start(client, { flow: { slug: flow.slug }, invitationToken: token });
    await send(invitation.id, newAddress());
    const { step } = await submit(client, begun, form(uniqueName('early')));
    expect(step.__typename).toBe('FlowCompleted');
  });

  it.each([UNKNOWN, 'no id', ''])('cannot be %p', async (id) => {
    expect(codes(await trySend(admin, id, { emailAddresses: [newAddress()] }))).toEqual(['NOT_FOUND']);
  });

  it('is not sent where it lets nobody in, or leads to no flow, or is not what was read', async () => {
    const used = await invite(admin, { flowId: flow.id });
    const responses = [form(uniqueName('person'))];
    await start(app.client(), { flow: { slug: flow.slug }, invitationToken: used.token, responses });
    const unbound = await invite(admin);
    const changed = await invite(admin, { flowId: flow.id });
    await tryUpdate(admin, changed.invitation.id, { fixedData: { floor: 3 } });
    const expiring = await invite(admin, { flowId: flow.id, lifetime: 'PT1M' });
    app.clock.advance(60);
    const to = { emailAddresses: refused() };
    await expectNothingOf(async () => {
      for (const { invitation } of [used, unbound, expiring])
        expect(codes(await trySend(admin, invitation.id, to))).toEqual(['CONFLICT']);
      expect((await trySend(admin, changed.invitation.id, to, 1)).errors).toMatchObject([
        { extensions: { code: 'CONFLICT', version: 2 } },
      ]);
    });
    expect((await open(changed.token)).step.__typename).toBe('PromptChallenge');
    expect(
      (await trySend(admin, changed.invitation.id, { emailAddresses: [newAddress()] }, 2)).errors,
    ).toEqual([]);
  });
});

describe('whom an invitation is sent to', () => {
  it.each<[string, object, string, string]>([
    ['nobody', { emailAddresses: [] }, '.emailAddresses', 'TOO_SMALL'],
    ['no address', { emailAddresses: ['nowhere'] }, '.emailAddresses.0', 'INVALID_EMAIL'],
    ['one that is none', { emailAddresses: [...refused(), ''] }, '.emailAddresses.1', 'INVALID_EMAIL'],
    ['blanks', { emailAddresses: [` ${refused()[0] ?? ''}`] }, '.emailAddresses.0', 'INVALID_EMAIL'],
    ['a name', { emailAddresses: ['Eve <eve@example.org>'] }, '.emailAddresses.0', 'INVALID_EMAIL'],
    [
      'a list in one',
      { emailAddresses: ['a@example.org,b@example.org'] },
      '.emailAddresses.0',
      'INVALID_EMAIL',
    ],
    [
      'a header',
      { emailAddresses: ['a@example.org\r\nBcc: b@example.org'] },
      '.emailAddresses.0',
      'INVALID_EMAIL',
    ],
    ['a line', { emailAddresses: ['a@example.org\n'] }, '.emailAddresses.0', 'INVALID_EMAIL'],
    ['a command', { emailAddresses: ['a@example.org>\r\nDATA'] }, '.emailAddresses.0', 'INVALID_EMAIL'],
    ['HTML', { emailAddresses: ['<b>@example.org'] }, '.emailAddresses.0', 'INVALID_EMAIL'],
    ['much', { emailAddresses: [`${'a'.repeat(250)}@example.org`] }, '.emailAddresses.0', 'INVALID_EMAIL'],
    [
      'two, for one account',
      { emailAddresses: ['a@example.org', 'b@example.org'] },
      '.emailAddresses',
      'TOO_MANY',
    ],
    ['too many', { emailAddresses: refused(51) }, '.emailAddresses', 'TOO_BIG'],
  ])('cannot be %s', async (_what, to, path, code) => {
    const { invitation, token } = await invite(admin, { flowId: flow.id });
    await expectNothingOf(async () => {
      expect((await tryInvite(admin, { flowId: flow.id }, to)).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `sendTo${path}`, code }] } },
      ]);
      expect((await trySend(admin, invitation.id, to)).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input${path}`, code }] } },
      ]);
    });
    expect((await open(token)).step.__typename).toBe('PromptChallenge');
  });

  it('learns of nothing where the invitation cannot be made', async () => {
    const { invitation } = await invite(admin, { flowId: flow.id });
    const to = { emailAddresses: refused() };
    await expectNothingOf(async () => {
      expect(codes(await tryInvite(admin, { flowId: flow.id, name: invitation.name }, to))).toEqual([
        'CONFLICT',
      ]);
      expect((await tryInvite(admin, {}, to)).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.flowId', code: 'REQUIRED' }] } },
      ]);
      expect(codes(await tryInvite(admin, { flowId: UNKNOWN }, to))).toEqual(['BAD_USER_INPUT']);
    });
  });
});

describe('the mail', () => {
  const SETTINGS =
    'mutation($input: UpdateSettingsInput!) { updateSettings(input: $input) { brandName language } }';
  afterAll(() => admin.ok(SETTINGS, { input: { brandName: 'Stagedoor', language: 'EN' } }));

  it('says what the product is called, as text, and speaks the language of the house', async () => {
    const brandName = 'Söhne & <b>"Töchter"</b>\u2028Bcc: eve@example.org {{ url }}';
    await admin.ok(SETTINGS, { input: { brandName, language: 'DE' } });
    const address = newAddress();
    await invite(admin, { flowId: flow.id }, { emailAddresses: [address] });
    const mail = await mailServer.next(address);
    const shown = 'Söhne & <b>"Töchter"</b> Bcc: eve@example.org {{ url }}';
    expect(mail.subject).toBe(`Sie sind zu ${shown} eingeladen`);
    expect(mail.to).toEqual([address]);
    expect(mail.header('bcc')).toBeUndefined();
    expect(mail.text).toContain(`Die Administration von ${shown} lädt Sie ein`);
    expect(mail.html).toContain('Söhne &amp; &lt;b&gt;&#34;Töchter&#34;&lt;/b&gt; Bcc:');
    expect(mail.html).not.toContain('<b>');
    expect(mail.html).toContain('<html lang="de">');
  });
});

describe('sending invitations', () => {
  it('takes what changing them takes, and no more is handed out than the sender may do', async () => {
    const delegates = new Delegates(app, composer);
    const to = { emailAddresses: refused() };
    const { client } = await delegates.delegate('INVITATION_CHANGE', 'FLOW_VIEW', 'USER_VIEW');
    const viewer = await delegates.delegate('INVITATION_VIEW', 'INVITATION_ADD', 'USER_VIEW', 'FLOW_VIEW');
    const powerful = await composer.group({ permissions: ['EVENT_VIEW'] });
    const joining = await enrollmentByInvitation(composer, { userWrite: { groupId: powerful } });
    const granted = await invite(admin, { flowId: joining.id });
    const harmless = await invite(admin, { flowId: flow.id });
    await expectNothingOf(async () => {
      expect((await trySend(client, granted.invitation.id, to)).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN' }, message: expect.stringContaining('EVENT_VIEW') },
      ]);
      for (const id of [harmless.invitation.id, UNKNOWN])
        expect(codes(await trySend(viewer.client, id, to))).toEqual(['FORBIDDEN']);
      expect(codes(await trySend(app.client(), harmless.invitation.id, to))).toEqual(['UNAUTHENTICATED']);
    });
    expect(
      (await trySend(client, harmless.invitation.id, { emailAddresses: [newAddress()] })).errors,
    ).toEqual([]);
  });

  it('asks whoever has not signed in lately to do so', async () => {
    const { invitation } = await invite(admin, { flowId: flow.id });
    app.clock.advance(3600);
    const late = await trySend(admin, invitation.id, { emailAddresses: [newAddress()] });
    await signInAgain();
    expect(codes(late)).toEqual(['STEP_UP_REQUIRED']);
  });

  it('is refused where mails get nowhere', async () => {
    const silent = await startTestApp({
      NODE_ENV: 'production',
      STAGEDOOR_PUBLIC_URL: 'https://a.example.org',
    });
    try {
      const client = await signedIn(silent);
      const { id } = await enrollmentByInvitation(new Composer(client));
      const { invitation } = await invite(client, { flowId: id });
      const to = { emailAddresses: [newAddress()] };
      for (const [{ errors }, path] of [
        [await tryInvite(client, { flowId: id }, to), 'sendTo'],
        [await trySend(client, invitation.id, to), 'input'],
      ] as const) {
        expect(errors).toMatchObject([{ extensions: { fields: [{ path, code: 'NOT_CONFIGURED' }] } }]);
      }
    } finally {
      await silent.close();
    }
  });
});
