import { z } from 'zod';

import { accountPath, userKind } from '../../flow/user-rules.js';
import { groupReference } from '../reference.js';
import { writes } from './writes.js';

const creation = z.enum(['NEVER', 'WHEN_REQUIRED', 'ALWAYS']).meta({
  typeName: 'UserCreation',
  description:
    'When a user-write stage makes a new account: never, where the flow is about nobody yet, or always.',
  values: {
    NEVER: 'Only an account that is there already is written to.',
    WHEN_REQUIRED: 'Where the flow is about nobody yet.',
    ALWAYS: 'Also where the flow is about somebody.',
  },
});

export const userWriteConfig = z.strictObject({
  creation: creation.default('WHEN_REQUIRED').describe('When to make a new account. Default: WHEN_REQUIRED.'),
  createUsersAsInactive: z
    .boolean()
    .default(false)
    .describe(
      'New accounts cannot sign in before an e-mail stage has activated them; those that wait for longer than 7 days are deleted. Default: false.',
    ),
  groupId: groupReference().nullable().default(null).describe('The group that new accounts join.'),
  userKind: userKind
    .refine((kind) => kind !== 'SERVICE_ACCOUNT', { error: 'A flow makes accounts of people.' })
    .default('INTERNAL')
    .describe('The kind of new accounts: INTERNAL or EXTERNAL. Default: INTERNAL.'),
  path: accountPath.default('users').describe('Where new accounts stand among others. Default: users.'),
  writes: writes
    .default(['username', 'email', 'name', 'password'])
    .describe(
      'What may be written of what prompts have collected, by the keys of their fields: username, email, name, password, and paths of attributes, such as attributes.settings.locale, or attributes.settings.* for all that is below. The rest is ignored. Default: username, email, name, password.',
    ),
});

export type UserWriteConfig = z.infer<typeof userWriteConfig>;
