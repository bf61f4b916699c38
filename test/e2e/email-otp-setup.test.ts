import { uniqueName } from '../support/compose.js';
import { beginSetup, expectCompleted, otherThan, sentCode } from '../support/factor-journeys.js';
import { signedIn } from '../support/flows.js';
import type { Journey } from '../support/journey.js';
import { MailedApp } from '../support/mailed.js';

const SLUG = 'authenticator-email-setup';
const ADDRESS_LIMIT = 5;

let house: MailedApp;
beforeAll(async () => {
  house = await MailedApp.start();
});
afterAll(() => house.close());
beforeEach(async () => {
  house.app.clock.advance(24 * 3600);
  await house.signInAgain();
});

const setUp = (response: object) => ({ emailOtpSetup: response });
const newAddress = () => `${uniqueName('mailbox')}@example.org`;

/** Somebody who begins to set codes by e-mail up. */
async function beginning(fields: object = {}): Promise<{ journey: Journey; email: string }> {
  const person = await house.person(fields);
  const client = await signedIn(house.app, person);
  return { journey: await beginSetup(house, client, SLUG), email: person.email };
}

describe('setting codes by e-mail up', () => {
  it('sends a code to the address of the account, which is shown masked, and is done with that code', async () => {
    const { journey, email } = await beginning();
    expect(journey.step).toMatchObject({ emailRequired: false, errors: [] });
    expect(journey.step.email).toMatch(/•|\*/);
    expect(journey.step.email).not.toBe(email);
    const code = await sentCode(house, email);
    await journey.answer(setUp({ code: otherThan(code) }));
    expect(journey.step.errors).toMatchObject([{ field: 'code', code: 'INVALID_CODE' }]);
    await journey.answer(setUp({ code }));
    expectCompleted(journey);
  });

  it('asks whoever has no address for one, and sends the code there', async () => {
    const { journey } = await beginning({ email: null });
    expect(journey.step).toMatchObject({ emailRequired: true, email: null });
    const address = newAddress();
    await journey.answer(setUp({ email: address }));
    expect(journey.step).toMatchObject({ emailRequired: false, errors: [] });
    await journey.answer(setUp({ code: await sentCode(house, address) }));
    expectCompleted(journey);
  });

  it('takes another address, and then no code that was sent to the one before', async () => {
    const { journey, email } = await beginning();
    const [first, address] = [await sentCode(house, email), newAddress()];
    await journey.answer(setUp({ email: address }));
    const second = await sentCode(house, address);
    if (first !== second) {
      await journey.answer(setUp({ code: first }));
      expect(journey.step.errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    }
    await journey.answer(setUp({ code: second }));
    expectCompleted(journey);
  });

  it('takes no code that is too old, and sends another one when it is asked to', async () => {
    const { journey, email } = await beginning();
    const code = await sentCode(house, email);
    house.app.clock.advance(601);
    await journey.answer(setUp({ code }));
    expect(journey.step.errors).toMatchObject([{ code: 'CODE_EXPIRED' }]);
    await journey.answer(setUp({ resend: true }));
    await journey.answer(setUp({ code: await sentCode(house, email) }));
    expectCompleted(journey);
  });

  it('sends no more mails than it may, to whatever address', async () => {
    const { journey } = await beginning();
    for (let count = 1; count < ADDRESS_LIMIT; count += 1) {
      await journey.answer(setUp({ email: newAddress() }));
      expect(journey.step.errors).toEqual([]);
    }
    await journey.answer(setUp({ email: newAddress() }));
    expect(journey.step.errors).toMatchObject([{ code: 'RATE_LIMITED', retryAt: expect.any(String) }]);
  });

  it('takes an address once of each person', async () => {
    const person = await house.person();
    const client = await signedIn(house.app, person);
    const first = await beginSetup(house, client, SLUG);
    await first.answer(setUp({ code: await sentCode(house, person.email) }));
    expectCompleted(first);
    const again = await beginSetup(house, client, SLUG);
    // First they show the one that they have.
    expect(again.step.__typename).toBe('AuthenticatorValidateChallenge');
    await again.answer({ authenticatorValidate: { code: await sentCode(house, person.email) } });
    expect(again.step).toMatchObject({ __typename: 'EmailOtpSetupChallenge', emailRequired: true });
    await again.answer(setUp({ email: person.email.toUpperCase() }));
    expect(again.step.errors).toMatchObject([{ field: 'email', code: 'ALREADY_SET_UP' }]);
  });
});
