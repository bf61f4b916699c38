import { servicesOfNobody } from '../../test/support/engine.js';
import { Secret } from '../kernel/secret.js';
import { simulatedPolicyServices } from './simulated-services.js';

describe('what policies are asked with where something is only tried out', () => {
  it('compares no password with those that somebody has had, and knows when the last one was set', async () => {
    const changedAt = new Date('2029-12-01T00:00:00Z');
    const { passwordHistory } = simulatedPolicyServices({
      ...servicesOfNobody,
      passwordHistory: {
        changedAt: async () => changedAt,
        isOneOfLast: () => Promise.reject(new Error('a password was compared')),
      },
    });
    expect(await passwordHistory.isOneOfLast('ada', new Secret('the current one'), 1)).toBe(false);
    expect(await passwordHistory.changedAt('ada')).toEqual(changedAt);
  });
});
