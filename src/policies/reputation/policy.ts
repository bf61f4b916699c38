import { z } from 'zod';

import { pendingUserKey } from '../../flow/context-keys.js';
import { verdict } from '../../flow/policy-kind.js';
import type { PolicyInput } from '../../flow/policy-kind.js';
import { reputationName } from '../../flow/reputation.js';
import type { ReputationName } from '../../flow/reputation.js';
import { definePolicy } from '../define.js';

export const reputationPolicy = definePolicy({
  name: 'reputation',
  description: 'Passes where an address, or the name that somebody goes by, has behaved badly of late.',
  config: z
    .strictObject({
      checkAddress: z
        .boolean()
        .default(true)
        .describe('Count how the address has behaved, towards whomever. Default: true.'),
      checkIdentifier: z
        .boolean()
        .default(true)
        .describe('Count how others have behaved towards this name, from wherever. Default: true.'),
      threshold: z
        .int()
        .min(-1000)
        .max(1000)
        .default(-5)
        .describe('It passes where the score is this or lower; nothing known is 0. Default: -5.'),
    })
    .meta({ examples: [{}, { checkAddress: true, checkIdentifier: true, threshold: -3 }] }),
  services: ['reputations'],

  problems({ checkAddress, checkIdentifier }) {
    if (checkAddress || checkIdentifier) return [];
    return [
      { path: 'checkAddress', code: 'REQUIRED', message: 'The address or the identifier must be checked.' },
    ];
  },

  async evaluate({ config, input, services: { reputations } }) {
    const address = config.checkAddress ? input.client.address : null;
    const name = config.checkIdentifier ? nameOf(input) : null;
    const score = await reputations.score({ address, name });
    const identifier = name?.known === true ? name.identifier : null;
    return verdict(score <= config.threshold, [], { read: { score, address, identifier } });
  },
});

/** What the person is called, or what was typed; null before anything was. */
function nameOf({ user, context }: PolicyInput): ReputationName | null {
  const typed = pendingUserKey.read(context[pendingUserKey.name])?.identifier;
  if (user === null && typed === undefined) return null;
  return reputationName(user, typed ?? '');
}
