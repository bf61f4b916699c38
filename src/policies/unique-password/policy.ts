import { z } from 'zod';

import { verdict } from '../../flow/policy-kind.js';
import type { PolicyInput } from '../../flow/policy-kind.js';
import { definePolicy } from '../define.js';
import { noPassword, passwordField } from '../new-password.js';

const MOST_PASSWORDS = 24;

export const uniquePasswordPolicy = definePolicy({
  name: 'unique-password',
  description: 'Passes where a new password is none of the last ones of the person.',
  config: z.strictObject({
    passwordField,
    count: z
      .int()
      .min(1)
      .max(MOST_PASSWORDS)
      .default(1)
      .describe(
        'With how many passwords it is compared: the current one, and those before it. Default: 1, the current one.',
      ),
  }),
  services: ['passwordHistory'],
  passwordsRemembered: ({ count }) => count,

  async evaluate({ config, input, services: { passwordHistory } }) {
    const { passwordField: field, count } = config;
    const password = input.newPasswords[field];
    const read = { field, count, 'user.id': input.user?.id ?? null };
    if (!password) return noPassword(field);
    if (!input.user) return verdict(true, [], { field, read });
    if (!isOwner(input.user.id, input)) throw new Error('nobody has proved yet whose password this is about');
    if (!(await passwordHistory.isOneOfLast(input.user.id, password, count))) {
      return verdict(true, [], { field, read });
    }
    const message = 'This password has been used previously. Please choose a different one.';
    return verdict(false, [message], { field, read });
  },
});

/** To anybody else, the answer would be a guess at a password that nobody counts. */
function isOwner(userId: string, { proofs, viewer }: PolicyInput): boolean {
  return proofs.length > 0 || viewer?.id === userId;
}
