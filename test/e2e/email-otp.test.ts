import { upToSecondFactor } from '../support/authenticators.js';
import { filledIn, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { answerTo, find } from '../support/executions.js';
import { start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { MailedFlows } from '../support/mailed-flows.js';
import {
  MASKED,
  SIGNED_IN,
  browserOf,
  codeTo,
  codesOf,
  codesSentTo,
  inSeconds,
  isDone,
  otp,
  validate,
} from '../support/mailed-codes.js';
import { shownCode, wrongCode } from '../support/second-factors.js';
import type { TestClient } from '../support/test-client.js';

const OWN = '{ viewer { highestAal authenticators { id kind name hint } } }';
const REMOVE = 'mutation($id: ID!) { removeAuthenticator(id: $id) }';

let house: MailedFlows;
let setup: ComposedFlow;
beforeAll(async () => {
  house = await MailedFlows.start();
  setup = await house.composer.flowOf(SIGNED_IN, { emailOtpSetup: {} });
});
afterAll(() => house.close());

const newAddress = (): string => `${uniqueName('mailbox')}@example.org`;
const ownOf = async (client: TestClient) => (await client.ok(OWN)).viewer;

/** Somebody without an address, and their browser. */
const unreachable = async (): Promise<TestClient> => browserOf(house, await house.people.create());
const begin = (client: TestClient, { slug } = setup): Promise<Execution> => start(client, { flow: { slug } });

describe('setting up an address that codes are sent to', () => {
  it('uses the one of the account, masked, and sends one mail however often one looks', async () => {
    const person = await house.person();
    const client = await browserOf(house, person);
    const asked = await begin(client);
    expect(asked.step).toMatchObject({
      ...{ __typename: 'EmailOtpSetupChallenge', emailRequired: false, errors: [] },
      ...{
        email: expect.stringMatching(MASKED),
        codeResendAt: inSeconds(house, 0),
        codeExpiresAt: inSeconds(house, 600),
      },
    });
    const code = await codeTo(house, person.email);
    expect((await find(client, asked)).step).toEqual(asked.step);
    const wrong = await submit(client, asked, otp({ code: wrongCode(code) }));
    expect(wrong.step.errors).toMatchObject([{ field: 'code', code: 'INVALID_CODE' }]);
    expect((await ownOf(client)).authenticators).toEqual([]);
    expect(await codesSentTo(house, person.email)).toBe(1);
    const told = JSON.stringify([asked, wrong]);
    expect(told).not.toMatch(shownCode(code));
    expect(told).not.toContain(person.email);
    const spelt = ` ${code.slice(0, 3)}-${code.slice(3)}`;
    expect(isDone(await submit(client, wrong, otp({ code: spelt, name: 'at home' })))).toBe(true);
    expect(await ownOf(client)).toMatchObject({
      highestAal: 1,
      authenticators: [{ kind: 'EMAIL', name: 'at home', hint: expect.stringMatching(MASKED) }],
    });
  });

  it('asks for one where the account has none, and sends one mail to it', async () => {
    const [client, address] = [await unreachable(), newAddress()];
    const begun = await begin(client);
    const nothing = { email: null, emailRequired: true, codeResendAt: null, codeExpiresAt: null };
    expect(begun.step).toMatchObject({ __typename: 'EmailOtpSetupChallenge', ...nothing });
    const asked = await submit(client, begun, otp({ email: address }));
    expect(asked.step).toMatchObject({
      errors: [],
      emailRequired: false,
      codeExpiresAt: inSeconds(house, 600),
    });
    expect(asked.step.email).toMatch(MASKED);
    const code = await codeTo(house, address);
    expect(await codesSentTo(house, address)).toBe(1);
    expect(isDone(await submit(client, asked, otp({ code })))).toBe(true);
  });

  it('uses one that a prompt before has asked for', async () => {
    const fieldIds = [await house.composer.promptField({ key: 'email', type: 'EMAIL' })];
    const flow = await house.composer.flowOf(SIGNED_IN, { prompt: { fieldIds } }, { emailOtpSetup: {} });
    const [client, email] = [await unreachable(), newAddress()];
    const asked = await submit(client, await begin(client, flow), filledIn({ email }));
    expect(asked.step).toMatchObject({ emailRequired: false, errors: [] });
    expect(isDone(await submit(client, asked, otp({ code: await codeTo(house, email) })))).toBe(true);
  });

  it('takes another address, which only a code that was sent there confirms', async () => {
    const person = await house.person();
    const [client, other] = [await browserOf(house, person), newAddress()];
    const asked = await begin(client);
    const first = await codeTo(house, person.email);
    const changed = await submit(client, asked, otp({ email: other }));
    expect(changed.step).toMatchObject({ errors: [], emailRequired: false });
    const second = await codeTo(house, other);
    const refused = await submit(client, changed, otp({ code: first === second ? wrongCode(first) : first }));
    expect(codesOf(refused)).toEqual(['INVALID_CODE']);
    // Nor is the first one good again where the first address is.
    const back = await submit(client, refused, otp({ email: person.email }));
    const third = await codeTo(house, person.email);
    const old = await submit(client, back, otp({ code: first === third ? wrongCode(first) : first }));
    expect(codesOf(old)).toEqual(['INVALID_CODE']);
    expect(isDone(await submit(client, old, otp({ code: third })))).toBe(true);
  });

  it('takes a code for ten minutes, or as long as the stage is configured to', async () => {
    const brief = await house.composer.flowOf(SIGNED_IN, { emailOtpSetup: { lifetime: 'PT1M' } });
    for (const [flow, seconds] of [[brief, 60] as const, [setup, 600] as const]) {
      const [early, late] = [await house.person(), await house.person()];
      const [one, other] = [await browserOf(house, early), await browserOf(house, late)];
      const [first, second] = [await begin(one, flow), await begin(other, flow)];
      const code = await codeTo(house, early.email);
      const tooLate = await codeTo(house, late.email);
      house.app.clock.advance(seconds - 1);
      expect(isDone(await submit(one, first, otp({ code })))).toBe(true);
      house.app.clock.advance(1);
      const refused = await submit(other, second, otp({ code: tooLate }));
      expect(refused.step.errors).toMatchObject([{ field: 'code', code: 'CODE_EXPIRED' }]);
      const resent = await submit(other, refused, otp({ resend: true }));
      const again = await codeTo(house, late.email);
      expect(isDone(await submit(other, resent, otp({ code: again })))).toBe(true);
      await house.pass(0);
    }
  });

  it('looks at five codes, and then wants another to be sent', async () => {
    const person = await house.person();
    const client = await browserOf(house, person);
    let run = await begin(client);
    const code = await codeTo(house, person.email);
    for (let time = 0; time < 5; time += 1) {
      run = await submit(client, run, otp({ code: wrongCode(code) }));
      expect(codesOf(run)).toEqual(['INVALID_CODE']);
    }
    run = await submit(client, run, otp({ code }));
    expect(codesOf(run)).toEqual(['CODE_EXPIRED']);
    run = await submit(client, run, otp({ resend: true }));
    expect(isDone(await submit(client, run, otp({ code: await codeTo(house, person.email) })))).toBe(true);
  });

  it('sends five mails in ten minutes, says from when on there are more, and the last code is good', async () => {
    const person = await house.person();
    const client = await browserOf(house, person);
    let run = await begin(client);
    let code = await codeTo(house, person.email);
    for (let time = 0; time < 4; time += 1) {
      expect(run.step.codeResendAt).toBe(inSeconds(house, 0));
      run = await submit(client, run, otp({ resend: true }));
      code = await codeTo(house, person.email);
    }
    expect(run.step.codeResendAt).toBe(inSeconds(house, 600));
    const limited = await submit(client, run, otp({ resend: true }));
    const retryAt = inSeconds(house, 600);
    expect(limited.step.errors).toMatchObject([{ field: 'resend', code: 'RATE_LIMITED', retryAt }]);
    const elsewhere = await begin(client);
    expect(elsewhere.step).toMatchObject({
      emailRequired: false,
      codeResendAt: retryAt,
      codeExpiresAt: null,
    });
    const unsent = await submit(client, elsewhere, otp({ code }));
    expect(codesOf(unsent)).toEqual(['CODE_EXPIRED']);
    const other = await submit(client, unsent, otp({ email: newAddress() }));
    expect(other.step.errors).toMatchObject([{ field: 'email', code: 'RATE_LIMITED', retryAt }]);
    expect(isDone(await submit(client, limited, otp({ code })))).toBe(true);
    expect(await codesSentTo(house, person.email)).toBe(5);
  });

  it('takes an address once of each person; when that is removed, the one of the account is used again', async () => {
    const person = await house.person();
    const client = await browserOf(house, person);
    // One after the other, since two mails that are sent at once may overtake each other.
    const asked = async () => ({ run: await begin(client), code: await codeTo(house, person.email) });
    const both = [await asked(), await asked()];
    const answers = await Promise.all(
      both.map(({ run, code }) => trySubmit(client, answerTo(run, otp({ code })))),
    );
    expect(answers.filter(({ data }) => data?.submitStage && isDone(data.submitStage))).toHaveLength(1);
    const [{ id }, ...others] = (await ownOf(client)).authenticators;
    expect(others).toEqual([]);
    const shown = await begin(client);
    expect(shown.step.__typename).toBe('AuthenticatorValidateChallenge');
    const again = await submit(client, shown, validate({ code: await codeTo(house, person.email) }));
    expect(again.step).toMatchObject({ __typename: 'EmailOtpSetupChallenge', emailRequired: true });
    const refused = await submit(client, again, otp({ email: person.email.toUpperCase() }));
    expect(refused.step.errors).toMatchObject([{ field: 'email', code: 'ALREADY_SET_UP' }]);
    expect(await codesSentTo(house, person.email)).toBe(3);
    const browser = house.device();
    const login = await upToSecondFactor(browser, person);
    await submit(browser, login, validate({ code: await codeTo(house, person.email) }));
    await browser.ok(REMOVE, { id });
    const other = await browserOf(house, person);
    expect((await begin(other)).step).toMatchObject({ emailRequired: false });
    await codeTo(house, person.email);
  });

  it.each([
    [{}, 'REQUIRED'],
    [{ name: 'mine' }, 'REQUIRED'],
    [{ code: '123456' }, 'REQUIRED'],
    [{ resend: true }, 'REQUIRED'],
    [{ email: '' }, 'REQUIRED'],
    [{ email: 'nobody' }, 'INVALID'],
    [{ email: 'nobody@' }, 'INVALID'],
    [{ email: 'a@example.org, eve@example.net' }, 'INVALID'],
    [{ email: 'a@example.org\r\nBcc: eve@example.net' }, 'INVALID'],
    [{ email: 'Ada <a@example.org>' }, 'INVALID'],
    [{ email: 'a@example.org\0' }, 'INVALID'],
    [{ email: `${'a'.repeat(250)}@example.org` }, 'TOO_LONG'],
  ])('wants an address before anything else, and takes none from %j', async (answer, code) => {
    const [client, address] = [await unreachable(), newAddress()];
    const refused = await submit(client, await begin(client), otp(answer));
    expect(refused.step.errors).toMatchObject([{ field: 'email', code }]);
    expect(refused.step).toMatchObject({ email: null, emailRequired: true });
    const { step } = await submit(client, refused, otp({ email: address }));
    expect(step.emailRequired).toBe(false);
    await codeTo(house, address);
    expect(JSON.stringify(house.server.mails.map(({ to }) => to))).not.toMatch(/eve|nobody/);
  });

  it('takes one thing at a time, and no code but the one that was sent', async () => {
    const person = await house.person();
    const client = await browserOf(house, person);
    let run = await begin(client);
    const code = await codeTo(house, person.email);
    for (const [answer, field, error] of [
      [{}, 'code', 'REQUIRED'],
      [{ code: '' }, 'code', 'REQUIRED'],
      [{ email: newAddress(), code }, 'code', 'INVALID'],
      [{ email: newAddress(), resend: true }, 'resend', 'INVALID'],
      [{ code, resend: true }, 'resend', 'INVALID'],
      [{ code: '1'.repeat(10_000) }, 'code', 'TOO_LONG'],
      [{ code: `${code}\0` }, 'code', 'INVALID'],
      [{ code: code.slice(1) }, 'code', 'INVALID_CODE'],
      [{ code: `${code}0` }, 'code', 'INVALID_CODE'],
      [{ code: '٠١٢٣٤٥' }, 'code', 'INVALID_CODE'],
    ] as const) {
      run = await submit(client, run, otp(answer));
      expect(run.step.errors).toMatchObject([{ field, code: error }]);
    }
    expect(await codesSentTo(house, person.email)).toBe(1);
    expect(isDone(await submit(client, run, otp({ code })))).toBe(true);
  });

  it('is no matter of somebody who is not signed in', async () => {
    const flow = await house.composer.flowOf({}, { emailOtpSetup: {} });
    expect((await begin(house.device(), flow)).step.__typename).toBe('FlowDenied');
  });
});
