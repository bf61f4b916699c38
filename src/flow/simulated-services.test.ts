import { person } from '../../test/support/definitions.js';
import { NOW, engineOf, servicesOfNobody } from '../../test/support/engine.js';
import { Secret } from '../kernel/secret.js';
import type { Effect } from './effect.js';
import type { GoodInvitation } from './services/invitations.js';
import { simulatedPolicyServices, simulatedServices } from './simulated-services.js';

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

describe('an invitation where a flow is only tried out', () => {
  const effects: Effect[] = [{ type: 'consumeInvitation', id: 'i1', flowId: 'f1', userId: 'u1' }];

  /** What is found of an invitation that is good, once these effects were to happen. */
  function found(singleUse: boolean, after: readonly Effect[]): Promise<GoodInvitation | undefined> {
    const invitation = { id: 'i1', name: 'for Ada', singleUse, fixedData: {} };
    const real = { ...engineOf({}).services, invitations: { find: async () => invitation } };
    const { invitations } = simulatedServices(real, after, true, NOW);
    return invitations.find(new Secret('its secret'), 'f1', NOW);
  }

  it('is used up by an account that would be made with it, unless it is for many', async () => {
    expect(await found(true, [])).toMatchObject({ id: 'i1' });
    expect(await found(true, effects)).toBeUndefined();
    expect(await found(false, effects)).toMatchObject({ id: 'i1' });
  });
});

describe('a password in a simulation', () => {
  it('that others know proves nothing, until the simulation has set another one', async () => {
    const { services } = engineOf({ people: [person('ada')] });
    const effects: Effect[] = [];
    const known = { ...services.passwords, isCompromised: async () => true };
    const { passwords } = simulatedServices({ ...services, passwords: known }, effects, true, NOW);
    const typed = new Secret('whatever');
    expect(await passwords.verify('ada', typed)).toMatchObject({ valid: false, compromised: true });
    expect(await passwords.verify(null, typed)).toMatchObject({ valid: false, compromised: false });
    effects.push({ type: 'setPassword', userId: 'ada', hash: new Secret('new'), remembered: 0 });
    expect(await passwords.verify('ada', typed)).toMatchObject({ valid: true, compromised: false });
  });
});
