import { upToSecondFactor } from '../support/authenticators.js';
import type { ComposedFlow } from '../support/compose.js';
import { answerTo, find, viewerOf } from '../support/executions.js';
import { signedIn, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspect } from '../support/inspector.js';
import { MailedFlows } from '../support/mailed-flows.js';
import {
  MASKED,
  SIGNED_IN,
  codeTo,
  codesOf,
  codesSentTo,
  inSeconds,
  isDone,
  reader,
  validate,
} from '../support/mailed-codes.js';
import type { Reader } from '../support/mailed-codes.js';
import { shownCode, wrongCode } from '../support/second-factors.js';
import type { TestClient } from '../support/test-client.js';

const EVENTS = 'query($id: ID!) { events(filter: { userId: $id }) { edges { node { action details } } } }';

let house: MailedFlows;
let setup: ComposedFlow;
beforeAll(async () => {
  house = await MailedFlows.start();
  setup = await house.composer.flowOf(SIGNED_IN, { emailOtpSetup: {} });
});
afterAll(() => house.close());

interface Login {
  readonly client: TestClient;
  readonly asked: Execution;
  readonly code: string;
}

/** Somebody who has typed their password, and been sent a code. */
async function login({ person }: Pick<Reader, 'person'>): Promise<Login> {
  const client = house.device();
  const asked = await upToSecondFactor(client, person);
  return { client, asked, code: await codeTo(house, person.email) };
}

/** One code where another is expected: wrong even when chance has made both the same. */
const inPlaceOf = (expected: string, code: string): string => (code === expected ? wrongCode(code) : code);

