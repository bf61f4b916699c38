import { z } from 'zod';

import { secondsAfter } from '../../kernel/clock.js';
import { durationSeconds, durationText } from '../../kernel/duration.js';
import { eventActions, isEventAction } from '../../flow/event-actions.js';
import { verdict } from '../../flow/policy-kind.js';
import { definePolicy } from '../define.js';

const LONGEST_SECONDS = 365 * 24 * 3600;

const about = z.enum(['PERSON', 'ADDRESS', 'BOTH']).meta({
  typeName: 'EventsAbout',
  description: 'Whose events count: those of the person, those from the address, or the person’s from there.',
  values: {
    PERSON: 'Those of the person, from anywhere.',
    ADDRESS: 'Those from the address, of anybody.',
    BOTH: 'Those of the person from the address.',
  },
});

const action = z.string().refine(isEventAction, {
  error: `Must be one of ${Object.keys(eventActions).join(', ')}, or CUSTOM: and a name.`,
});

export const eventMatcherPolicy = definePolicy({
  name: 'event-matcher',
  description: 'Passes where the event log tells of something, often enough and lately.',
  config: z
    .strictObject({
      actions: z
        .array(action)
        .min(1)
        .max(20)
        .describe('Which events count, such as LOGIN_FAILED; what policies record is CUSTOM: and its name.'),
      about: about.default('PERSON').describe('Whose events count. Default: PERSON.'),
      within: durationText
        .refine((text) => durationSeconds(text) > 0 && durationSeconds(text) <= LONGEST_SECONDS, {
          error: 'Must be longer than PT0S, and at most P365D: older events are not kept.',
        })
        .default('P1D')
        .describe('How far back events count. Default: P1D.'),
      atLeast: z
        .int()
        .min(1)
        .max(1000)
        .default(1)
        .describe('How many such events there have to be. Default: 1.'),
    })
    .meta({
      examples: [
        { actions: ['LOGIN'] },
        { actions: ['LOGIN_FAILED', 'CUSTOM:odd'], about: 'BOTH', within: 'PT1H', atLeast: 3 },
      ],
    }),
  services: ['auditLog'],

  async evaluate({ config, input: { user, client, now }, services: { auditLog } }) {
    const person = config.about === 'ADDRESS' ? null : user;
    const address = config.about === 'PERSON' ? null : client.address;
    // Nobody in particular has no events; without this, everybody's would count.
    if (config.about !== 'ADDRESS' && person === null) {
      return verdict(false, [], { read: { events: 0, 'user.id': null, address } });
    }
    const since = secondsAfter(now, -durationSeconds(config.within));
    const userId = person?.id ?? null;
    const criteria = { actions: config.actions, userId, address, since };
    const events = await auditLog.count(criteria, config.atLeast);
    return verdict(events >= config.atLeast, [], { read: { events, 'user.id': userId, address } });
  },
});
