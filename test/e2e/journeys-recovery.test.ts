import { filledIn } from '../support/compose.js';
import { viewerOf } from '../support/executions.js';
import { signedIn } from '../support/flows.js';
import type { Journey } from '../support/journey.js';
import { MailedApp, NEW_PASSWORD, codeIn } from '../support/mailed.js';
import type { PersonWithMail } from '../support/mailed.js';
import type { ReceivedMail } from '../support/mail-server.js';
import { PASSWORD } from '../support/people.js';
import { until } from '../support/until.js';

const newPassword = filledIn({ password: NEW_PASSWORD, passwordRepeat: NEW_PASSWORD });
const code = (mail: ReceivedMail) => ({ email: { code: codeIn(mail) } });

let house: MailedApp;
beforeAll(async () => {
  house = await MailedApp.start();
});
afterAll(() => house.close());
beforeEach(async () => {
  house.app.clock.advance(24 * 3600);
  await house.signInAgain();
});

interface Waiting {
  readonly person: PersonWithMail;
  readonly journey: Journey;
  readonly mail: ReceivedMail;
}

/** Somebody who has asked for a mail, and got it. */
async function waiting(slug: string, headers: Record<string, string> = {}): Promise<Waiting> {
  const person = await house.person();
  const journey = await house.begin(slug, headers);
  await journey.answer({ identification: { identifier: person.username } }, headers);
  expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', purpose: 'WAIT', confirmed: false });
  return { person, journey, mail: await house.mailTo(person.email) };
}

