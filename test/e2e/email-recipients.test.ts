import { answerTo, tryStart, viewerOf } from '../support/executions.js';
import { filledIn } from '../support/compose.js';
import { start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspect } from '../support/inspector.js';
import { MailedFlows, goOn, otherCode, resend, withCode, withMatch } from '../support/mailed-flows.js';
import { UPDATE_USER } from '../support/people.js';
import { SIMULATE } from '../support/simulations.js';
import type { Answer } from '../support/test-client.js';

let here: MailedFlows;
let magicLink: string;
let enrollment: string;
beforeAll(async () => {
  here = await MailedFlows.start();
  magicLink = await here.magicLink();
  enrollment = await here.enrollment();
});
afterAll(() => here.close());
beforeEach(() => here.pass(24 * 3600));

const codesOf = ({ step }: Execution): string[] => step.errors.map(({ code }: { code: string }) => code);
const CHANGING =
  /[0-9a-f]{8}-[0-9a-f-]{27}|(?<![\w-])[\w-]{43}(?![\w-])|\d{4}-\d\d-\d\dT[\d:.]+Z|(?<="matchCode":)"\d\d"|(?<=Expires=)[^;]+/g;

/** An answer down to its length, less what is different each time anyway. */
function appearance({ status, headers, data, errors }: Answer, typed: string): string[] {
  const shown = [...headers].filter(([name]) => name !== 'date').map((entry) => entry.join(': '));
  return [...shown, JSON.stringify({ status, data, errors })].map((text) =>
    text.replaceAll(CHANGING, 'changing').replaceAll(typed, 'who'),
  );
}

/** A mail, nothing, a wrong code, other mails until there are too many; and the same again by somebody else. */
async function attempt(slug: string, typed: string, first: object): Promise<string[][]> {
  const client = here.device();
  const started = await tryStart(client, { flow: { slug }, client: 'NATIVE', responses: [first] });
  const answers = [started];
  let execution = { ...started.data.startFlow };
  const { token } = execution;
  const resending = Array.from({ length: 5 }, () => ({ email: { resend: true } }));
  for (const response of [{ email: {} }, { email: { code: '0000 0000' } }, ...resending]) {
    const answer = await trySubmit(client, answerTo({ ...execution, token }, response));
    answers.push(answer);
    execution = answer.data.submitStage;
  }
  answers.push(await tryStart(here.device(), { flow: { slug }, responses: [first] }));
  return answers.map((answer) => appearance(answer, typed));
}

describe('whom a mail is for', () => {
  it('cannot be told from anything that somebody is shown who asks for a mail to an account', async () => {
    const [active, disabled] = [await here.person(), await here.person({ active: false })];
    const none = await here.people.create();
    const typed = [active.email, 'mail-00@example.org', disabled.email, active.username, none.username];
    const looks: string[][][] = [];
    const sentByThen = [5, 5, 5, 10, 10];
    for (const [index, identifier] of typed.entries()) {
      await here.pass(24 * 3600);
      looks.push(await attempt(magicLink, identifier, { identification: { identifier } }));
      // What is on its way when time leaps would come too late, and not be sent.
      await here.mailsTo(active.email, sentByThen[index]);
    }
    const [expected, unknown, shut, named, without] = looks;
    expect(unknown).toEqual(expected);
    expect(shut).toEqual(expected);
    expect(named?.map((answer) => answer.at(-1))).toEqual(without?.map((answer) => answer.at(-1)));
    expect(await here.mailsTo(active.email)).toHaveLength(10);
    expect(await here.mailsTo(disabled.email)).toEqual([]);
    expect(await here.mailsTo('mail-00@example.org')).toEqual([]);
  });

  it('cannot be told where the address of a new account is taken either: its owner gets another mail', async () => {
    const owner = await here.person();
    const disabled = await here.person({ active: false });
    const free = 'mail-99@example.org';
    const looks: string[][][] = [];
    for (const email of [free, owner.email, disabled.email]) {
      await here.pass(24 * 3600);
      looks.push(await attempt(enrollment, email, filledIn({ email })));
      await here.mailsTo(email, email === disabled.email ? 0 : 5);
    }
    expect(looks[1]).toEqual(looks[0]);
    expect(looks[2]).toEqual(looks[0]);
    const subjects = async (address: string) =>
      (await here.mailsTo(address)).map(({ subject, text }) => [subject, text.includes('flowToken')]);
    const [confirmation, exists] = ['Confirm your e-mail', 'You already have'].map((beginning) => [
      expect.stringContaining(beginning),
      beginning.startsWith('Confirm'),
    ]);
    expect(await subjects(free)).toEqual(Array.from({ length: 5 }, () => confirmation));
    expect(await subjects(owner.email)).toEqual(Array.from({ length: 5 }, () => exists));
    expect(await subjects(disabled.email)).toEqual([]);
  });
});

