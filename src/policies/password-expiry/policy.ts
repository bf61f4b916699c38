import { z } from 'zod';

import { secondsAfter } from '../../kernel/clock.js';
import { durationSeconds, durationText } from '../../kernel/duration.js';
import { verdict } from '../../flow/policy-kind.js';
import { definePolicy } from '../define.js';

const DAY_SECONDS = 24 * 3600;

export const passwordExpiryPolicy = definePolicy({
  name: 'password-expiry',
  description: 'Passes as long as the password of the person is not too old.',
  config: z.strictObject({
    maxAge: durationText
      .refine((text) => durationSeconds(text) >= DAY_SECONDS, { error: 'Must be a day or longer.' })
      .describe('How old a password may become: a day (P1D) or longer.'),
    message: z
      .string()
      .max(500)
      .default('')
      .describe('What it says about one that is too old. Default: empty, for when it has expired.'),
  }),
  services: ['passwordHistory'],

  async evaluate({ config, input, services: { passwordHistory } }) {
    if (!input.user) throw new Error('it is not known whose password this is about');
    const changedAt = await passwordHistory.changedAt(input.user.id);
    const read = { 'user.id': input.user.id, changedAt: changedAt?.toISOString() ?? null };
    if (!changedAt) return verdict(true, [], { read });
    const expiredAt = secondsAfter(changedAt, durationSeconds(config.maxAge));
    const secondsAgo = Math.floor((input.now.getTime() - expiredAt.getTime()) / 1000);
    if (secondsAgo < 0) return verdict(true, [], { read });
    return verdict(false, [config.message || expiryMessage(Math.floor(secondsAgo / DAY_SECONDS))], { read });
  },
});

function expiryMessage(days: number): string {
  const when = days === 0 ? 'today' : days === 1 ? '1 day ago' : `${days} days ago`;
  return `Password expired ${when}. Please update your password.`;
}
