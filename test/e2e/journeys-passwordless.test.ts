import { filledIn, uniqueName } from '../support/compose.js';
import { viewerOf } from '../support/executions.js';
import { expectCompleted } from '../support/factor-journeys.js';
import { Journey } from '../support/journey.js';
import { MailedApp, codeIn } from '../support/mailed.js';
import { SoftwarePasskey } from '../support/software-passkey.js';

let house: MailedApp;
beforeAll(async () => {
  house = await MailedApp.start();
});
afterAll(() => house.close());
beforeEach(async () => {
  house.app.clock.advance(24 * 3600);
  await house.signInAgain();
});

const answer = (response: object) => ({ authenticatorValidate: response });

interface Newcomer {
  readonly journey: Journey;
  readonly email: string;
  readonly username: string;
}

/** Somebody who has verified their address, chosen a name, and is to make a passkey. */
async function newcomer(): Promise<Newcomer> {
  const [email, username] = [`${uniqueName('new')}@example.org`, uniqueName('newcomer')];
  const journey = await house.begin('passwordless-enrollment');
  await journey.answer(filledIn({ name: 'New Comer', email }));
  await journey.answer({ email: { code: codeIn(await house.mailTo(email)) } });
  await journey.answer(filledIn({ username }));
  expect(journey.step.__typename).toBe('WebAuthnSetupChallenge');
  return { journey, email, username };
}

interface Enrolled extends Newcomer {
  readonly passkey: SoftwarePasskey;
  readonly codes: readonly string[];
}

async function enrolled(): Promise<Enrolled> {
  const somebody = await newcomer();
  const { journey } = somebody;
  const passkey = new SoftwarePasskey();
  await journey.answer({ webAuthnSetup: { passkey: passkey.create(journey.step.options) } });
  const { codes } = journey.step;
  await journey.answer({ staticSetup: { acknowledge: true } });
  expectCompleted(journey);
  return { ...somebody, passkey, codes };
}

describe('an account without a password', () => {
  it('is made with a passkey, by which its person is signed in and signs in', async () => {
    const { journey, username, passkey, codes } = await enrolled();
    expect(journey.step.session.session).toMatchObject({ aal: 2 });
    expect(codes).toHaveLength(10);
    const login = await house.begin('passwordless-login');
    expect(login.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge', authenticators: [] });
    await login.answer(answer({ passkey: passkey.get(login.step.passkeyOptions) }));
    expect(login.step.session.session).toMatchObject({ amr: ['hwk', 'user'], aal: 2 });
    expect(await viewerOf(login.client)).toMatchObject({ username });
    const shipped = await house.begin('default-authentication-flow');
    await shipped.answer({ identification: { passkey: passkey.get(shipped.step.passkeyOptions) } });
    expectCompleted(shipped);
  });

  it('is signed in to by no passkey that is not unlocked, answers anew, or is unknown', async () => {
    const { passkey } = await enrolled();
    const login = await house.begin('passwordless-login');
    await login.answer(answer({ passkey: passkey.get(login.step.passkeyOptions, { userVerified: false }) }));
    expect(login.step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
    await login.answer(answer({ passkey: new SoftwarePasskey().get(login.step.passkeyOptions) }));
    expect(login.step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
    const used = answer({ passkey: passkey.get(login.step.passkeyOptions) });
    await login.answer(used);
    expectCompleted(login);
    const replayed = await house.begin('passwordless-login');
    await replayed.answer(used);
    expect(replayed.step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
  });

  it('that never got its passkey signs nobody in, and is not made by a passkey that is not unlocked', async () => {
    const { journey, email } = await newcomer();
    const lax = new SoftwarePasskey({ verifiesUser: false });
    await journey.answer({ webAuthnSetup: { passkey: lax.create(journey.step.options) } });
    expect(journey.step).toMatchObject({
      __typename: 'WebAuthnSetupChallenge',
      errors: [{ field: 'passkey' }],
    });
    expect(await viewerOf(journey.client)).toBeNull();
    // The address is verified: whoever reads its mail goes on from there.
    const back = await house.begin('magic-link');
    await back.answer({ identification: { identifier: email } });
    await back.answer({ email: { code: codeIn(await house.mailTo(email)) } });
    expectCompleted(back);
  });

  it('is come back to by mail and a recovery code, where the passkey is lost', async () => {
    const { email, codes } = await enrolled();
    const back = await house.begin('magic-link');
    await back.answer({ identification: { identifier: email } });
    await back.answer({ email: { code: codeIn(await house.mailTo(email)) } });
    const offers: { id: string; kind: string }[] = back.step.authenticators;
    const authenticatorId = offers.find(({ kind }) => kind === 'STATIC')?.id;
    await back.answer(answer({ authenticatorId, code: codes[3] }));
    expect(back.step.session.session).toMatchObject({ amr: ['email', 'recovery-code'], aal: 1 });
  });

  it('is proved again by its passkey alone: there is no password to ask for', async () => {
    const { journey, passkey } = await enrolled();
    house.app.clock.advance(3600);
    const again = await Journey.begin(journey.client, { flow: { designation: 'AUTHENTICATION' } });
    expect(again.execution.flow.slug).toBe('default-reauthentication');
    expect(again.step.__typename).toBe('AuthenticatorValidateChallenge');
    await again.answer(answer({ passkey: passkey.get(again.step.passkeyOptions) }));
    expect(again.step.session.session).toMatchObject({ amr: ['hwk', 'user'], aal: 2 });
  });
});
