import { wrongTotpCode } from '../support/authenticators.js';
import { viewerOf } from '../support/executions.js';
import {
  appCode,
  expectCompleted,
  member,
  setUpByApp,
  withApp,
  withPassword,
  withRecoveryCodes,
} from '../support/factor-journeys.js';
import { MailedApp } from '../support/mailed.js';
import { SoftwarePasskey } from '../support/software-passkey.js';
import type { Journey } from '../support/journey.js';

const SLUG = 'login-with-second-factor';

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

/** Chooses what to set up. */
async function choose(journey: Journey, kind: string): Promise<Journey> {
  const stages: { id: string; kind: string }[] = journey.step.setupStages;
  return journey.answer(answer({ setupStageId: stages.find((stage) => stage.kind === kind)?.id }));
}

describe('a login that demands a second factor', () => {
  it('lets whoever has none set an app up on the way, and asks for it from then on', async () => {
    const { person } = await member(house);
    const journey = await withPassword(house, person, SLUG);
    expect(journey.step).toMatchObject({
      ...{ __typename: 'AuthenticatorValidateChallenge', authenticators: [] },
      setupStages: [{ kind: 'TOTP' }, { kind: 'WEBAUTHN' }],
    });
    await choose(journey, 'TOTP');
    const { key } = journey.step;
    expect(await viewerOf(journey.client)).toBeNull();
    await journey.answer(setUpByApp(house, key));
    expect(journey.step.session.session).toMatchObject({ amr: ['pwd', 'otp'], aal: 2 });
    house.app.clock.advance(30);
    const next = await withPassword(house, person, SLUG);
    expect(next.step).toMatchObject({ authenticators: [{ kind: 'TOTP' }], setupStages: [] });
    await next.answer(appCode(house, key));
    expectCompleted(next);
  });

  it('lets them set a passkey up instead, which is all that they need the next time', async () => {
    const { person } = await member(house);
    const journey = await withPassword(house, person, SLUG);
    await choose(journey, 'WEBAUTHN');
    const passkey = new SoftwarePasskey();
    await journey.answer({ webAuthnSetup: { passkey: passkey.create(journey.step.options) } });
    expectCompleted(journey);
    const next = await house.begin(SLUG);
    await next.answer({ identification: { passkey: passkey.get(next.step.passkeyOptions) } });
    expect(next.step.session.session).toMatchObject({ aal: 2 });
    expect(await viewerOf(next.client)).toMatchObject({ username: person.username });
  });

  it('signs nobody in who goes no further, and asks for nothing that was not finished', async () => {
    const { person } = await member(house);
    const abandoned = await withPassword(house, person, SLUG);
    await choose(abandoned, 'TOTP');
    expect(await viewerOf(abandoned.client)).toBeNull();
    expectCompleted(await withPassword(house, person));
    await abandoned.answer({ totpSetup: { code: wrongTotpCode(abandoned.step.key, house.app.clock.now()) } });
    expect(abandoned.step).toMatchObject({
      __typename: 'TotpSetupChallenge',
      errors: [{ code: 'INVALID_CODE' }],
    });
    const again = await withPassword(house, person, SLUG);
    expect(again.step.setupStages).toHaveLength(2);
  });

  it('offers nothing to set up to somebody who has a factor and does not show it', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const [code] = await withRecoveryCodes(house, client, key);
    const journey = await withPassword(house, person, SLUG);
    expect(journey.step.setupStages).toEqual([]);
    await journey.answer(answer({ setupStageId: '00000000-0000-4000-8000-000000000000' }));
    expect(journey.step.errors).not.toEqual([]);
    expect(journey.step.__typename).toBe('AuthenticatorValidateChallenge');
    const authenticators: { id: string; kind: string }[] = journey.step.authenticators;
    const authenticatorId = authenticators.find(({ kind }) => kind === 'STATIC')?.id;
    await journey.answer(answer({ authenticatorId, code }));
    expect(journey.step.session.session).toMatchObject({ amr: ['pwd', 'recovery-code'], aal: 2 });
  });
});
