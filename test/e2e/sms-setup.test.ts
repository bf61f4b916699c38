import { filledIn } from '../support/compose.js';
import { answerTo } from '../support/executions.js';
import { submit, trySubmit } from '../support/flows.js';
import { shownCode } from '../support/second-factors.js';
import { simulate } from '../support/simulations.js';
import { codeIn } from '../support/text-provider.js';
import { TextScene, codesOf, sms, wrongFor } from '../support/text-scene.js';

const NOBODY = '+4915123456789';

let scene: TextScene;
beforeAll(async () => {
  scene = await TextScene.start();
});
beforeEach(() => scene.renew());
afterAll(() => scene.close());

describe('setting up a telephone', () => {
  it('asks for the number, sends one message, and is done with the code of it', async () => {
    const { client } = await scene.somebody();
    const begun = await scene.begin(client);
    expect(begun.step).toMatchObject({
      ...{ __typename: 'SmsSetupChallenge', numberRequired: true, number: null },
      ...{ codeResendAt: null, codeExpiresAt: null },
    });
    const asked = await submit(
      client,
      begun,
      sms({ number: `+49 (15) ${scene.number.slice(5, 8)}-${scene.number.slice(8)}` }),
    );
    expect(asked.step).toMatchObject({
      ...{ numberRequired: false, number: '+49••••••••789', errors: [] },
      codeExpiresAt: new Date(scene.app.clock.now().getTime() + 300_000).toISOString(),
    });
    const { from, to, text } = await scene.provider.message(1);
    const code = codeIn(text);
    expect({ from, to, text }).toEqual({
      ...{ from: 'Acme', to: scene.number },
      text: `Stagedoor: your code is ${code}. Do not pass it on to anybody.\n\n@localhost #${code}`,
    });
    expect(JSON.stringify(asked)).not.toMatch(shownCode(code));
    expect(JSON.stringify(asked)).not.toContain(scene.number);
    const wrong = await submit(client, asked, sms({ code: wrongFor(code) }));
    expect(wrong.step.errors).toMatchObject([{ field: 'code', code: 'INVALID_CODE' }]);
    const { step } = await submit(client, wrong, sms({ code: `${code.slice(0, 3)} ${code.slice(3)}` }));
    expect(step.__typename).toBe('FlowCompleted');
    expect(scene.provider.handedIn).toHaveLength(1);
  });

  it('sends at once to a number that a prompt before has asked for, and asks again where that cannot be used', async () => {
    const fieldIds = [await scene.composer.promptField({ key: 'phone', type: 'TEXT', order: 1 })];
    const flow = await scene.composer.flowOf(
      { authentication: 'REQUIRE_AUTHENTICATED' },
      { prompt: { fieldIds } },
      { smsSetup: scene.config() },
    );
    const client = await scene.signedInByText((await scene.caller()).person);
    const told = (phone: string) =>
      scene.begin(client, flow).then((run) => submit(client, run, filledIn({ phone })));
    expect((await told('+49 151 1111111')).step).toMatchObject({ numberRequired: false, errors: [] });
    expect(await scene.provider.message(1)).toMatchObject({ to: '+491511111111' });
    for (const unfit of [scene.number, '0151 2345678', '+1']) {
      expect((await told(unfit)).step).toMatchObject({ numberRequired: true, number: null });
    }
    expect(scene.provider.handedIn).toHaveLength(1);
  });

  it('takes another number as long as none is set up, and the code of the first confirms nothing then', async () => {
    const { client } = await scene.somebody();
    const first = await submit(client, await scene.begin(client), sms({ number: '+4915100000001' }));
    const code = await scene.provider.code(1);
    const second = await submit(client, first, sms({ number: '+4915100000002' }));
    expect(await scene.provider.message(2)).toMatchObject({ to: '+4915100000002' });
    const other = await scene.provider.code(2);
    const answer = sms({ code: code === other ? wrongFor(code) : code });
    const refused = await submit(client, second, answer);
    expect(codesOf(refused)).toEqual(['INVALID_CODE']);
    expect((await submit(client, refused, sms({ code: other }))).step.__typename).toBe('FlowCompleted');
  });

  it('looks at five codes, and then wants another to be sent', async () => {
    const { client } = await scene.somebody();
    let run = await submit(client, await scene.begin(client), sms({ number: scene.number }));
    const code = await scene.provider.code(1);
    for (let time = 0; time < 5; time += 1) {
      run = await submit(client, run, sms({ code: wrongFor(code) }));
      expect(codesOf(run)).toEqual(['INVALID_CODE']);
    }
    run = await submit(client, run, sms({ code }));
    expect(codesOf(run)).toEqual(['CODE_EXPIRED']);
    run = await submit(client, run, sms({ resend: true }));
    const { step } = await submit(client, run, sms({ code: await scene.provider.code(2) }));
    expect(step.__typename).toBe('FlowCompleted');
  });

  it('takes a code for as long as the stage is configured to, and no longer', async () => {
    const { client } = await scene.somebody();
    const brief = await scene.setupWith(scene.config({ codeLifetime: 'PT1M' }));
    const asked = await submit(client, await scene.begin(client, brief), sms({ number: scene.number }));
    const code = await scene.provider.code(1);
    scene.app.clock.advance(60);
    expect(codesOf(await submit(client, asked, sms({ code })))).toEqual(['CODE_EXPIRED']);
  });

  it('sends five messages in ten minutes, whatever numbers they are for, and in whatever execution', async () => {
    const { client } = await scene.somebody();
    let run = await scene.begin(client);
    // One after the other, since messages that are sent at once may overtake each other.
    for (let time = 0; time < 4; time += 1) {
      run = await submit(client, run, sms({ number: `+491510000000${time}` }));
      await scene.provider.handed(time + 1);
    }
    run = await submit(client, run, sms({ resend: true }));
    await scene.provider.handed(5);
    const limited = await submit(client, run, sms({ resend: true }));
    expect(limited.step.errors).toMatchObject([
      { field: 'resend', code: 'RATE_LIMITED', retryAt: expect.any(String) },
    ]);
    const elsewhere = await submit(client, await scene.begin(client), sms({ number: scene.number }));
    expect(elsewhere.step.errors).toMatchObject([{ field: 'number', code: 'RATE_LIMITED' }]);
    expect(elsewhere.step.numberRequired).toBe(true);
    // The code that was sent last is good all the same.
    const { step } = await submit(client, limited, sms({ code: await scene.provider.code(5) }));
    expect(step.__typename).toBe('FlowCompleted');
    expect(scene.provider.handedIn).toHaveLength(5);
  });

  it.each([
    ['empty', '', 'REQUIRED'],
    ['blank', '  ', 'INVALID_NUMBER'],
    ['made of letters', 'call me', 'INVALID_NUMBER'],
    ['without a country', '0151 23456789', 'INVALID_NUMBER'],
    ['too short', '+49151', 'INVALID_NUMBER'],
    ['too long', '+4915123456789012', 'INVALID_NUMBER'],
    ['of ten thousand characters', `+${'1'.repeat(10_000)}`, 'TOO_LONG'],
    ['of other digits', '+٤٩١٥١٢٣٤٥٦٧٨٩', 'INVALID_NUMBER'],
    ['two', `${NOBODY},+4915199999999`, 'INVALID_NUMBER'],
    ['a header', `${NOBODY}\r\nBcc: x`, 'INVALID_NUMBER'],
    ['a form', `${NOBODY}&To=+4915199999999`, 'INVALID_NUMBER'],
    ['JSON', `${NOBODY}","to":"+4915199999999`, 'INVALID_NUMBER'],
    ['unstorable', `${NOBODY}\0`, 'INVALID'],
  ])('takes no number that is %s, and sends nothing', async (_what, typed, code) => {
    const { client } = await scene.somebody();
    const refused = await submit(client, await scene.begin(client), sms({ number: typed }));
    expect(refused.step.errors).toMatchObject([{ field: 'number', code }]);
    expect(refused.step).toMatchObject({ numberRequired: true, number: null });
    const next = await submit(client, refused, sms({ number: scene.number }));
    expect(next.step.numberRequired).toBe(false);
    expect(await scene.provider.message(1)).toMatchObject({ to: scene.number });
  });

  it.each([
    [{}, null, 'REQUIRED'],
    [{ name: 'mine' }, null, 'REQUIRED'],
    [{ resend: true }, 'number', 'REQUIRED'],
    [{ code: '123456' }, 'number', 'REQUIRED'],
  ])('wants a number before %j', async (answer, field, code) => {
    const { client } = await scene.somebody();
    const { step } = await submit(client, await scene.begin(client), sms(answer));
    expect(step.errors).toMatchObject([{ field, code }]);
  });

  it('sends only to the countries that the stage names', async () => {
    const { client } = await scene.somebody();
    const flow = await scene.setupWith(scene.config({ allowedPrefixes: ['+49', '+43'] }));
    const refused = await submit(client, await scene.begin(client, flow), sms({ number: '+15005550006' }));
    expect(refused.step.errors).toMatchObject([{ field: 'number', code: 'NUMBER_NOT_ALLOWED' }]);
    const asked = await submit(client, refused, sms({ number: '+43 664 1234567' }));
    expect(asked.step.numberRequired).toBe(false);
    expect(await scene.provider.message(1)).toMatchObject({ to: '+436641234567' });
  });

  it('takes a number once of each person: not twice, nor twice at once, and tells nobody who else has it', async () => {
    const [, { client, person }] = [await scene.caller(), await scene.somebody()];
    // One after the other, since two messages that are sent at once may overtake each other.
    const one = await submit(client, await scene.begin(client), sms({ number: scene.number }));
    expect(one.step.errors).toEqual([]);
    const first = await scene.provider.code(1);
    const other = await submit(client, await scene.begin(client), sms({ number: scene.number }));
    const second = await scene.provider.code(2);
    const answers = await Promise.all([
      trySubmit(client, answerTo(one, sms({ code: first }))),
      trySubmit(client, answerTo(other, sms({ code: second }))),
    ]);
    const completed = answers.filter(({ data }) => data?.submitStage?.step.__typename === 'FlowCompleted');
    expect(completed).toHaveLength(1);
    scene.provider.reset();
    const proven = await scene.signedInByText(person);
    const again = await submit(proven, await scene.begin(proven), sms({ number: scene.number }));
    expect(again.step.errors).toMatchObject([{ field: 'number', code: 'ALREADY_SET_UP' }]);
  });

  it('is no matter of somebody who is not signed in', async () => {
    const flow = await scene.composer.flowOf({}, { smsSetup: scene.config() });
    expect((await scene.begin(scene.app.client(), flow)).step.__typename).toBe('FlowDenied');
  });

  it('sends nothing while it is only tried out', async () => {
    const { steps } = await simulate(scene.admin, {
      flow: { slug: scene.setup.slug },
      responses: [sms({ number: scene.number })],
    });
    expect(steps.length).toBeGreaterThan(0);
    expect(scene.provider.handedIn).toEqual([]);
  });
});
