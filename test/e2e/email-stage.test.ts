import { cancel, find, viewerOf } from '../support/executions.js';
import { start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { byEvents, followingOf, nextExecution } from '../support/following.js';
import { MailedFlows, goOn, otherCode, resend, withCode, withMatch } from '../support/mailed-flows.js';
import { DELETE_USER, UPDATE_USER } from '../support/people.js';
import type { TestClient } from '../support/test-client.js';

let here: MailedFlows;
let magicLink: string;
beforeAll(async () => {
  here = await MailedFlows.start();
  magicLink = await here.magicLink();
});
afterAll(() => here.close());
beforeEach(() => here.pass(3600));

const codesOf = ({ step }: Execution): string[] => step.errors.map(({ code }: { code: string }) => code);
const NO_LINK = { __typename: 'FlowDenied', code: 'INVALID_TOKEN' };

/** Somebody who waits for a mail that has come. */
async function waited(slug = magicLink, how: object = {}) {
  const person = await here.person();
  const client = here.device();
  const execution = await here.waiting(slug, person.email, client, how);
  return { person, client, execution, mail: await here.mailTo(person.email) };
}

async function signedInAs(client: TestClient): Promise<unknown> {
  return (await viewerOf(client))?.username;
}

describe('the code of a mail', () => {
  it('signs in where it is typed, and proves no more than that a mail has arrived', async () => {
    const { person, client, execution, mail } = await waited();
    const now = here.app.clock.now();
    expect(execution.step).toMatchObject({
      __typename: 'EmailChallenge',
      purpose: 'WAIT',
      sentTo: person.email,
      matchCode: expect.stringMatching(/^\d\d$/),
      confirmed: false,
      resendAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + 600_000).toISOString(),
    });
    expect(mail.url).toBe(`http://localhost/flows/${magicLink}#flowToken=${mail.token}`);
    const done = await withCode(client, execution, mail.code);
    expect(done.step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { amr: ['email'], aal: 1 } },
    });
    expect(await signedInAs(client)).toBe(person.username);
  });

  it.each([
    ['digits alone', (code: string) => code.replaceAll(' ', '')],
    ['hyphens', (code: string) => code.replaceAll(' ', '-')],
    ['spaces all over', (code: string) => ` ${Array.from(code).join(' ')} `],
    [
      'full-width digits',
      (code: string) => code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    ],
  ])('is understood with %s', async (_how, typed) => {
    const { client, execution, mail } = await waited();
    expect((await withCode(client, execution, typed(mail.code))).step.__typename).toBe('FlowCompleted');
  });

  it('that is wrong five times is good no longer, and another mail has another one', async () => {
    const { person, client, execution, mail } = await waited();
    let current = execution;
    for (let failure = 0; failure < 5; failure += 1) {
      current = await withCode(client, current, otherCode(mail.code));
      expect(codesOf(current)).toEqual(['INVALID_CODE']);
    }
    current = await withCode(client, current, mail.code);
    expect(codesOf(current)).toEqual(['CODE_USED_UP']);
    current = await resend(client, current);
    expect(current.step).toMatchObject({ errors: [], messages: [{ level: 'INFO' }] });
    const another = await here.mailTo(person.email);
    const limited = await withCode(client, current, another.code);
    expect(limited.step.errors).toMatchObject([{ code: 'RATE_LIMITED', retryAt: expect.any(String) }]);
    here.app.clock.advance(2);
    expect((await withCode(client, limited, another.code)).step.__typename).toBe('FlowCompleted');
  });

  it('of an older mail, of another execution, and of another time is no code', async () => {
    const one = await waited();
    const other = await waited();
    expect(codesOf(await withCode(one.client, one.execution, other.mail.code))).toEqual(['INVALID_CODE']);
    const again = await resend(other.client, other.execution);
    const newest = await here.mailTo(other.person.email);
    const refused = await withCode(other.client, again, other.mail.code);
    expect(codesOf(refused)).toEqual(['INVALID_CODE']);
    here.app.clock.advance(600);
    expect(codesOf(await withCode(other.client, refused, newest.code))).toEqual(['CODE_EXPIRED']);
  });

  it('is of no use once the address is another one, or the account disabled or gone', async () => {
    for (const change of [{ email: 'somewhere-else@example.org' }, { active: false }, null]) {
      const { person, client, execution, mail } = await waited();
      const { id } = person;
      const query = change === null ? DELETE_USER : UPDATE_USER;
      await here.people.admin.ok(query, { id, ...(change && { input: change }) });
      const { data } = await trySubmit(client, {
        executionId: execution.id,
        challengeId: execution.step.id,
        response: { email: { code: mail.code } },
      });
      expect(data.submitStage.step.__typename).not.toBe('FlowCompleted');
      expect(await viewerOf(client)).toBeNull();
    }
  });

  it.each<[string, object, string[]]>([
    ['nothing', {}, []],
    ['what is asked elsewhere', { matchCode: '12' }, ['UNKNOWN_FIELD']],
    ['two things at once', { code: '12345678', resend: true }, ['INVALID']],
    ['empty text', { code: '' }, ['REQUIRED']],
    ['ten kilobytes', { code: '1'.repeat(10_000) }, ['TOO_LONG']],
    ['eight other characters', { code: "' or 1=1" }, ['INVALID_CODE']],
    ['what cannot be stored', { code: '1234\u00005678' }, ['INVALID']],
  ])('is not replaced by %s', async (_what, email, codes) => {
    const { client, execution } = await waited();
    const next = await submit(client, execution, { email });
    expect(next.step.__typename).toBe('EmailChallenge');
    expect(codesOf(next)).toEqual(codes);
    expect(await viewerOf(client)).toBeNull();
  });

  it('is text: a number, a list or an object is no answer at all', async () => {
    const { client, execution } = await waited();
    for (const code of [12_345_678, ['12345678'], { $ne: '' }, true, null]) {
      const input = {
        executionId: execution.id,
        challengeId: execution.step.id,
        response: { email: { code } },
      };
      const { data, errors } = await trySubmit(client, input);
      expect(errors.length > 0 || data.submitStage.step.__typename === 'EmailChallenge').toBe(true);
    }
  });
});

