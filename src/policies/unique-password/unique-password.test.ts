import { person, viewer } from '../../../test/support/definitions.js';
import { asked } from '../../../test/support/policy-run.js';
import type { PolicyInput } from '../../flow/policy-kind.js';
import type { PasswordHistory } from '../../flow/services/password-history.js';
import { uniquePasswordPolicy } from './policy.js';

const ada = person('ada');
const PROVED: Partial<PolicyInput> = { user: ada, proofs: ['pwd'] };

/** The newest first, the current one included. */
function historyOf(...passwords: readonly string[]): PasswordHistory {
  return {
    changedAt: async () => null,
    isOneOfLast: async (_userId, password, count) => passwords.slice(0, count).includes(password.reveal()),
  };
}

async function judge(password: string | undefined, count: number, history: PasswordHistory, input = PROVED) {
  const services = { passwordHistory: history };
  const config = { count };
  return asked(uniquePasswordPolicy, {
    config,
    services,
    input,
    ...(password !== undefined && { password }),
  });
}

describe('a unique-password policy', () => {
  it('does not pass where no password is there', async () => {
    expect(await judge(undefined, 1, historyOf('one'))).toMatchObject({ passing: false, field: 'password' });
  });

  it.each([
    ['there is no history', 'new', 5, []],
    ['the only one was another', 'new', 1, ['one']],
    ['all of several were others', 'new', 5, ['one', 'two', 'three']],
    ['it was used longer ago than is compared', 'three', 2, ['one', 'two', 'three']],
  ])('passes where %s', async (_why, password, count, passwords) => {
    expect(await judge(password, count, historyOf(...passwords))).toMatchObject({
      passing: true,
      messages: [],
    });
  });

  it.each([
    ['the current one', 'one', 1],
    ['one of those before it', 'three', 3],
  ])('does not pass %s, and says so', async (_which, password, count) => {
    const { passing, messages, field } = await judge(password, count, historyOf('one', 'two', 'three'));
    expect({ passing, messages, field }).toEqual({
      passing: false,
      messages: ['This password has been used previously. Please choose a different one.'],
      field: 'password',
    });
  });

  it('passes where nobody is known: who signs up has no passwords yet', async () => {
    expect((await judge('one', 1, historyOf('one'), {})).passing).toBe(true);
  });

  it('compares for the person alone: to others the answer would be a guess that nobody counts', async () => {
    const compared = { times: 0 };
    const history = {
      ...historyOf('one'),
      async isOneOfLast() {
        compared.times += 1;
        return true;
      },
    };
    await expect(judge('one', 1, history, { user: ada })).rejects.toThrow('nobody has proved');
    const eve = viewer(person('eve')).user;
    await expect(judge('one', 1, history, { user: ada, viewer: eve })).rejects.toThrow('nobody has proved');
    expect(compared.times).toBe(0);
    expect((await judge('one', 1, history, { user: ada, viewer: ada })).passing).toBe(false);
  });

  it('has as many passwords kept as it compares with', () => {
    expect(uniquePasswordPolicy.passwordsRemembered({ count: 7 })).toBe(7);
    expect(uniquePasswordPolicy.passwordsRemembered({})).toBe(1);
    expect(uniquePasswordPolicy.passwordsRemembered({ count: 0 })).toBe(0);
  });
});
