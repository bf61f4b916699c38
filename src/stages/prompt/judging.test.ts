import { person } from '../../../test/support/definitions.js';
import { Secret } from '../../kernel/secret.js';
import { Context } from '../../flow/context.js';
import { promptDataKey } from '../../flow/context-keys.js';
import type { Judgement } from '../../flow/stage-kind.js';
import type { Passwords } from '../../flow/services/passwords.js';
import { judgeForm } from './judging.js';

const PASSES: Judgement = { passing: true, broken: false, messages: [], judgedPasswords: [] };
const FAILS: Judgement = { ...PASSES, passing: false };
const FORM = {
  policyIds: ['one', 'two'],
  keys: ['email', 'password', 'repeat'],
  open: { email: 'ada@example.org' },
  passwords: { password: 'a new password', repeat: 'a new password' },
  changes: [],
};

/** Finds fault with every password, and notes what it was told about the person. */
function strictPasswords(told: (readonly string[])[] = []): Passwords {
  return {
    expectCapacity: () => undefined,
    isCompromised: async () => false,
    verify: async () => ({ valid: false, compromised: false, rehash: null }),
    hash: async () => new Secret('a hash'),
    async problem(_password, contextWords) {
      told.push(contextWords.filter((word) => word !== ''));
      return { code: 'TOO_SHORT', message: 'Longer, please.' };
    },
  };
}

async function judge(
  judgement: Judgement,
  form: Partial<Parameters<typeof judgeForm>[1]> = {},
  passwords = strictPasswords(),
) {
  const context = Context.empty.with([promptDataKey.to({ nickname: 'Countess' })]);
  const run = { context, judge: async () => judgement, user: async () => person('ada', { username: 'ada' }) };
  const { errors, messages } = await judgeForm(run, { ...FORM, ...form }, passwords);
  return { errors: errors.map(({ field, code, message }) => [field, code, message]), messages };
}

describe('a form whose policies all pass', () => {
  const text = 'Well done.';

  it('is accepted where one of them has judged the new password', async () => {
    const judgement = { ...PASSES, judgedPasswords: ['password'], messages: [{ text, field: null }] };
    expect(await judge(judgement)).toEqual({ errors: [], messages: [text] });
  });

  it('is accepted where it has no password', async () => {
    expect((await judge(PASSES, { passwords: {} })).errors).toEqual([]);
  });

  it.each([
    ['none of them has judged the password', []],
    ['one has judged a password of another form', ['another']],
  ])('has its password judged by the built-in rule where %s', async (_why, judgedPasswords) => {
    expect(await judge({ ...PASSES, judgedPasswords })).toEqual({
      errors: [['values.password', 'TOO_SHORT', 'Longer, please.']],
      messages: [],
    });
  });

  it('tells the built-in rule what is known of the person, and what has been typed', async () => {
    const told: (readonly string[])[] = [];
    await judge(PASSES, {}, strictPasswords(told));
    expect(told).toEqual([['ada', 'Countess', 'ada@example.org']]);
  });

  it.each([
    ['shorter than any may be', 'x'.repeat(7), 'TOO_SHORT'],
    ['longer than any may be', 'x'.repeat(257), 'TOO_LONG'],
  ])('is not accepted with a password %s, whoever has judged it', async (_what, password, code) => {
    const judgement = { ...PASSES, judgedPasswords: ['password'] };
    const { errors } = await judge(judgement, { passwords: { password, repeat: password } });
    expect(errors).toMatchObject([['values.password', code, expect.any(String)]]);
  });
});

describe('a form whose policies do not all pass', () => {
  it('has an error for each message, at the field that it is about if the form has that', async () => {
    const messages = [
      { text: 'Too weak.', field: 'password' },
      { text: 'Not today.', field: null },
      { text: 'Elsewhere.', field: 'toString' },
      { text: '', field: 'email' },
    ];
    expect(await judge({ ...FAILS, messages })).toEqual({
      errors: [
        ['values.password', 'REJECTED', 'Too weak.'],
        [null, 'REJECTED', 'Not today.'],
        [null, 'REJECTED', 'Elsewhere.'],
        ['values.email', 'REJECTED', 'This is not accepted. Please choose something else.'],
      ],
      messages: [],
    });
  });

  it('says no more than that where one of them could not decide', async () => {
    const messages = [{ text: 'Too weak.', field: 'password' }];
    expect((await judge({ ...FAILS, broken: true, messages })).errors).toEqual([
      [null, 'NOT_CHECKED', 'This could not be checked. Try again later.'],
    ]);
  });
});