describe('the number of mails', () => {
  it('is limited for a recipient, whoever asks for them and whatever they call them', async () => {
    const { email, username } = await here.person();
    const [client, begun] = [here.device(), here.app.clock.now()];
    let execution = await here.waiting(magicLink, email, client);
    for (let mails = 1; mails < 5; mails += 1) {
      expect(execution.step.resendAt).toBe(begun.toISOString());
      execution = await resend(client, execution);
      expect(codesOf(execution)).toEqual([]);
    }
    const retryAt = new Date(begun.getTime() + 300_000).toISOString();
    expect(execution.step.resendAt).toBe(retryAt);
    execution = await resend(client, execution);
    expect(execution.step).toMatchObject({
      errors: [{ field: 'resend', code: 'RATE_LIMITED', retryAt }],
      resendAt: retryAt,
    });
    const elsewhere = await here.waiting(magicLink, email.toUpperCase());
    expect(elsewhere.step).toMatchObject({ messages: [{ level: 'WARNING' }], resendAt: retryAt });
    // Of what is counted for the account itself nothing is told: it would tell that both names are one person's.
    expect((await here.waiting(magicLink, username)).step).toMatchObject({ messages: [] });
    expect(await here.mailsTo(email, 5)).toHaveLength(5);
    here.app.clock.advance(300);
    execution = await resend(client, execution);
    expect(codesOf(execution)).toEqual([]);
    expect(await here.mailsTo(email, 6)).toHaveLength(6);
  });

  it('is limited for whoever asks, whoever the mails are for, and others go on unhindered', async () => {
    const client = here.device();
    for (let mails = 0; mails < 20; mails += 1) {
      const { step } = await here.waiting(magicLink, `nobody-${mails}@example.org`, client);
      expect(step.messages).toEqual([]);
    }
    const { email } = await here.person();
    const limited = await here.waiting(magicLink, email, client);
    const until = new Date(here.app.clock.now().getTime() + 600_000).toISOString();
    expect(limited.step).toMatchObject({ messages: [{ level: 'WARNING' }], resendAt: until });
    expect((await here.waiting(magicLink, email)).step.messages).toEqual([]);
    expect(await here.mailsTo(email, 1)).toHaveLength(1);
  });

  it('in a long window holds up no stage that has a short one', async () => {
    const { email } = await here.person();
    const patient = await here.magicLink({ maxMails: 10, mailWindow: 'P1D' });
    for (let mail = 0; mail < 5; mail += 1) await here.waiting(patient, email);
    expect(await here.mailsTo(email, 5)).toHaveLength(5);
    here.app.clock.advance(301);
    expect((await here.waiting(magicLink, email)).step).toMatchObject({ messages: [] });
    expect(await here.mailsTo(email, 6)).toHaveLength(6);
  });
});

describe('an address that was collected', () => {
  it('is verified before there is an account with it, and is the account’s then', async () => {
    const email = 'new-here@example.org';
    const client = here.device();
    const execution = await here.collecting(enrollment, email, client);
    expect(execution.step).toMatchObject({ purpose: 'WAIT', sentTo: email });
    const { code, token } = await here.mailTo(email);
    const phone = here.device();
    const landed = await here.open(enrollment, token, phone);
    await withMatch(phone, landed, execution.step.matchCode);
    const named = await goOn(client, execution);
    expect(named.step.__typename).toBe('PromptChallenge');
    const done = await submit(client, named, filledIn({ username: 'newcomer' }));
    expect(done.step).toMatchObject({ session: { session: { amr: ['enrollment'] } } });
    expect(await viewerOf(client)).toMatchObject({ username: 'newcomer', email });
    expect(code).toMatch(/\d/);
  });

  it('is not passed by somebody else’s code, nor one that is not an address at all', async () => {
    const one = here.device();
    const mine = await here.collecting(enrollment, 'one@example.org', one);
    const other = await here.mailTo('one@example.org').then(async () => {
      await here.collecting(enrollment, 'two@example.org');
      return here.mailTo('two@example.org');
    });
    expect(codesOf(await withCode(one, mine, other.code))).toEqual(['INVALID_CODE']);
    const field = await here.composer.promptField({ key: 'email', type: 'TEXT' });
    const lax = await here.composer.flowOf(
      { designation: 'ENROLLMENT' },
      { prompt: { fieldIds: [field] } },
      { email: { recipient: 'COLLECTED' } },
    );
    for (const email of [
      'a@example.org,b@example.org',
      '<a@example.org>',
      'a@example.org Bcc: b@example.org',
    ]) {
      const { step } = await here.collecting(lax.slug, email);
      expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
    }
    const { step } = await here.collecting(lax.slug, 'a@example.org\r\nBcc: b@example.org');
    expect(step).toMatchObject({ __typename: 'PromptChallenge', errors: [{ field: 'values.email' }] });
  });
});

