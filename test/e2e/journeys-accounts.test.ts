import { solved } from '../support/captchas.js';
import { filledIn, uniqueName } from '../support/compose.js';
import { viewerOf } from '../support/executions.js';
import { signedIn } from '../support/flows.js';
import { invitationNow, invite } from '../support/invitations.js';
import { Journey } from '../support/journey.js';
import { MailedApp, codeIn } from '../support/mailed.js';
import type { ReceivedMail } from '../support/mail-server.js';
import { PASSWORD } from '../support/people.js';
import type { TestClient } from '../support/test-client.js';

const EXISTS = 'You already have an account at Stagedoor';
const code = (mail: ReceivedMail) => ({ email: { code: codeIn(mail) } });
const credentials = (username: string) =>
  filledIn({ username, password: PASSWORD, passwordRepeat: PASSWORD });
const PERSON = /* GraphQL */ `
  query Person($identifier: String!) {
    users(filter: { search: $identifier }) {
      edges {
        node {
          username
          email
          name
          emailVerified
          kind
          path
          groups {
            name
          }
        }
      }
    }
  }
`;

let house: MailedApp;
beforeAll(async () => {
  house = await MailedApp.start();
});
afterAll(() => house.close());
beforeEach(async () => {
  house.app.clock.advance(24 * 3600);
  await house.signInAgain();
});

const newAddress = (): string => `${uniqueName('new')}@example.org`;

async function personCalled(identifier: string): Promise<unknown> {
  return (await house.admin.ok(PERSON, { identifier })).users.edges[0]?.node;
}

/** Somebody who has said who they are, and waits for a mail. */
async function newcomer(email: string, slug = 'enrollment-with-email', also = {}): Promise<Journey> {
  const journey = await house.begin(slug, {}, also);
  await journey.answer(filledIn({ name: 'New Comer', email }));
  expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', purpose: 'WAIT', sentTo: email });
  return journey;
}

describe('enrollment with a verified address', () => {
  it('makes the account only once its mail was read, with an address that is verified', async () => {
    const [email, username] = [newAddress(), uniqueName('newcomer')];
    const journey = await newcomer(email);
    expect(await personCalled(email)).toBeUndefined();
    await journey.answer(code(await house.mailTo(email)));
    await journey.answer(credentials(username));
    expect(journey.step).toMatchObject({ __typename: 'FlowCompleted' });
    expect(await viewerOf(journey.client)).toMatchObject({ username, email });
    expect(await personCalled(username)).toMatchObject({
      email,
      name: 'New Comer',
      emailVerified: true,
      kind: 'EXTERNAL',
      path: 'users/external',
    });
  });

  it('goes on where it began once the link was confirmed elsewhere', async () => {
    const email = newAddress();
    const journey = await newcomer(email);
    const phone = await house.open(await house.mailTo(email));
    await phone.answer({ email: { matchCode: journey.step.matchCode } });
    expect(phone.step).toMatchObject({ __typename: 'FlowCompleted', session: null });
    await journey.answer({ email: {} });
    expect(journey.step.__typename).toBe('PromptChallenge');
    await journey.answer(credentials(uniqueName('newcomer')));
    expect(await viewerOf(journey.client)).toMatchObject({ email });
  });

  it('tells nobody but its owner that an address is taken', async () => {
    const owner = await house.person();
    const journey = await newcomer(owner.email);
    const mail = await house.noticeTo(owner.email, EXISTS);
    expect(mail.text).not.toMatch(/flowToken|^\d{4} \d{4}$/m);
    await journey.answer({ email: { code: '00000000' } });
    expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', errors: [{ field: 'code' }] });
    await journey.answer({ email: {} });
    expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', errors: [] });
  });

  it('tells nobody by what may be a username that an address is taken', async () => {
    const [owner, email] = [await house.person(), newAddress()];
    const journey = await newcomer(email);
    await journey.answer(code(await house.mailTo(email)));
    const errors: unknown[] = [];
    for (const username of [owner.email, newAddress()]) {
      await journey.answer(credentials(username));
      errors.push(journey.step.errors);
    }
    expect(errors).toEqual([errors[0], errors[0]]);
    expect(errors[0]).toMatchObject([{ field: 'values.username' }]);
    await journey.answer(credentials(email));
    expect(await viewerOf(journey.client)).toMatchObject({ username: email, email });
  });

  it('does not take an address that somebody else has got meanwhile', async () => {
    const email = newAddress();
    // One after the other, since two mails that are sent at once may overtake each other.
    const asked = async () => ({ journey: await newcomer(email), mail: await house.mailTo(email) });
    const [{ journey: one, mail: first }, { journey: other, mail: second }] = [await asked(), await asked()];
    await one.answer(code(first));
    await other.answer(code(second));
    await one.answer(credentials(uniqueName('newcomer')));
    await other.answer(credentials(uniqueName('newcomer')));
    expect(one.step.__typename).toBe('FlowCompleted');
    expect(other.step.__typename).toBe('FlowDenied');
  });

  it('keeps to what it asks for: nobody makes themselves more than they are', async () => {
    const journey = await house.begin('enrollment-with-email');
    const answers = { name: 'Eve', email: newAddress() };
    const more = [
      'username',
      'password',
      'groups',
      'superuser',
      'isActive',
      'id',
      '__proto__',
      'attributes.x',
    ];
    for (const key of more) {
      const values = [...Object.entries(answers), [key, 'x']].map(([name, text]) => ({
        key: name,
        value: { text },
      }));
      await journey.answer({ prompt: { values } });
      expect(journey.step).toMatchObject({
        __typename: 'PromptChallenge',
        errors: [{ code: 'UNKNOWN_FIELD' }],
      });
    }
  });
});

