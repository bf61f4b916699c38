import { totpCode, wrongTotpCode } from '../support/authenticators.js';
import { viewerOf } from '../support/executions.js';
import { signedIn } from '../support/flows.js';
import { Journey } from '../support/journey.js';
import { MailedApp } from '../support/mailed.js';
import {
  STEP_SECONDS,
  appCode,
  expectCompleted,
  member,
  offered,
  setUpByApp,
  withApp,
  withPassword,
} from '../support/factor-journeys.js';

const SETUP = { flow: { slug: 'default-authenticator-totp-setup' } };
const ADDED = 'A new way to sign in to Stagedoor was set up';
const WRONG_CODE = { authenticatorValidate: { code: '000 000' } };
const HOUR_SECONDS = 3600;

let house: MailedApp;
beforeAll(async () => {
  house = await MailedApp.start();
});
afterAll(() => house.close());
beforeEach(async () => {
  house.app.clock.advance(24 * HOUR_SECONDS);
  await house.signInAgain();
});

describe('an authenticator app', () => {
  it('is set up by whoever is signed in, who is told by mail, and asked for it at the next login', async () => {
    const { person, client } = await member(house);
    const elsewhere = await signedIn(house.app, person);
    const key = await withApp(house, client);
    expect((await house.noticeTo(person.email, ADDED)).text).toContain('Authenticator app');
    // Whoever else was signed in is not any more; this browser is.
    expect(await viewerOf(elsewhere)).toBeNull();
    expect(await viewerOf(client)).toMatchObject({ username: person.username });
    const journey = await withPassword(house, person);
    expect(journey.step).toMatchObject({
      __typename: 'AuthenticatorValidateChallenge',
      stageName: 'default-authentication-second-factor',
      authenticators: [{ kind: 'TOTP' }],
      errors: [],
    });
    expect(await viewerOf(journey.client)).toBeNull();
    await journey.answer(appCode(house, key));
    expect(journey.step.session.session).toMatchObject({ amr: ['pwd', 'otp'], aal: 2 });
  });

  it('is not asked of anybody who has none', async () => {
    const { person } = await member(house);
    const journey = await withPassword(house, person);
    expect(journey.step.session.session).toMatchObject({ amr: ['pwd'], aal: 1 });
  });

  it('is set up by the right code only, for the key that was shown, in however many tries', async () => {
    const { client } = await member(house);
    const journey = await Journey.begin(client, SETUP);
    const { key } = journey.step;
    await journey.answer({ totpSetup: { code: wrongTotpCode(key, house.app.clock.now()) } });
    expect(journey.step).toMatchObject({ key, errors: [{ field: 'code', code: 'INVALID_CODE' }] });
    await journey.look();
    expect(journey.step.key).toBe(key);
    await journey.answer(setUpByApp(house, key));
    expectCompleted(journey);
  });

  it('opens and asks for nothing, where setting it up was begun and never finished', async () => {
    const { person, client } = await member(house);
    const abandoned = await Journey.begin(client, SETUP);
    const journey = await withPassword(house, person);
    expectCompleted(journey);
    // Nor is it set up in a browser that is signed out meanwhile.
    await client.ok('mutation { startFlow(input: { flow: { slug: "default-invalidation-flow" } }) { id } }');
    await abandoned.answer(setUpByApp(house, abandoned.step.key));
    expect(abandoned.step.__typename).not.toBe('FlowCompleted');
    expectCompleted(await withPassword(house, person));
  });

  it('is set up in one of two tabs: what was begun in the other ends with it, and changes nothing', async () => {
    const { person, client } = await member(house);
    const [one, other] = [await Journey.begin(client, SETUP), await Journey.begin(client, SETUP)];
    const [first, second] = [one.step.key, other.step.key];
    expect(first).not.toBe(second);
    await one.answer(setUpByApp(house, first));
    expectCompleted(one);
    await other.answer(setUpByApp(house, second));
    expect(other.step.__typename).toBe('FlowDenied');
    house.app.clock.advance(STEP_SECONDS);
    const journey = await withPassword(house, person);
    expect(journey.step.authenticators).toHaveLength(1);
    await journey.answer(appCode(house, second));
    expect(journey.step.errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    await journey.answer(appCode(house, first));
    expectCompleted(journey);
  });

  it('is joined by another one only once the first was shown, and either is good then', async () => {
    const { person, client } = await member(house);
    const first = await withApp(house, client);
    const journey = await Journey.begin(client, SETUP);
    expect(journey.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge' });
    await journey.answer(WRONG_CODE);
    expect(journey.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge' });
    await journey.answer(appCode(house, first));
    const second = journey.step.key;
    const code = totpCode(second, house.app.clock.now());
    await journey.answer({ totpSetup: { code, name: 'Second phone' } });
    expectCompleted(journey);
    house.app.clock.advance(STEP_SECONDS);
    for (const [name, key] of Object.entries({ 'Authenticator app': first, 'Second phone': second })) {
      const login = await withPassword(house, person);
      await login.answer({ authenticatorValidate: { authenticatorId: offered(login, { name }) } });
      expect(login.step).toMatchObject({ errors: [], selectedId: offered(login, { name }) });
      await login.answer(appCode(house, key));
      expectCompleted(login);
    }
  });
});

describe('a code of an authenticator app', () => {
  it('that is wrong signs nobody in, and the right one does after it', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const journey = await withPassword(house, person);
    await journey.answer(WRONG_CODE);
    expect(journey.step).toMatchObject({ errors: [{ field: 'code', code: 'INVALID_CODE' }] });
    expect(await viewerOf(journey.client)).toBeNull();
    await journey.answer(appCode(house, key));
    expectCompleted(journey);
  });

  it('of somebody else signs nobody in', async () => {
    const [one, other] = [await member(house), await member(house)];
    await withApp(house, one.client);
    const foreign = await withApp(house, other.client);
    const journey = await withPassword(house, one.person);
    await journey.answer(appCode(house, foreign));
    expect(journey.step).toMatchObject({ errors: [{ field: 'code', code: 'INVALID_CODE' }] });
    const strange = await withPassword(house, other.person);
    const authenticatorId = strange.step.authenticators[0].id;
    await journey.answer({ authenticatorValidate: { authenticatorId, code: '123456' } });
    expect(journey.step).toMatchObject({ errors: [{ code: 'UNKNOWN_AUTHENTICATOR' }] });
  });

  it('is of the step before, of this one or of the next, and of no other', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    house.app.clock.advance(10 * STEP_SECONDS);
    const old = appCode(house, key);
    house.app.clock.advance(2 * STEP_SECONDS);
    const journey = await withPassword(house, person);
    await journey.answer(old);
    expect(journey.step.errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    const previous = appCode(house, key);
    house.app.clock.advance(STEP_SECONDS);
    await journey.answer(previous);
    expectCompleted(journey);
  });

  it('signs in once, in whichever of two tabs it is typed first', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const browser = house.app.client();
    const tabs = [
      await withPassword(house, person, undefined, browser),
      await withPassword(house, person, undefined, browser),
    ];
    const code = appCode(house, key);
    for (const tab of tabs) await tab.answer(code);
    expect(tabs.map(({ step }) => step.__typename)).toEqual([
      'FlowCompleted',
      'AuthenticatorValidateChallenge',
    ]);
  });

  it('comes too late once its flow has expired', async () => {
    const { person, client } = await member(house);
    const key = await withApp(house, client);
    const journey = await withPassword(house, person);
    house.app.clock.advance(2 * HOUR_SECONDS);
    await journey.answer(appCode(house, key));
    expect(journey.step).toMatchObject({ __typename: 'FlowDenied', code: 'EXPIRED' });
    expect(await viewerOf(journey.client)).toBeNull();
  });
});

describe('proving again that it is you', () => {
  it('takes the password and the second factor', async () => {
    const { client } = await member(house);
    const key = await withApp(house, client);
    const journey = await Journey.begin(client, { flow: { designation: 'AUTHENTICATION' } });
    expect(journey.execution.flow.slug).toBe('default-reauthentication');
    expect(journey.step.__typename).toBe('PasswordChallenge');
    await journey.answer({ password: { password: 'a long enough password' } });
    expect(journey.step.__typename).toBe('AuthenticatorValidateChallenge');
    await journey.answer(appCode(house, key));
    expect(journey.step.session.session).toMatchObject({ amr: ['pwd', 'otp'], aal: 2 });
  });
});