describe('recovery by e-mail', () => {
  const recovering = (headers = {}) => waiting('recovery-by-email', headers);

  it('gives whoever reads the mail a new password and a session, ends the others, and tells them so', async () => {
    const person = await house.person();
    const elsewhere = await signedIn(house.app, person);
    const journey = await house.begin('recovery-by-email');
    await journey.answer({ identification: { identifier: person.email } });
    expect(journey.step.sentTo).toBe(person.email);
    const mail = await house.mailTo(person.email);
    await journey.answer(code(mail));
    expect(journey.step).toMatchObject({
      __typename: 'PromptChallenge',
      user: { displayName: person.email },
    });
    await journey.answer(newPassword);
    expect(journey.step).toMatchObject({ __typename: 'FlowCompleted', session: { session: { aal: 1 } } });
    expect(await viewerOf(journey.client)).toMatchObject({ username: person.username });
    expect(await viewerOf(elsewhere)).toBeNull();
    await signedIn(house.app, { ...person, password: NEW_PASSWORD });
    await expect(signedIn(house.app, person)).rejects.toThrow('no login');
    const notice = await house.noticeTo(person.email, 'Your account at Stagedoor was recovered');
    expect(notice.text).not.toMatch(/flowToken/);
  });

  it('is where a recovery leads without a link, and its designation is enough', async () => {
    const client = house.app.client();
    const started = await client.ok(
      'mutation { startFlow(input: { flow: { designation: RECOVERY } }) { flow { slug } } }',
    );
    expect(started.startFlow.flow.slug).toBe('recovery-by-email');
  });

  it('judges the new password as everywhere', async () => {
    const { journey, mail } = await recovering();
    await journey.answer(code(mail));
    await journey.answer(filledIn({ password: 'short', passwordRepeat: 'short' }));
    expect(journey.step.errors).toMatchObject([{ field: 'values.password', code: 'REJECTED' }]);
    await journey.answer(filledIn({ password: NEW_PASSWORD, passwordRepeat: 'something else entirely' }));
    expect(journey.step.errors).toMatchObject([{ field: 'values.passwordRepeat', code: 'MISMATCH' }]);
  });

  it('goes on after a wrong code, and takes the right one as it is written in the mail', async () => {
    const { journey, mail } = await recovering();
    const wrong = codeIn(mail) === '00000000' ? '11111111' : '00000000';
    await journey.answer({ email: { code: wrong } });
    expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', errors: [{ field: 'code' }] });
    await journey.answer(code(mail));
    expect(journey.step.__typename).toBe('PromptChallenge');
  });

  it('takes no code any more after too many wrong ones, until there is another mail', async () => {
    const { journey, mail, person } = await recovering();
    const wrong = codeIn(mail) === '00000000' ? '11111111' : '00000000';
    for (let guess = 0; guess < 5; guess += 1) await journey.answer({ email: { code: wrong } });
    await journey.answer(code(mail));
    expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', errors: [{ field: 'code' }] });
    house.app.clock.advance(3600 / 2);
    await journey.answer({ email: { resend: true } });
    await journey.answer(code(await house.mailTo(person.email)));
    expect(journey.step.__typename).toBe('PromptChallenge');
  });

  it('takes no code from the mail before, none that has expired, and none that somebody else was sent', async () => {
    const { journey, mail, person } = await recovering();
    const other = await recovering();
    await journey.answer(code(other.mail));
    expect(journey.step.errors).toMatchObject([{ field: 'code' }]);
    house.app.clock.advance(31 * 60);
    await journey.answer(code(mail));
    expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', errors: [{ field: 'code' }] });
    await journey.answer({ email: { resend: true } });
    const again = await house.mailTo(person.email);
    await journey.answer(code(mail));
    expect(journey.step.errors).toMatchObject([{ field: 'code' }]);
    await journey.answer(code(again));
    expect(journey.step.__typename).toBe('PromptChallenge');
  });

  it('takes a code once: it opens nothing a second time, here or elsewhere', async () => {
    const { person, journey, mail } = await recovering();
    await journey.answer(code(mail));
    const second = await house.begin('recovery-by-email');
    await second.answer({ identification: { identifier: person.username } });
    await second.answer(code(mail));
    expect(second.step).toMatchObject({ __typename: 'EmailChallenge', errors: [{ field: 'code' }] });
  });

  it('goes on where it began once the link was opened elsewhere and confirmed with the match code', async () => {
    const { person, journey, mail } = await recovering();
    await journey.answer({ email: {} });
    expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', errors: [] });
    const phone = await house.open(mail);
    expect(phone.step).toMatchObject({ __typename: 'EmailChallenge', purpose: 'CONFIRM', matchCode: null });
    await phone.answer({ email: { matchCode: journey.step.matchCode === '10' ? '11' : '10' } });
    expect(phone.step).toMatchObject({ __typename: 'EmailChallenge', errors: [{ field: 'matchCode' }] });
    await phone.answer({ email: { matchCode: journey.step.matchCode } });
    expect(phone.step).toMatchObject({ __typename: 'FlowCompleted', session: null });
    expect(await viewerOf(phone.client)).toBeNull();
    await journey.look();
    expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', confirmed: true });
    await journey.answer({ email: {} });
    await journey.answer(newPassword);
    expect(await viewerOf(journey.client)).toMatchObject({ username: person.username });
    expect((await house.open(mail)).step).toMatchObject({ __typename: 'FlowDenied', code: 'INVALID_TOKEN' });
  });

  it('loses nothing to scanners that open the link, and the link to whoever guesses the match code', async () => {
    const { journey, mail } = await recovering();
    for (let scanner = 0; scanner < 3; scanner += 1) {
      expect((await house.open(mail)).step).toMatchObject({ purpose: 'CONFIRM' });
    }
    await journey.look();
    expect(journey.step.confirmed).toBe(false);
    const stranger = await house.open(mail);
    const wrong = journey.step.matchCode === '10' ? '11' : '10';
    for (let guess = 0; guess < 3; guess += 1) await stranger.answer({ email: { matchCode: wrong } });
    expect(stranger.step.__typename).toBe('FlowDenied');
    const late = await house.open(mail);
    await late.answer({ email: { matchCode: journey.step.matchCode } });
    expect(late.step).toMatchObject({ __typename: 'FlowDenied', code: 'INVALID_TOKEN' });
    await journey.answer(code(mail));
    expect(journey.step.__typename).toBe('PromptChallenge');
  });

  it('sends five mails in five minutes and no more, whatever flow they are asked for in', async () => {
    const { person, journey } = await recovering();
    for (let mail = 1; mail < 5; mail += 1) {
      await journey.answer({ email: { resend: true } });
      expect(journey.step.errors).toEqual([]);
      await house.mailTo(person.email);
    }
    await journey.answer({ email: { resend: true } });
    const [error] = journey.step.errors;
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAt: expect.any(String) });
    const other = await house.begin('recovery-by-email');
    await other.answer({ identification: { identifier: person.username } });
    expect(other.step).toMatchObject({ __typename: 'EmailChallenge', messages: [{ level: 'WARNING' }] });
    house.app.clock.advance((new Date(error.retryAt).getTime() - house.app.clock.now().getTime()) / 1000);
    await journey.answer({ email: { resend: true } });
    await journey.answer(code(await house.mailTo(person.email)));
    expect(journey.step.__typename).toBe('PromptChallenge');
  });

  it('goes on while no mail can be sent: it comes once it can, and its code is good', async () => {
    const person = await house.person();
    // That they were given a password is told by a mail as well, which is to be on its way no longer.
    await house.noticeTo(person.email, 'Your password for Stagedoor was changed');
    house.mails.behave('POSTPONE');
    const journey = await house.begin('recovery-by-email');
    await journey.answer({ identification: { identifier: person.email } });
    expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', errors: [], messages: [] });
    // It is told once it has been recorded when to try again.
    await until(() => house.app.log.some((line) => line.includes('mails cannot be sent')));
    house.mails.behave('ACCEPT');
    house.app.clock.advance(60);
    await journey.answer(code(await house.mailTo(person.email)));
    expect(journey.step.__typename).toBe('PromptChallenge');
  });

  it('writes in the language of the client, and by the name of the house', async () => {
    const name = 'Haus & Hof <b>';
    await house.admin.ok(
      'mutation($input: UpdateSettingsInput!) { updateSettings(input: $input) { brandName } }',
      {
        input: { brandName: name },
      },
    );
    const german = await recovering({ 'accept-language': 'de-AT,en;q=0.5' });
    const english = await recovering({ 'accept-language': 'fr' });
    expect(german.mail.subject).not.toBe(english.mail.subject);
    expect(german.mail.text).toMatch(/Passwort/);
    for (const { mail } of [german, english]) {
      expect(mail.text).toContain(name);
      expect(mail.html).toContain('Haus &amp; Hof &lt;b&gt;');
      expect(mail.html).not.toContain('<b>Hof');
      expect(mail.sender.address).toBe('no-reply@localhost');
    }
  });

  it('is skipped to the new password by a link that an administrator has made', async () => {
    const person = await house.person();
    const { flow } = await house.admin.ok('{ flow(slug: "recovery-by-email") { id } }');
    const choose = 'mutation($id: ID) { setDefaultFlow(designation: RECOVERY, flowId: $id) { brandName } }';
    await house.admin.ok(choose, { id: flow.id });
    const link = await house.admin.ok(
      'mutation($input: CreateRecoveryLinkInput!) { createRecoveryLink(input: $input) { url token } }',
      { input: { user: { id: person.id } } },
    );
    await house.admin.ok(choose, { id: null });
    expect(link.createRecoveryLink.url).toContain('/flows/recovery-by-email#flowToken=');
    const journey = await house.begin('recovery-by-email', {}, { flowToken: link.createRecoveryLink.token });
    expect(journey.step).toMatchObject({
      __typename: 'PromptChallenge',
      user: { displayName: person.username },
    });
    await journey.answer(newPassword);
    expect(await viewerOf(journey.client)).toMatchObject({ username: person.username });
    await signedIn(house.app, { ...person, password: NEW_PASSWORD });
  });

  it('leaves the shipped flow for links of administrators as it was', async () => {
    const person = await house.person();
    const { createRecoveryLink } = await house.admin.ok(
      'mutation($input: CreateRecoveryLinkInput!) { createRecoveryLink(input: $input) { token } }',
      { input: { user: { id: person.id } } },
    );
    const also = { flowToken: createRecoveryLink.token };
    const journey = await house.begin('default-recovery-flow', {}, also);
    await journey.answer(newPassword);
    expect(await viewerOf(journey.client)).toMatchObject({ username: person.username });
  });

  it('is not for somebody who is signed in', async () => {
    const person = await house.person();
    const client = await signedIn(house.app, person);
    const journey = await client.ok(
      `mutation { startFlow(input: { flow: { slug: "recovery-by-email" } }) { step { __typename } } }`,
    );
    expect(journey.startFlow.step.__typename).toBe('FlowDenied');
  });
});

