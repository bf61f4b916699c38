import type { JsonObject } from '../../kernel/json.js';
import fc from 'fast-check';

import { person } from '../../../test/support/definitions.js';
import { servicesOfNobody } from '../../../test/support/engine.js';
import { asked } from '../../../test/support/policy-run.js';
import { builtInPasswordRule, passwordProblem } from '../../flow/password-rule.js';
import type { PasswordStrength } from '../../flow/services/password-strength.js';
import { Secret } from '../../kernel/secret.js';
import { passwordPolicy } from './policy.js';

/** Knows one common password, and takes every other one for unbreached and strong. */
const strength: PasswordStrength = {
  knowsBreaches: true,
  isCommon: async (password) => password.reveal() === 'everybody has used this',
  breaches: async () => 0,
  estimate: async () => ({ score: 4, advice: [] }),
};
const GOOD = 'q7#kd0!mzP4vbnw';

function judge(password: string | undefined, config: JsonObject = {}, also: Partial<PasswordStrength> = {}) {
  const services = { passwordStrength: { ...strength, ...also } };
  return asked(passwordPolicy, { config, services, ...(password !== undefined && { password }) });
}

const saidOf = async (...given: Parameters<typeof judge>) => {
  const { passing, messages } = await judge(...given);
  return { passing, messages };
};
const PASSES = { passing: true, messages: [] };
const rejects = (...messages: string[]) => ({ passing: false, messages });

describe('a password policy', () => {
  it('does not pass where no password is there, whatever it looks at', async () => {
    const everything = { checkBreaches: true, checkStrength: true };
    for (const config of [{}, everything]) {
      expect(await saidOf(undefined, config)).toEqual(rejects('Please choose a password.'));
    }
  });

  it('passes a good password, says nothing, and has judged it', async () => {
    expect(await judge(GOOD)).toMatchObject({ ...PASSES, judgesPassword: true, field: 'password' });
  });

  it('looks at the field that it is told', async () => {
    const config = { passwordField: 'other' };
    expect(await judge(GOOD, config)).toMatchObject({ passing: false, field: 'other' });
    const newPasswords = { other: new Secret(GOOD) };
    const services = { passwordStrength: strength };
    expect(await asked(passwordPolicy, { config, services, input: { newPasswords } })).toMatchObject({
      passing: true,
      field: 'other',
    });
  });
});

describe('the kinds of characters that a password policy asks for', () => {
  const config = { minLength: 24, minDigits: 1, minUppercase: 1, minLowercase: 2, minSymbols: 3 };

  it.each([
    ['too short', '9f#X$!'],
    ['short of small letters', 'QWERTZ?!#-UIOPASDFGHJ9KLY'],
    ['short of capital letters', 'qwertz?!#-uiopasdfghj9kly'],
    ['short of symbols', 'qwertzXuiopasdfghj9klyxcv'],
    ['short of digits', 'qwertz?!#-uiopasdfgXjklyx'],
  ])('are missed in one that is %s, in one message', async (_what, password) => {
    const errorMessage = 'test message';
    expect(await saidOf(password, { ...config, errorMessage })).toEqual(rejects('test message'));
  });

  it('are there in a good one', async () => {
    expect(await saidOf('qwertz?!#-uiopasdfghj9Xly', config)).toEqual(PASSES);
  });

  it('are named, and the length is, where there is no message', async () => {
    expect(await saidOf('9f#X$!', config)).toEqual(rejects('A password has at least 24 characters.'));
    expect(await saidOf('qwertzuiopasdfghjklyxcvbnm', config)).toEqual(
      rejects('A password has at least 1 digit, 2 small letters, 1 capital letter, 3 symbols.'),
    );
  });
});

describe('the shortest password', () => {
  it.each([
    ['15 characters', {}, 15],
    ['8 where a second factor is required', { secondFactorRequired: true }, 8],
    ['what the policy says', { minLength: 10 }, 10],
    ['what the policy says, also with a second factor', { minLength: 20, secondFactorRequired: true }, 20],
  ])('has %s', async (_what, config, length) => {
    const long = 'q7#kd0!mzP4vbnw+Rt9,xY';
    expect((await judge(long.slice(0, length), config)).passing).toBe(true);
    expect(await saidOf(long.slice(0, length - 1), config)).toEqual(
      rejects(`A password has at least ${length} characters.`),
    );
  });

  it('has 8 characters whatever anybody configures', () => {
    expect(passwordPolicy.config.safeParse({ minLength: 7 }).success).toBe(false);
  });
});