describe('the link of a mail', () => {
  it('is confirmed on another device, and the flow goes on where it waits, which is told at once', async () => {
    const { person, client, execution, mail } = await waited();
    const results = byEvents({ address: here.app.address, client }, followingOf(execution));
    await here.app.client().ok('{ viewer { id } }');
    const phone = here.device();
    const landed = await here.open(magicLink, mail.token, phone);
    expect(landed.step).toMatchObject({
      __typename: 'EmailChallenge',
      purpose: 'CONFIRM',
      ...{ sentTo: null, matchCode: null, confirmed: false, user: null },
    });
    const told = nextExecution(results);
    const confirmed = await withMatch(phone, landed, execution.step.matchCode);
    expect(confirmed.step).toMatchObject({
      __typename: 'FlowCompleted',
      session: null,
      messages: [{ level: 'SUCCESS' }],
    });
    expect(await viewerOf(phone)).toBeNull();
    expect((await told).step).toMatchObject({ id: execution.step.id, confirmed: true });
    expect((await find(client, execution)).step).toMatchObject({ confirmed: true });
    const end = nextExecution(results);
    const done = await goOn(client, execution);
    expect(done.step).toMatchObject({ session: { session: { amr: ['email'] } } });
    // Cookies come with an answer, and never over a subscription.
    expect((await end).step).toMatchObject({ __typename: 'FlowCompleted', session: { token: null } });
    expect(await signedInAs(client)).toBe(person.username);
  });

  it('is told to a client that begins to follow only after it was confirmed', async () => {
    const { client, execution, mail } = await waited();
    const phone = here.device();
    const landed = await here.open(magicLink, mail.token, phone);
    await withMatch(phone, landed, execution.step.matchCode);
    const results = byEvents({ address: here.app.address, client }, followingOf(execution));
    expect((await nextExecution(results)).step).toMatchObject({ confirmed: true });
    await results.return?.();
  });

  it('works for a native client, which is given its session where it waits', async () => {
    const { execution, mail } = await waited(magicLink, { client: 'NATIVE' });
    const phone = here.device();
    await withMatch(phone, await here.open(magicLink, mail.token, phone), execution.step.matchCode);
    const done = await goOn(here.device(), execution);
    expect(done.step.session).toMatchObject({ token: expect.any(String), session: { amr: ['email'] } });
  });

  it('is opened by programs any number of times, and nothing comes of it', async () => {
    const { client, execution, mail } = await waited();
    for (let scanner = 0; scanner < 5; scanner += 1) {
      expect((await here.open(magicLink, mail.token)).step).toMatchObject({ purpose: 'CONFIRM' });
    }
    expect((await find(client, execution)).step).toMatchObject({ confirmed: false });
    expect((await goOn(client, execution)).step).toMatchObject({ __typename: 'EmailChallenge', errors: [] });
    const { step } = await start(here.device(), {
      flow: { slug: magicLink },
      flowToken: mail.token,
      responses: [{ email: {} }],
    });
    expect(step).toMatchObject({ __typename: 'EmailChallenge', errors: [{ code: 'REQUIRED' }] });
  });

  it('is spoilt by three wrong match codes, on however many devices', async () => {
    const { client, execution, mail } = await waited();
    const { matchCode } = execution.step;
    for (let failure = 0; failure < 3; failure += 1) {
      const stranger = here.device();
      const landed = await here.open(magicLink, mail.token, stranger);
      const refused = await withMatch(stranger, landed, otherCode(matchCode));
      if (failure < 2) expect(codesOf(refused)).toEqual(['INVALID_MATCH_CODE']);
      else expect(refused.step).toMatchObject(NO_LINK);
    }
    const late = here.device();
    const landed = await here.open(magicLink, mail.token, late);
    expect((await withMatch(late, landed, matchCode)).step).toMatchObject(NO_LINK);
    expect((await goOn(client, execution)).step.__typename).toBe('EmailChallenge');
  });

  it('is good once, for its own flow, and as nothing else', async () => {
    const { execution, mail } = await waited();
    const other = await here.magicLink();
    expect((await here.open(other, mail.token)).step).toMatchObject(NO_LINK);
    for (const code of [mail.token, mail.code]) {
      const phone = here.device();
      const landed = await here.open(magicLink, mail.token, phone);
      const refused = await submit(phone, landed, { email: { code: code.slice(0, 60) } });
      expect(codesOf(refused)).toEqual(['UNKNOWN_FIELD']);
    }
    const phone = here.device();
    await withMatch(phone, await here.open(magicLink, mail.token, phone), execution.step.matchCode);
    expect((await here.open(magicLink, mail.token)).step).toMatchObject(NO_LINK);
    expect((await here.open(magicLink, execution.step.matchCode)).step).toMatchObject(NO_LINK);
  });

  it('opens whether or not the flow would let its opener in, and tells them nothing of whom it is for', async () => {
    const signedInOnly = await here.composer.flowOf(
      { designation: 'STAGE_CONFIGURATION', authentication: 'REQUIRE_AUTHENTICATED' },
      { email: { template: 'EMAIL_CONFIRMATION' } },
    );
    const person = await here.person();
    const client = await here.people.signedIn(person);
    const execution = await start(client, { flow: { slug: signedInOnly.slug } });
    expect(execution.step).toMatchObject({ purpose: 'WAIT', sentTo: null });
    const mail = await here.mailTo(person.email);
    const phone = here.device();
    const landed = await here.open(signedInOnly.slug, mail.token, phone);
    expect(JSON.stringify(landed)).not.toMatch(new RegExp(`${person.username}|${person.email}`));
    expect((await withMatch(phone, landed, execution.step.matchCode)).step.session).toBeNull();
    expect((await goOn(client, execution)).step.__typename).toBe('FlowCompleted');
  });

  it('is good no longer once there is a newer one, or nobody waits for it any more', async () => {
    const again = await waited();
    await resend(again.client, again.execution);
    const coded = await waited();
    await withCode(coded.client, coded.execution, coded.mail.code);
    const cancelled = await waited();
    await cancel(cancelled.client, cancelled.execution);
    for (const { mail } of [again, coded, cancelled]) {
      expect((await here.open(magicLink, mail.token)).step).toMatchObject(NO_LINK);
    }
    const expired = await waited();
    const phone = here.device();
    const landed = await here.open(magicLink, expired.mail.token, phone);
    here.app.clock.advance(600);
    expect((await here.open(magicLink, expired.mail.token)).step).toMatchObject(NO_LINK);
    const late = await withMatch(phone, landed, expired.execution.step.matchCode);
    expect(late.step).toMatchObject(NO_LINK);
  });

  it('that was opened in time is good no longer where the execution ends before it is confirmed', async () => {
    const { client, execution, mail } = await waited();
    const phone = here.device();
    const landed = await here.open(magicLink, mail.token, phone);
    await cancel(client, execution);
    expect((await withMatch(phone, landed, execution.step.matchCode)).step).toMatchObject(NO_LINK);
  });

  it('of an execution that has begun again is forgotten with what it was sent for', async () => {
    const flow = await here.composer.flow({ designation: 'AUTHENTICATION' });
    const fields = { userFields: ['EMAIL'], pretendUserExists: true };
    await here.composer.add(flow, 0, { identification: fields });
    await here.composer.add(flow, 1, { email: {} }, { invalidResponseAction: 'RESTART_WITH_CONTEXT' });
    const { client, execution, mail } = await waited(flow.slug);
    const restarted = await withCode(client, execution, otherCode(mail.code));
    expect(restarted.step.__typename).toBe('IdentificationChallenge');
    expect((await here.open(flow.slug, mail.token)).step).toMatchObject(NO_LINK);
    const another = await here.person();
    const identified = { identification: { identifier: another.email } };
    const next = await submit(client, restarted, identified);
    expect(next.step).toMatchObject({ sentTo: another.email, errors: [] });
    const refused = await withCode(client, next, mail.code);
    expect(refused.step.__typename).toBe('IdentificationChallenge');
  });
});