describe('a magic link', () => {
  it('signs in by its code, without a password, and no further than mail goes', async () => {
    const { person, journey, mail } = await waiting('magic-link');
    await journey.answer(code(mail));
    expect(journey.step).toMatchObject({ __typename: 'FlowCompleted', session: { session: { aal: 1 } } });
    expect(await viewerOf(journey.client)).toMatchObject({ username: person.username });
    await signedIn(house.app, { ...person, password: PASSWORD });
  });

  it('signs in whoever asked for it, not whoever opens it', async () => {
    const { person, journey, mail } = await waiting('magic-link');
    const phone = await house.open(mail);
    await phone.answer({ email: { matchCode: journey.step.matchCode } });
    expect(phone.step).toMatchObject({ __typename: 'FlowCompleted', session: null });
    await journey.answer({ email: {} });
    expect(await viewerOf(journey.client)).toMatchObject({ username: person.username });
    expect(await viewerOf(phone.client)).toBeNull();
  });

  it('is opened as well by somebody who is signed in on that device, and leaves their session alone', async () => {
    const { person, journey, mail } = await waiting('magic-link');
    const phone = await house.open(mail, await signedIn(house.app));
    await phone.answer({ email: { matchCode: journey.step.matchCode } });
    expect(await viewerOf(phone.client)).toMatchObject({ username: 'ada' });
    await journey.answer({ email: {} });
    expect(await viewerOf(journey.client)).toMatchObject({ username: person.username });
  });

  it('is sent to nobody who is disabled, and to no address but the account’s', async () => {
    const before = house.mails.mails.length;
    const person = await house.person({ active: false });
    for (const identifier of [person.username, person.email, 'nobody@example.org']) {
      const journey = await house.begin('magic-link');
      await journey.answer({ identification: { identifier } });
      expect(journey.step).toMatchObject({ __typename: 'EmailChallenge', purpose: 'WAIT' });
    }
    const { mail } = await waiting('magic-link');
    const links = house.mails.mails.slice(before).filter(({ text }) => text.includes('#flowToken='));
    expect(links).toEqual([mail]);
  });
});
