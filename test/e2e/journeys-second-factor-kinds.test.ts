import { viewerOf } from '../support/executions.js';
import {
  beginSetup,
  expectCompleted,
  member,
  offered,
  otherThan,
  sentCode,
  withApp,
  withPasskey,
  withPassword,
  withRecoveryCodes,
} from '../support/factor-journeys.js';
import { Journey } from '../support/journey.js';
import { MailedApp } from '../support/mailed.js';
import { TextProvider } from '../support/text-provider.js';

const HOUR_SECONDS = 3600;

let house: MailedApp;
let provider: TextProvider;
beforeAll(async () => {
  [house, provider] = [await MailedApp.start(), await TextProvider.start()];
});
afterAll(async () => {
  await house.close();
  await provider.close();
});
beforeEach(async () => {
  house.app.clock.advance(24 * HOUR_SECONDS);
  await house.signInAgain();
});

const answer = (response: object) => ({ authenticatorValidate: response });
const levelOf = ({ step }: Journey) => {
  const { amr, aal } = step.session.session;
  return { amr, aal };
};

describe('recovery codes', () => {
  it('sign in once each, in place of an app that is lost', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const [first = '', second = ''] = await withRecoveryCodes(house, client, key);
    const lost = await withPassword(house, person);
    const authenticatorId = offered(lost, { kind: 'STATIC' });
    // They are the last resort: nobody is asked for them who has something else.
    expect(lost.step.selectedId).toBe(offered(lost, { kind: 'TOTP' }));
    await lost.answer(answer({ authenticatorId, code: first }));
    expect(levelOf(lost)).toEqual({ amr: ['pwd', 'recovery-code'], aal: 2 });
    const again = await withPassword(house, person);
    await again.answer(answer({ authenticatorId, code: first }));
    expect(again.step.errors).toMatchObject([{ field: 'code', code: 'INVALID_CODE' }]);
    await again.answer(answer({ authenticatorId, code: second.toLowerCase().replaceAll('-', ' ') }));
    expectCompleted(again);
  });

  it('are good only once they are kept, and in the newest set alone', async () => {
    const { person, client } = await member(house);
    const abandoned = await beginSetup(house, client, 'default-authenticator-static-setup');
    await abandoned.answer({ staticSetup: { acknowledge: false } });
    expect(abandoned.step.errors).toMatchObject([{ code: 'NOT_ACKNOWLEDGED' }]);
    expectCompleted(await withPassword(house, person));
    const [old = '', shown = ''] = await withRecoveryCodes(house, client);
    const renewal = await Journey.begin(client, { flow: { slug: 'default-authenticator-static-setup' } });
    expect(renewal.step.__typename).toBe('AuthenticatorValidateChallenge');
    await renewal.answer(answer({ code: shown }));
    const [fresh] = renewal.step.codes;
    await renewal.answer({ staticSetup: { acknowledge: true } });
    expectCompleted(renewal);
    const journey = await withPassword(house, person);
    await journey.answer(answer({ code: old }));
    expect(journey.step.errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    await journey.answer(answer({ code: fresh }));
    expectCompleted(journey);
  });
});