describe('what anybody would try first', () => {
  const services = { passwordStrength: strength };
  const ada = person('ada', { username: 'lovelace', email: 'countess@example.org', name: 'Ada King-Noel' });

  it.each(['lovelace1815', 'Countess@Example', 'king-noel-181', 'stagedoor-1815'])(
    'is the person’s own name, and this service’s: %s',
    async (password) => {
      const input = { user: ada };
      const config = { minLength: 12 };
      expect((await asked(passwordPolicy, { services, config, input, password })).read).toMatchObject({
        problem: 'TOO_GUESSABLE',
      });
    },
  );

  it('is what somebody who signs up has typed into the form', async () => {
    const input = { context: { promptData: { username: 'bernoulli', email: 'numbers@example.org' } } };
    for (const password of ['bernoulli-bernoulli', 'bernoulli-numbers']) {
      expect((await asked(passwordPolicy, { services, input, password })).read).toMatchObject({
        problem: 'TOO_GUESSABLE',
      });
      expect((await asked(passwordPolicy, { services, password })).passing).toBe(true);
    }
  });

  it('is on the list of common passwords, unless that is switched off', async () => {
    const common = 'everybody has used this';
    expect((await judge(common)).read).toMatchObject({ problem: 'TOO_COMMON' });
    expect(await saidOf(common, { checkCommon: false })).toEqual(PASSES);
  });
});

describe('breaches', () => {
  const config = { checkBreaches: true };

  it('are asked for where the policy says so, and after the rest', async () => {
    const found = { breaches: async () => 12 };
    expect(await saidOf(GOOD, {}, found)).toEqual(PASSES);
    expect(await saidOf(GOOD, config, found)).toEqual(
      rejects(
        'This password was found 12 times in data that was stolen elsewhere. Please choose a different one.',
      ),
    );
    expect(await saidOf('too short', config, found)).toEqual(
      rejects('A password has at least 15 characters.'),
    );
    expect(await saidOf(GOOD, config)).toEqual(PASSES);
  });

  it('are allowed up to a number', async () => {
    const found = { breaches: async () => 12 };
    expect((await judge(GOOD, { ...config, allowedBreaches: 11 }, found)).passing).toBe(false);
    expect((await judge(GOOD, { ...config, allowedBreaches: 12 }, found)).passing).toBe(true);
  });

  it('are no verdict where the service does not answer', async () => {
    const breaches = () => Promise.reject(new Error('does not answer'));
    await expect(judge(GOOD, config, { breaches })).rejects.toThrow('does not answer');
  });

  it('cannot be asked for where there is no service', () => {
    const problems = (knowsBreaches: boolean) =>
      passwordPolicy.problems(config, {
        ...servicesOfNobody,
        passwordStrength: { ...strength, knowsBreaches },
      });
    expect(problems(true)).toEqual([]);
    expect(problems(false)).toMatchObject([{ path: 'checkBreaches', code: 'NOT_CONFIGURED' }]);
  });
});

describe('the estimate of guesses', () => {
  const config = { checkStrength: true };
  const scored = (score: 0 | 1 | 2 | 3 | 4, ...advice: string[]) => ({
    estimate: async () => ({ score, advice }),
  });

  it('is asked for where the policy says so, after the rest, and must be 3 unless it says otherwise', async () => {
    expect(await saidOf(GOOD, {}, scored(0))).toEqual(PASSES);
    expect(await saidOf(GOOD, config, scored(3, 'Not bad.'))).toEqual(PASSES);
    expect(await saidOf(GOOD, config, scored(2))).toEqual(rejects('This password is too easily guessed.'));
    expect(await saidOf(GOOD, { ...config, minStrength: 4 }, scored(3, 'Add words.'))).toEqual(
      rejects('This password is too easily guessed.', 'Add words.'),
    );
    expect(await saidOf('too short', config, scored(0))).toEqual(
      rejects('A password has at least 15 characters.'),
    );
  });
});

describe('whatever the password and the policy', () => {
  const characters = fc.string({ unit: 'grapheme', maxLength: 40 });
  const configs = fc.record(
    {
      minLength: fc.option(fc.integer({ min: 8, max: 40 })),
      secondFactorRequired: fc.boolean(),
      minDigits: fc.nat(2),
      minUppercase: fc.nat(2),
      errorMessage: fc.constantFrom('', 'no'),
    },
    { requiredKeys: [] },
  );

  it('what passes is as long as asked for, and never shorter than 8 or longer than 256 characters', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(characters, fc.string({ maxLength: 300 })),
        configs,
        async (password, config) => {
          const { passing, messages } = await judge(password, config);
          expect(messages.every((message) => message !== '')).toBe(true);
          expect(messages.length).toBe(passing ? 0 : 1);
          if (!passing) return;
          const length = Array.from(password.normalize('NFC')).length;
          const least = config.minLength ?? (config.secondFactorRequired === true ? 8 : 15);
          expect(length).toBeGreaterThanOrEqual(least);
          expect(length).toBeLessThanOrEqual(256);
        },
      ),
    );
  });

  it('the policy without any configuration judges as the built-in rule does', async () => {
    const typed = fc.oneof(
      characters,
      fc.constantFrom(GOOD, 'everybody has used this', 'abcabcabcabcabcabc'),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (password) => {
        const problem = await passwordProblem(new Secret(password), [], builtInPasswordRule, strength);
        const judged = await judge(password);
        expect(judged.messages).toEqual(problem ? [problem.message] : []);
      }),
    );
  });

  it('nothing that the policy says or has read holds the password', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-z]{6,20}$/), configs, async (password, config) => {
        const secret = `${password}#Q`;
        const judged = await judge(secret, config);
        expect(JSON.stringify(judged)).not.toContain(secret);
      }),
    );
  });
});
