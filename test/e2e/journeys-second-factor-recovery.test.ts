import { wrongTotpCode } from '../support/authenticators.js';
import { filledIn } from '../support/compose.js';
import { viewerOf } from '../support/executions.js';
import { signedIn } from '../support/flows.js';
import {
  appCode,
  expectCompleted,
  member,
  offered,
  withApp,
  withPassword,
  withRecoveryCodes,
} from '../support/factor-journeys.js';
import { MailedApp, NEW_PASSWORD, codeIn } from '../support/mailed.js';
import type { PersonWithMail } from '../support/mailed.js';
import type { Journey } from '../support/journey.js';

const SLUG = 'recovery-by-email-and-second-factor';
const newPassword = filledIn({ password: NEW_PASSWORD, passwordRepeat: NEW_PASSWORD });

let house: MailedApp;
beforeAll(async () => {
  house = await MailedApp.start();
});
afterAll(() => house.close());
beforeEach(async () => {
  house.app.clock.advance(24 * 3600);
  await house.signInAgain();
});

/** Up to what follows the mail. */
async function mailed({ email, username }: PersonWithMail, slug = SLUG): Promise<Journey> {
  const journey = await house.begin(slug);
  await journey.answer({ identification: { identifier: username } });
  return journey.answer({ email: { code: codeIn(await house.mailTo(email)) } });
}

const isUnchanged = (person: PersonWithMail) => withPassword(house, person);

describe('recovery by e-mail and second factor', () => {
  it('takes the mail and the app before there is a new password', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const journey = await mailed(person);
    expect(journey.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge' });
    await journey.answer({ authenticatorValidate: { code: wrongTotpCode(key, house.app.clock.now()) } });
    expect(journey.step).toMatchObject({ errors: [{ code: 'INVALID_CODE' }] });
    await journey.answer(appCode(house, key));
    expect(journey.step.__typename).toBe('PromptChallenge');
    await journey.answer(newPassword);
    expectCompleted(journey);
    expect(journey.step.session.session.amr).toEqual(['email', 'otp']);
    expect(await viewerOf(client)).toBeNull();
    house.app.clock.advance(30);
    const login = await withPassword(house, { ...person, password: NEW_PASSWORD });
    await login.answer(appCode(house, key));
    expectCompleted(login);
  });

  it('lets somebody in who has lost the app, by a recovery code, once', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const [code = ''] = await withRecoveryCodes(house, client, key);
    const journey = await mailed(person);
    const authenticatorId = offered(journey, { kind: 'STATIC' });
    await journey.answer({ authenticatorValidate: { authenticatorId, code } });
    await journey.answer(newPassword);
    expectCompleted(journey);
    const again = await mailed(person);
    await again.answer({ authenticatorValidate: { authenticatorId, code } });
    expect(again.step).toMatchObject({ errors: [{ code: 'INVALID_CODE' }] });
  });

  it('changes nothing for somebody who reads the mail and has no second factor to show', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const journey = await mailed(person);
    await journey.answer(newPassword);
    expect(journey.answers.at(-1)?.errors).not.toEqual([]);
    await journey.look();
    expect(journey.step.__typename).toBe('AuthenticatorValidateChallenge');
    expect(await viewerOf(client)).toMatchObject({ username: person.username });
    const login = await isUnchanged(person);
    await login.answer(appCode(house, key));
    expectCompleted(login);
  });

  it('asks whoever has none for the mail alone', async () => {
    const { person } = await member(house);
    const journey = await mailed(person);
    expect(journey.step.__typename).toBe('PromptChallenge');
    await journey.answer(newPassword);
    expect(journey.step.session.session).toMatchObject({ amr: ['email'], aal: 1 });
  });
});

describe('the other ways back in', () => {
  it('by mail alone change no password of somebody with a second factor before it is shown', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const journey = await mailed(person, 'recovery-by-email');
    await journey.answer(newPassword);
    expect(journey.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge' });
    const login = await isUnchanged(person);
    expect(login.step.__typename).toBe('AuthenticatorValidateChallenge');
    await journey.answer(appCode(house, key));
    expectCompleted(journey);
    await expect(signedIn(house.app, person)).rejects.toThrow('no login');
  });

  it('by an administrator’s link neither', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const { createRecoveryLink } = await house.admin.ok(
      'mutation($id: ID!) { createRecoveryLink(input: { user: { id: $id } }) { url } }',
      { id: person.id },
    );
    const [, slug = '', flowToken = ''] =
      /flows\/([\w-]+)#flowToken=([\w-]+)$/.exec(createRecoveryLink.url) ?? [];
    const journey = await house.begin(slug, {}, { flowToken });
    while (journey.step.__typename === 'PromptChallenge') await journey.answer(newPassword);
    expect(journey.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge' });
    const login = await isUnchanged(person);
    expect(login.step.__typename).toBe('AuthenticatorValidateChallenge');
    await journey.answer(appCode(house, key));
    expectCompleted(journey);
  });

  it('by a magic link take the second factor', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const journey = await mailed(person, 'magic-link');
    expect(journey.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge' });
    expect(await viewerOf(journey.client)).toBeNull();
    await journey.answer(appCode(house, key));
    expect(journey.step.session.session).toMatchObject({ amr: ['email', 'otp'], aal: 1 });
  });
});
