import { person } from '../../../test/support/definitions.js';
import { judged } from '../../../test/support/policy-run.js';
import type { PolicyInput, PolicyRun } from '../../flow/policy-kind.js';
import type { EventCriteria } from '../../flow/services/audit-log.js';
import { eventMatcherPolicy } from './policy.js';

const bob = { user: person('bob') };

/** What the policy comes to where there are so many events, and for which it has looked. */
async function matched(config: PolicyRun['policy']['config'], input: Partial<PolicyInput> = bob, events = 0) {
  const asked: [EventCriteria, number][] = [];
  const auditLog = {
    lastLogins: async () => [],
    async count(criteria: EventCriteria, most: number) {
      asked.push([criteria, most]);
      return Math.min(events, most);
    },
  };
  return { ...(await judged(eventMatcherPolicy, config, input, { auditLog })), asked };
}

describe('an event matcher', () => {
  it.each([
    [0, 1, false],
    [1, 1, true],
    [2, 3, false],
    [3, 3, true],
    [9, 3, true],
  ])('with %d events, where there have to be %d: %s', async (events, atLeast, passing) => {
    const { read, ...judgement } = await matched({ actions: ['LOGIN'], atLeast }, bob, events);
    expect(judgement).toMatchObject({ passing, messages: [] });
    expect(read).toEqual({ events: Math.min(events, atLeast), 'user.id': 'bob', address: null });
  });

  it.each([
    ['PERSON', { userId: 'bob', address: null }],
    ['ADDRESS', { userId: null, address: '192.0.2.1' }],
    ['BOTH', { userId: 'bob', address: '192.0.2.1' }],
  ])('about %s counts those, of these actions, and none from before', async (about, whose) => {
    const { asked } = await matched({
      actions: ['LOGIN_FAILED', 'CUSTOM:odd'],
      about,
      within: 'PT1H',
      atLeast: 3,
    });
    const since = new Date('2030-01-01T11:00:00Z');
    expect(asked).toEqual([[{ actions: ['LOGIN_FAILED', 'CUSTOM:odd'], since, ...whose }, 3]]);
  });

  it.each(['PERSON', 'BOTH'])('about %s never passes for nobody, and does not look', async (about) => {
    const nobody = await matched({ actions: ['LOGIN'], about }, { user: null }, 9);
    expect(nobody).toMatchObject({ passing: false, messages: [], asked: [] });
  });

  it('about an address needs nobody', async () => {
    const { passing } = await matched({ actions: ['LOGIN'], about: 'ADDRESS' }, { user: null }, 1);
    expect(passing).toBe(true);
  });
});
