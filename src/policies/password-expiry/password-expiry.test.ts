import { person } from '../../../test/support/definitions.js';
import { NOW } from '../../../test/support/engine.js';
import { asked } from '../../../test/support/policy-run.js';
import type { JsonObject } from '../../kernel/json.js';
import { secondsAfter } from '../../kernel/clock.js';
import { passwordExpiryPolicy } from './policy.js';

const DAY = 24 * 3600;

async function ofAge(seconds: number | null, config: JsonObject = { maxAge: 'P90D' }) {
  const changedAt = seconds === null ? null : secondsAfter(NOW, -seconds);
  const services = {
    passwordHistory: { changedAt: async () => changedAt, isOneOfLast: async () => false },
  };
  return asked(passwordExpiryPolicy, { config, services, input: { user: person('ada') } });
}

describe('a password-expiry policy', () => {
  it('passes a password that is younger, to the second', async () => {
    expect(await ofAge(90 * DAY - 1)).toMatchObject({ passing: true, messages: [] });
  });

  it.each([
    [90 * DAY, 'today'],
    [91 * DAY - 1, 'today'],
    [91 * DAY, '1 day ago'],
    [100 * DAY + 5, '10 days ago'],
  ])('does not pass one of %d seconds, and says that it expired %s', async (age, when) => {
    const { passing, messages } = await ofAge(age);
    expect(passing).toBe(false);
    expect(messages).toEqual([`Password expired ${when}. Please update your password.`]);
  });

  it('says what it is told to say', async () => {
    expect((await ofAge(DAY, { maxAge: 'P1D', message: 'Time for a new one.' })).messages).toEqual([
      'Time for a new one.',
    ]);
  });

  it('passes somebody who has no password', async () => {
    expect(await ofAge(null)).toMatchObject({ passing: true, read: { changedAt: null } });
  });

  it('says what it has looked at', async () => {
    expect((await ofAge(DAY)).read).toEqual({ 'user.id': 'ada', changedAt: '2029-12-31T12:00:00.000Z' });
  });

  it('has no verdict where nobody is known: that would let people pass by whom nothing is known', async () => {
    await expect(asked(passwordExpiryPolicy, { config: { maxAge: 'P90D' } })).rejects.toThrow(
      'whose password',
    );
  });

  it('is about a day at the least', () => {
    expect(passwordExpiryPolicy.config.safeParse({ maxAge: 'PT23H' }).success).toBe(false);
    expect(passwordExpiryPolicy.config.safeParse({ maxAge: 'PT24H' }).success).toBe(true);
    expect(passwordExpiryPolicy.config.safeParse({}).success).toBe(false);
  });
});