describe('enrollment by invitation', () => {
  const slugs = [
    ['enrollment-by-invitation', { kind: 'EXTERNAL', path: 'users/external', groups: [] }],
    ['enrollment-by-invitation-internal', { kind: 'INTERNAL', path: 'users/internal', groups: [] }],
    [
      'enrollment-by-invitation-engineering',
      { kind: 'INTERNAL', path: 'users/internal/engineering', groups: [{ name: 'engineering-team' }] },
    ],
  ] as const;
  const flowId = async (slug: string): Promise<string> =>
    (await house.admin.ok('query($slug: String!) { flow(slug: $slug) { id } }', { slug })).flow.id;

  it.each(slugs)('%s makes the account that it is for, once', async (slug, account) => {
    const [email, username] = [newAddress(), uniqueName('invited')];
    const { token, invitation } = await invite(house.admin, {
      flowId: await flowId(slug),
      fixedData: { email },
    });
    const journey = await house.begin(slug, {}, { invitationToken: token });
    const other = await house.begin(slug, {}, { invitationToken: token });
    await journey.answer(filledIn({ name: 'In Vited', email: newAddress() }));
    expect(journey.step.errors).toMatchObject([{ field: 'values.email' }]);
    await journey.answer(filledIn({ name: 'In Vited' }));
    await journey.answer(code(await house.mailTo(email)));
    expect(await invitationNow(house.admin, invitation.id)).toMatchObject({ uses: 0, state: 'OPEN' });
    await journey.answer(credentials(username));
    expect(await viewerOf(journey.client)).toMatchObject({ username, email });
    expect(await personCalled(username)).toMatchObject(account);
    expect(await invitationNow(house.admin, invitation.id)).toMatchObject({ uses: 1, state: 'USED' });
    await other.answer(filledIn({ name: 'Other' }));
    await other.answer({ email: {} });
    expect(other.step.__typename).not.toBe('FlowCompleted');
    const late = await house.begin(slug, {}, { invitationToken: token });
    expect(late.step).toMatchObject({ __typename: 'FlowDenied', code: 'INVITATION_REQUIRED' });
  });

  it('is for nobody without one, nor with one for another flow, nor with one that has expired', async () => {
    const [first, second] = [slugs[0][0], slugs[1][0]];
    const { token } = await invite(house.admin, { flowId: await flowId(first), lifetime: 'PT1H' });
    const refusal = { __typename: 'FlowDenied', code: 'INVITATION_REQUIRED' };
    expect((await house.begin(first)).step).toMatchObject(refusal);
    expect((await house.begin(second, {}, { invitationToken: token })).step).toMatchObject(refusal);
    house.app.clock.advance(3600);
    expect((await house.begin(first, {}, { invitationToken: token })).step).toMatchObject(refusal);
  });
});