describe('signing in with a code that is mailed', () => {
  it('is shown where the code went, is sent one mail, and stays at level 1', async () => {
    const owner = await reader(house, setup);
    const { client, asked, code } = await login(owner);
    expect(asked.step).toMatchObject({
      authenticators: [{ kind: 'EMAIL', name: 'E-mail', hint: expect.stringMatching(MASKED) }],
      selectedId: asked.step.authenticators[0].id,
      ...{ codeResendAt: inSeconds(house, 0), codeExpiresAt: inSeconds(house, 600) },
    });
    expect((await find(client, asked)).step).toEqual(asked.step);
    expect(await viewerOf(client)).toBeNull();
    expect(await codesSentTo(house, owner.person.email)).toBe(2);
    const { step } = await submit(client, asked, validate({ code: `${code.slice(0, 4)} ${code.slice(4)}` }));
    expect(step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { amr: ['pwd', 'email-otp'], aal: 1 } },
    });
  });

  it('takes neither the code of the setup, nor one of another sign-in, nor somebody else’s', async () => {
    const [ada, bob] = [await reader(house, setup), await reader(house, setup)];
    const [first, second, third] = [await login(ada), await login(ada), await login(bob)];
    let run = second.asked;
    for (const foreign of [ada.code, first.code, third.code]) {
      run = await submit(second.client, run, validate({ code: inPlaceOf(second.code, foreign) }));
      expect(run.step.errors).toMatchObject([{ field: 'code', code: 'INVALID_CODE' }]);
    }
    for (const { client, asked, code } of [first, third])
      expect(isDone(await submit(client, asked, validate({ code })))).toBe(true);
    const used = await submit(second.client, run, validate({ code: inPlaceOf(second.code, first.code) }));
    expect(codesOf(used)).toEqual(['INVALID_CODE']);
    expect(await viewerOf(second.client)).toBeNull();
  });

  it('takes a code once, though it is sent twice at once', async () => {
    const { client, asked, code } = await login(await reader(house, setup));
    const stranger = house.device();
    const input = answerTo(asked, validate({ code }));
    const [own, strange] = await Promise.all([trySubmit(client, input), trySubmit(stranger, input)]);
    expect(isDone(own.data.submitStage)).toBe(true);
    expect(strange.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(await viewerOf(stranger)).toBeNull();
  });

  it('takes no code that is older than ten minutes, but the next one', async () => {
    const owner = await reader(house, setup);
    const { client, asked, code } = await login(owner);
    await house.pass(600);
    const late = await submit(client, asked, validate({ code }));
    expect(late.step.errors).toMatchObject([{ field: 'code', code: 'CODE_EXPIRED' }]);
    const resent = await submit(client, late, validate({ resend: true }));
    const next = await codeTo(house, owner.person.email);
    const old = await submit(client, resent, validate({ code: inPlaceOf(next, code) }));
    expect(codesOf(old)).toEqual(['INVALID_CODE']);
    expect(isDone(await submit(client, old, validate({ code: next })))).toBe(true);
  });

  it('looks at five codes, makes the person wait, and then wants another to be sent', async () => {
    const owner = await reader(house, setup);
    const { client, asked, code } = await login(owner);
    let run = asked;
    for (let time = 0; time < 5; time += 1) {
      run = await submit(client, run, validate({ code: wrongCode(code) }));
      expect(codesOf(run)).toEqual(['INVALID_CODE']);
    }
    const throttled = await submit(client, run, validate({ code }));
    const retryAt = inSeconds(house, 1);
    expect(throttled.step.errors).toMatchObject([{ field: 'code', code: 'RATE_LIMITED', retryAt }]);
    house.app.clock.advance(1);
    const used = await submit(client, throttled, validate({ code }));
    expect(codesOf(used)).toEqual(['CODE_EXPIRED']);
    const resent = await submit(client, used, validate({ resend: true }));
    const next = await codeTo(house, owner.person.email);
    house.app.clock.advance(2);
    expect(isDone(await submit(client, resent, validate({ code: next })))).toBe(true);
  });

  it('sends five mails in ten minutes, setting up among them, and says from when on there are more', async () => {
    const owner = await reader(house, setup);
    const begun = await login(owner);
    let { asked: run, code } = begun;
    for (let time = 0; time < 3; time += 1) {
      run = await submit(begun.client, run, validate({ resend: true }));
      code = await codeTo(house, owner.person.email);
    }
    const limited = await submit(begun.client, run, validate({ resend: true }));
    expect(limited.step.errors).toMatchObject([{ code: 'RATE_LIMITED', retryAt: inSeconds(house, 600) }]);
    expect(await codesSentTo(house, owner.person.email)).toBe(5);
    expect(isDone(await submit(begun.client, limited, validate({ code })))).toBe(true);
    await house.pass(600);
    expect((await login(owner)).code).toMatch(/^\d{6}$/);
  });

  it.each([
    ['', 'REQUIRED'],
    ['abcdef', 'INVALID_CODE'],
    ['12345', 'INVALID_CODE'],
    ['٠١٢٣٤٥', 'INVALID_CODE'],
    ['1'.repeat(10_000), 'TOO_LONG'],
    ['123456\0', 'INVALID'],
  ])('does not take %j', async (typed, error) => {
    const { client, asked, code } = await login(await reader(house, setup));
    const refused = await submit(client, asked, validate({ code: typed }));
    expect(refused.step.errors).toMatchObject([{ field: 'code', code: error }]);
    expect(isDone(await submit(client, refused, validate({ code })))).toBe(true);
  });

  it('tells nobody else the code: not the inspector, nor events, nor what is logged', async () => {
    const { person } = await reader(house, setup);
    const { client, asked, code } = await login({ person });
    const admin = await signedIn(house.app);
    const underway = await inspect(admin, { id: asked.id });
    await submit(client, asked, validate({ code: wrongCode(code) }));
    const { edges } = (await admin.ok(EVENTS, { id: person.id })).events;
    expect(edges.map(({ node }: { node: { action: string } }) => node.action)).toEqual(
      expect.arrayContaining(['AUTHENTICATOR_ADDED', 'SECOND_FACTOR_FAILED']),
    );
    expect(underway.step).toMatchObject({ kind: 'CHALLENGE' });
    expect(JSON.stringify([asked, underway, edges, house.app.log])).not.toMatch(shownCode(code));
  });
});