describe('an account that was made to wait for its mail', () => {
  async function enrolled() {
    const fields = ['username', 'email'] as const;
    const types = { username: 'USERNAME', email: 'EMAIL' };
    const fieldIds = await Promise.all(
      fields.map((key) => here.composer.promptField({ key, type: types[key] })),
    );
    const { slug } = await here.composer.flowOf(
      { designation: 'ENROLLMENT' },
      { prompt: { fieldIds } },
      { userWrite: { creation: 'ALWAYS', createUsersAsInactive: true } },
      { email: { template: 'ACCOUNT_CONFIRMATION', activateUserOnSuccess: true } },
      { userLogin: {} },
    );
    const username = `waits-${slug}`;
    const email = `${username}@example.org`;
    const client = here.device();
    const execution = await start(client, { flow: { slug }, responses: [filledIn({ username, email })] });
    expect(execution.step.sentTo).toBe(email);
    return { client, execution, username, email, mail: await here.mailTo(email) };
  }

  it('is let in by it', async () => {
    const { client, execution, username, mail } = await enrolled();
    const done = await withCode(client, execution, mail.code);
    expect(done.step).toMatchObject({ session: { session: { amr: ['enrollment', 'email'] } } });
    expect(await viewerOf(client)).toMatchObject({ username });
  });

  it('is not let in where an administrator has decided that it is not to be', async () => {
    const { client, execution, username, mail } = await enrolled();
    const query = '{ users(first: 100) { edges { node { id username } } } }';
    const { users } = await here.people.admin.ok(query);
    const [account] = users.edges.filter(({ node }: Execution) => node.username === username);
    await here.people.admin.ok(UPDATE_USER, { id: account.node.id, input: { active: false } });
    const { data } = await trySubmit(client, answerTo(execution, { email: { code: mail.code } }));
    expect(data.submitStage.step.__typename).not.toBe('FlowCompleted');
    expect(await viewerOf(client)).toBeNull();
    const later = await here.magicLink({ activateUserOnSuccess: true });
    await here.waiting(later, username);
    expect(await here.mailsTo(`${username}@example.org`)).toHaveLength(1);
  });
});

describe('what is kept and told of a mail', () => {
  it('is no secret: neither inspectors, nor logs, nor the event log find out', async () => {
    const { email } = await here.person();
    const client = here.device();
    const execution = await here.waiting(magicLink, email, client);
    const mail = await here.mailTo(email);
    await withCode(client, execution, otherCode(mail.code));
    const phone = here.device();
    const landed = await here.open(magicLink, mail.token, phone);
    await withMatch(phone, landed, execution.step.matchCode);
    const told = [
      await inspect(here.people.admin, { id: execution.id }),
      await inspect(here.people.admin, { id: landed.id }),
      await here.people.admin.ok('{ events(first: 50) { edges { node { action details } } } }'),
      here.app.log,
    ].map((part) => JSON.stringify(part));
    for (const part of told) {
      expect(part).not.toContain(mail.token);
      expect(part).not.toContain(mail.code.replace(' ', ''));
      expect(part).not.toContain(`"${execution.step.matchCode}"`);
    }
    expect(told[2]).toContain('EMAIL_CODE_FAILED');
  });

  it('is nothing where a flow is only tried out: codes are right or wrong as passwords are', async () => {
    const { email } = await here.person();
    const responses = [{ identification: { identifier: email } }, { email: { code: '00000000' } }];
    const input = { flow: { slug: magicLink }, responses };
    const { simulateFlow: right } = await here.people.admin.ok(SIMULATE, { input });
    expect(right.steps.at(-1).step).toMatchObject({ __typename: 'FlowCompleted' });
    const wrong = await here.people.admin.ok(SIMULATE, { input: { ...input, passwordsAreRight: false } });
    expect(wrong.simulateFlow.steps.at(-1)).toMatchObject({ fate: 'REFUSED' });
    expect(await here.mailsTo(email)).toEqual([]);
  });
});
