import { agreeableRun } from '../../../test/support/stage-run.js';
import { Refusal } from '../../kernel/refusal.js';
import { pendingUserKey } from '../../flow/context-keys.js';
import type { GuessVerdict } from '../../flow/services/guesses.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { passwordStage } from './stage.js';

const { run, witness } = agreeableRun('password', {});
const RIGHT: StageRun['services']['passwords'] = run.services.passwords;
const WRONG = { ...RIGHT, verify: async () => ({ valid: false, compromised: false, rehash: null }) };
const throttled = (retryAt: Date | null): GuessVerdict => ({ allowed: false, retryAt });

function answered(also: Partial<StageRun['services']>, changed: Partial<StageRun> = {}) {
  const services = { ...run.services, ...also };
  return passwordStage.answer?.({ ...run, ...changed, services }, { password: 'a lovely long passphrase' });
}

/** Somebody who only pretends to exist. */
const pretended: Partial<StageRun> = {
  context: run.context.with([pendingUserKey.to({ id: null, identifier: ' Sample' })]),
  user: async () => undefined,
};

describe('a password stage', () => {
  it('counts no guess while too many passwords wait to be checked', async () => {
    const busy = {
      ...RIGHT,
      expectCapacity() {
        throw new Refusal('UNAVAILABLE', 'busy');
      },
    };
    await expect(answered({ passwords: busy })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(witness.guessesCounted).toBe(0);
  });

  it('makes the reputation better by the right password', async () => {
    const { effects } = { effects: [], ...(await answered({ passwords: RIGHT })) };
    expect(effects).toEqual([
      expect.objectContaining({ type: 'forgetGuesses' }),
      { type: 'changeReputation', name: { identifier: 'sample', known: true }, behaved: 'WELL' },
    ]);
  });

  it.each<[string, Partial<StageRun>, boolean]>([
    ['somebody', {}, true],
    ['nobody', pretended, false],
  ])('makes it worse by a wrong one, of %s too', async (_who, changed, known) => {
    expect(await answered({ passwords: WRONG }, changed)).toMatchObject({
      type: 'retry',
      effects: [
        { type: 'changeReputation', name: { identifier: 'sample', known }, behaved: 'BADLY' },
        { type: 'recordEvent', action: 'LOGIN_FAILED' },
      ],
    });
  });

  it('does not change it by a guess that nobody has looked at', async () => {
    const guesses = { count: async () => throttled(new Date('2030-01-01T12:00:01Z')) };
    expect(await answered({ guesses })).toMatchObject({
      type: 'retry',
      errors: [{ code: 'RATE_LIMITED' }],
      effects: [],
    });
  });

  it('does as by a wrong one where a guess must not be seen not to have been looked at', async () => {
    const seen = await answered({ passwords: WRONG });
    const passwords = {
      ...RIGHT,
      verify: async (id: string | null) => ({ valid: id !== null, compromised: false, rehash: null }),
    };
    const guesses = { count: async () => throttled(null) };
    expect(await answered({ guesses, passwords })).toEqual(seen);
  });

  it('says of the right password that others know it, and counts it like a wrong one', async () => {
    const passwords = {
      ...RIGHT,
      verify: async (id: string | null) => ({ valid: false, compromised: id !== null, rehash: null }),
    };
    expect(await answered({ passwords })).toMatchObject({
      type: 'retry',
      errors: [{ field: 'password', code: 'PASSWORD_COMPROMISED' }],
      effects: [
        { type: 'changeReputation', behaved: 'BADLY' },
        { type: 'recordEvent', action: 'LOGIN_FAILED', details: { method: 'password', compromised: true } },
      ],
    });
    const guesses = { count: async () => throttled(null) };
    expect(await answered({ passwords, guesses })).toMatchObject({
      errors: [{ code: 'INVALID_CREDENTIALS' }],
    });
  });
});