describe('codes by e-mail', () => {
  it('are set up and asked for at the address of the account, and never make a session of level 2', async () => {
    const { person, client } = await member(house);
    const setup = await beginSetup(house, client, 'authenticator-email-setup');
    expect(setup.step).toMatchObject({ __typename: 'EmailOtpSetupChallenge', emailRequired: false });
    expect(JSON.stringify(setup.step)).not.toContain(person.email);
    const code = await sentCode(house, person.email);
    await setup.answer({ emailOtpSetup: { code: otherThan(code) } });
    expect(setup.step.errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    await setup.answer({ emailOtpSetup: { code } });
    expectCompleted(setup);
    const journey = await withPassword(house, person);
    expect(journey.step.selectedId).toBe(offered(journey, { kind: 'EMAIL' }));
    const old = await sentCode(house, person.email);
    house.app.clock.advance(60);
    await journey.answer(answer({ resend: true }));
    expect(journey.step.errors).toEqual([]);
    const newest = await sentCode(house, person.email);
    if (old !== newest) {
      await journey.answer(answer({ code: old }));
      expect(journey.step.errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    }
    await journey.answer(answer({ code: newest }));
    expect(levelOf(journey)).toEqual({ amr: ['pwd', 'email-otp'], aal: 1 });
  });
});

describe('codes by text message', () => {
  it('come once an administrator has told the shipped stage who sends them, and never make level 2', async () => {
    await pointAt(provider);
    const { person, client } = await member(house);
    const setup = await beginSetup(house, client, 'authenticator-sms-setup');
    expect(setup.step).toMatchObject({ __typename: 'SmsSetupChallenge', numberRequired: true });
    await setup.answer({ smsSetup: { number: '+49 151 20000001' } });
    expect(setup.step).toMatchObject({ numberRequired: false, errors: [] });
    await setup.answer({ smsSetup: { code: await provider.code(1) } });
    expectCompleted(setup);
    house.app.clock.advance(600);
    const journey = await withPassword(house, person);
    const code = await provider.code(2);
    await journey.answer(answer({ code: otherThan(code) }));
    expect(journey.step.errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    await journey.answer(answer({ code }));
    expect(levelOf(journey)).toEqual({ amr: ['pwd', 'sms'], aal: 1 });
  });
});

describe('a passkey', () => {
  it('is the second factor of whoever gives their password, and signs in alone where nobody is named', async () => {
    const { person, client } = await member(house);
    const passkey = await withPasskey(house, client);
    const journey = await withPassword(house, person);
    expect(journey.step.authenticators).toMatchObject([{ kind: 'WEBAUTHN' }]);
    await journey.answer(answer({ passkey: passkey.get(journey.step.passkeyOptions) }));
    expect(levelOf(journey)).toEqual({ amr: ['pwd', 'hwk', 'user'], aal: 2 });
    const alone = await house.begin('default-authentication-flow');
    await alone.answer({ identification: { passkey: passkey.get(alone.step.passkeyOptions) } });
    // Neither a password nor another factor is asked for.
    expect(levelOf(alone)).toEqual({ amr: ['hwk', 'user'], aal: 2 });
    expect(await viewerOf(alone.client)).toMatchObject({ username: person.username });
  });

  it('of somebody else, or for another tab, signs nobody in', async () => {
    const [one, other] = [await member(house), await member(house)];
    const [own, foreign] = [await withPasskey(house, one.client), await withPasskey(house, other.client)];
    const [journey, tab] = [await withPassword(house, one.person), await withPassword(house, one.person)];
    await journey.answer(answer({ passkey: foreign.get(journey.step.passkeyOptions) }));
    expect(journey.step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
    await journey.answer(answer({ passkey: own.get(tab.step.passkeyOptions) }));
    expect(journey.step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
    await journey.answer(answer({ passkey: own.get(journey.step.passkeyOptions) }));
    expectCompleted(journey);
  });
});

/** Tells the shipped stage who takes text messages over, as an administrator does before anybody uses it. */
async function pointAt({ url }: TextProvider): Promise<void> {
  const { stages } = await house.admin.ok('{ stages(first: 200) { edges { node { id name } } } }');
  const names: { node: { id: string; name: string } }[] = stages.edges;
  const id = names.find(({ node }) => node.name === 'authenticator-sms-setup')?.node.id;
  const smsSetup = { provider: 'GENERIC', url, fromNumber: 'Stagedoor', secretKey: 'a token' };
  await house.admin.ok(
    'mutation($id: ID!, $config: StageConfigInput!) { updateStage(id: $id, input: { config: $config }) { id } }',
    { id, config: { smsSetup } },
  );
}
