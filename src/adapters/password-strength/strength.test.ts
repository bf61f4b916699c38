import { Secret } from '../../kernel/secret.js';
import { createPasswordStrength } from './strength.js';

const strength = createPasswordStrength(null);
afterAll(() => strength.close());

describe('the list of common passwords', () => {
  it.each([
    ['is on it', 'password'],
    ['is on it in another case and width', 'PassWord'],
    ['is on it twice', 'princessprincess'],
    ['is two of it in a row', 'iloveyou12345678'],
    ['has a little more at its end', 'princessprincess1!'],
  ])('has what %s: %s', async (_how, password) => {
    expect(await strength.isCommon(new Secret(password))).toBe(true);
  });

  it.each(['correct horse battery staple', 'q7#kd0!mzP4vbnw', 'password on a piano', '918273645546372', ''])(
    'does not have: %s',
    async (password) => expect(await strength.isCommon(new Secret(password))).toBe(false),
  );
});

describe('the estimate of guesses', () => {
  it('says how bad a password is, and how to do better', async () => {
    const { score, advice } = await strength.estimate(new Secret('password'), []);
    expect(score).toBe(0);
    expect(advice).toEqual(['This is a heavily used password.', 'Add more words that are less common.']);
    expect((await strength.estimate(new Secret('P4$$w0rd'), [])).score).toBe(0);
    expect(await strength.estimate(new Secret('q7#kd0!mzP4vbnw'), [])).toEqual({ score: 4, advice: [] });
  });

  it('takes what is known of the person for guessed', async () => {
    const password = new Secret('zoltrandibuski');
    expect((await strength.estimate(password, [])).score).toBeGreaterThan(2);
    expect((await strength.estimate(password, ['', 'Zoltrandibuski'])).score).toBeLessThan(2);
  });

  it('never holds up this thread, however long it takes', async () => {
    const turns = { taken: 0 };
    const ticking = setInterval(() => (turns.taken += 1), 1);
    await strength.estimate(new Secret('p@$$w0rd'.repeat(32)), []);
    clearInterval(ticking);
    expect(turns.taken).toBeGreaterThan(5);
  });

  it('takes one after the other, and refuses more than a few dozen', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 80 }, (_, index) => strength.estimate(new Secret(`q7#kd0!mzP4vbnw${index}`), [])),
    );
    const refused = all.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(refused).toHaveLength(80 - 65);
    expect(new Set(refused)).toEqual(new Set(['Error: too much waits for passwords']));
  });

  it('starts again after it was ended', async () => {
    await strength.close();
    expect((await strength.estimate(new Secret('password'), [])).score).toBe(0);
  });
});

it('knows of no breaches where no service is configured', async () => {
  expect(strength.knowsBreaches).toBe(false);
  await expect(strength.breaches(new Secret('password'))).rejects.toThrow('not configured');
});
