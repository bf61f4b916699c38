import { Secret } from '../kernel/secret.js';
import { secondsAfter } from '../kernel/clock.js';
import type { AuthenticatorRun } from '../flow/authenticator-kind.js';
import type { RateLimit } from '../flow/services/rates.js';
import { NOW, noAuthenticators } from '../../test/support/engine.js';
import { newCode, tryCode } from './sent-code.js';

const sending = {
  channel: 'MAIL',
  recipient: 'ada@example.org',
  userId: 'ada',
  lifetimeSeconds: 300,
} as const;

/** A world that counts, whose chance is a counter. */
function world() {
  const counts = new Map<string, number>();
  const limits: RateLimit[] = [];
  let drawn = 0;
  const run: AuthenticatorRun = {
    ...{
      person: null,
      clientAddress: '192.0.2.1',
      language: 'EN',
      brandName: 'Stagedoor',
      stageId: 'a stage',
      now: NOW,
    },
    tools: {
      ...noAuthenticators.tools,
      chance: {
        id: () => `id-${(drawn += 1)}`,
        token: () => new Secret(Buffer.alloc(32, (drawn += 1)).toString('base64url')),
      },
      rates: {
        async count(limit) {
          limits.push(limit);
          const key = `${limit.by} ${limit.name} ${limit.seconds}`;
          const count = counts.get(key) ?? 0;
          const nextAt = secondsAfter(NOW, limit.seconds);
          if (count >= limit.most) return { allowed: false, nextAt };
          counts.set(key, count + 1);
          const left = limit.most - count - 1;
          return { allowed: true, left, nextAt: left > 0 ? NOW : nextAt };
        },
      },
    },
  };
  return { run, limits };
}

async function made(run: AuthenticatorRun, how = {}) {
  const code = await newCode(run, { ...sending, ...how });
  if (code.type === 'limited') throw new Error('limited');
  return { sent: code.sent, typed: code.code.reveal() };
}

const later = (run: AuthenticatorRun, seconds: number) => ({ ...run, now: secondsAfter(NOW, seconds) });
const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('a code that is sent', () => {
  it('has six digits, and is right for whom it was sent to until it is too old', async () => {
    const { run } = world();
    const { sent, typed } = await made(run);
    expect(typed).toMatch(/^\d{6}$/);
    expect(
      await tryCode(later(run, 299), sent, sending.recipient, ` ${typed.slice(0, 3)}-${typed.slice(3)} `),
    ).toBe('RIGHT');
    expect(await tryCode(later(run, 300), sent, sending.recipient, typed)).toBe('CODE_EXPIRED');
  });

  it('is right for nobody else, nor in place of another code', async () => {
    const { run } = world();
    const [one, another] = [await made(run), await made(run)];
    expect(await tryCode(run, one.sent, 'eve@example.org', one.typed)).toBe('INVALID_CODE');
    expect(await tryCode(run, another.sent, sending.recipient, one.typed)).toBe('INVALID_CODE');
    expect(await tryCode(run, null, sending.recipient, one.typed)).toBe('CODE_EXPIRED');
  });

  it('is looked at five times, and then no more, however much time it has left', async () => {
    const { run } = world();
    const { sent, typed } = await made(run);
    for (let failure = 0; failure < 5; failure += 1)
      expect(await tryCode(run, sent, sending.recipient, other(typed))).toBe('INVALID_CODE');
    expect(await tryCode(run, sent, sending.recipient, typed)).toBe('CODE_EXPIRED');
    const next = await made(run);
    expect(await tryCode(run, next.sent, sending.recipient, next.typed)).toBe('RIGHT');
  });

  it.each(['', ' - ', 'abcdef', '٠١٢٣٤٥', '1'.repeat(10_000)])('is not %p', async (typed) => {
    const { run } = world();
    const { sent } = await made(run);
    expect(await tryCode(run, sent, sending.recipient, typed)).toBe('INVALID_CODE');
  });

  it('is good for no more than ten minutes, whatever is configured', async () => {
    const { run } = world();
    const { sent } = await made(run, { lifetimeSeconds: 86_400 });
    expect(sent.expiresAt).toBe(secondsAfter(NOW, 600).toISOString());
  });

  it('is kept as a hash alone', async () => {
    const { run } = world();
    const hashing = { ...run, tools: { ...run.tools, hash: () => 'a hash' } };
    const { sent, typed } = await made(hashing);
    expect(JSON.stringify(sent)).not.toContain(typed);
    expect(sent.codeHash).toBe('a hash');
  });
});

describe('how many codes are sent', () => {
  it.each([
    ['one account, to whatever recipients', (count: number) => ({ recipient: `${count}@example.org` })],
    ['one recipient, from whatever accounts', (count: number) => ({ userId: `user ${count}` })],
  ])('is limited for %s, and it is said from when on there are more', async (_whom, how) => {
    const { run } = world();
    for (let count = 0; count < 4; count += 1)
      expect((await made(run, how(count))).sent.resendAt).toBe(NOW.toISOString());
    expect((await made(run, how(4))).sent.resendAt).toBe(secondsAfter(NOW, 600).toISOString());
    expect(await newCode(run, { ...sending, ...how(5) })).toEqual({
      type: 'limited',
      retryAt: secondsAfter(NOW, 600),
    });
    expect((await made(run, { recipient: 'somebody@example.org', userId: 'somebody' })).typed).toMatch(
      /^\d{6}$/,
    );
  });

  it('is counted apart for mails and text messages, and by where they come from and in all', async () => {
    const { run, limits } = world();
    await made(run);
    await made(run, { channel: 'SMS', recipient: '+49123' });
    expect(limits.map(({ by, name, seconds }) => [by, name, seconds])).toEqual([
      ['address', '192.0.2.1', 600],
      ['code-account', 'MAIL ada', 600],
      ['code-recipient', 'MAIL ada@example.org', 600],
      ['installation', 'codes by MAIL', 600],
      ['address', '192.0.2.1', 600],
      ['code-account', 'SMS ada', 600],
      ['code-account', 'SMS ada', 86_400],
      ['code-recipient', 'SMS +49123', 600],
      ['code-recipient', 'SMS +49123', 86_400],
      ['installation', 'codes by SMS', 600],
    ]);
  });
});