describe('another e-mail address', () => {
  const changing = async (client: TestClient, email: string): Promise<Journey> => {
    const journey = await Journey.begin(client, { flow: { slug: 'email-change' } });
    expect(journey.step.__typename).toBe('PasswordChallenge');
    await journey.answer({ password: { password: PASSWORD } });
    return journey.answer(filledIn({ email }));
  };

  it('is taken once its mail was read; the old one is told, and other sessions end', async () => {
    const [person, email] = [await house.person(), newAddress()];
    const [client, elsewhere] = [await signedIn(house.app, person), await signedIn(house.app, person)];
    const journey = await changing(client, email);
    const mail = await house.mailTo(email);
    expect(await viewerOf(client)).toMatchObject({ email: person.email });
    await journey.answer({ email: { code: '00000000' } });
    expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', errors: [{ field: 'code' }] });
    await journey.answer(code(mail));
    expect(journey.step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(client)).toMatchObject({ email });
    expect(await viewerOf(elsewhere)).toBeNull();
    const notice = await house.noticeTo(person.email, 'Your e-mail address for Stagedoor was changed');
    expect(notice.text).toContain(email);
    expect(await personCalled(person.username)).toMatchObject({
      emailVerified: true,
    });
  });

  it('is not told to be somebody else’s, but to that somebody', async () => {
    const [person, owner] = [await house.person(), await house.person()];
    const client = await signedIn(house.app, person);
    const journey = await changing(client, owner.email);
    expect(journey.step).toMatchObject({
      __typename: 'EmailChallenge',
      purpose: 'WAIT',
      sentTo: owner.email,
    });
    await house.noticeTo(owner.email, EXISTS);
    expect(await viewerOf(client)).toMatchObject({ email: person.email });
  });

  it('is for nobody who does not know the password', async () => {
    const client = await signedIn(house.app, await house.person());
    const journey = await Journey.begin(client, { flow: { slug: 'email-change' } });
    await journey.answer({ password: { password: 'surely not the password' } });
    expect(journey.step).toMatchObject({ __typename: 'PasswordChallenge', errors: [{ field: 'password' }] });
    const nobody = await house.begin('email-change');
    expect(nobody.step.__typename).toBe('FlowDenied');
  });
});

describe('a login with a captcha', () => {
  const begun = async (identifier: string, address: string): Promise<Journey> => {
    const input = { flow: { slug: 'login-with-captcha' } };
    const journey = await Journey.begin(house.app.client({ address }), input);
    return journey.answer({ identification: { identifier } });
  };

  it('asks for none while nobody has behaved badly', async () => {
    const person = await house.person();
    const journey = await begun(person.username, '192.0.2.1');
    await journey.answer({ password: { password: PASSWORD } });
    expect(await viewerOf(journey.client)).toMatchObject({ username: person.username });
  });

  it.each(['somebody', 'nobody'])(
    'asks for one before a password once others guessed at %s’s',
    async (who) => {
      const identifier = who === 'somebody' ? (await house.person()).username : uniqueName('nobody');
      const guesser = await begun(identifier, '192.0.2.2');
      for (let guess = 0; guess < 5; guess += 1) {
        await guesser.answer({ password: { password: 'surely not the password' } });
      }
      const journey = await begun(identifier, '192.0.2.3');
      expect(journey.step.__typename).toBe('CaptchaChallenge');
      await journey.answer({ password: { password: PASSWORD } });
      expect(journey.answers.at(-1)?.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    },
  );

  it('lets whoever solves it go on to their password', async () => {
    const { username } = await house.person();
    const guesser = await begun(username, '192.0.2.4');
    for (let guess = 0; guess < 5; guess += 1) {
      await guesser.answer({ password: { password: 'surely not the password' } });
    }
    // The account is throttled by then, captcha or not.
    house.app.clock.advance(60);
    const journey = await begun(username, '192.0.2.5');
    await journey.answer({ captcha: { token: 'not a solution' } });
    expect(journey.step).toMatchObject({
      __typename: 'CaptchaChallenge',
      errors: [{ code: 'CAPTCHA_FAILED' }],
    });
    await journey.answer({ captcha: { token: await solved(journey.step.puzzle) } });
    expect(journey.step.__typename).toBe('PasswordChallenge');
    await journey.answer({ password: { password: PASSWORD } });
    expect(await viewerOf(journey.client)).toMatchObject({ username });
  });
});
