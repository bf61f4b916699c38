import { agreeableRun } from '../../../test/support/stage-run.js';
import { Refusal } from '../../kernel/refusal.js';
import { passwordStage } from './stage.js';

describe('a password stage', () => {
  it('counts no guess while too many passwords wait to be checked', async () => {
    const { run, witness } = agreeableRun('password', {});
    const passwords = {
      ...run.services.passwords,
      expectCapacity() {
        throw new Refusal('UNAVAILABLE', 'busy');
      },
    };
    const busy = { ...run, services: { ...run.services, passwords } };
    const answer = passwordStage.answer?.(busy, { password: 'correct horse battery staple' });
    await expect(answer).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(witness.guessesCounted).toBe(0);
  });
});
