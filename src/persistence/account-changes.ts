import { isDeepStrictEqual } from 'node:util';

import type { Selectable, Updateable } from 'kysely';

import { pick } from '../kernel/pick.js';
import type { UserFields } from '../flow/user-rules.js';
import type { Tables } from './tables.js';

type AccountRow = Selectable<Tables['user_account']>;

/** What an edit of an account comes to. */
export interface AccountChange {
  /** The names of those fields that get another value. */
  readonly fields: readonly string[];
  readonly columns: Updateable<Tables['user_account']>;
}

const plainFields = ['username', 'email', 'name', 'active', 'kind', 'path', 'attributes'] as const;

/**
 * Of what an administrator says only that which is news. An address that is changed is not verified unless they say so;
 * and whoever they let in, or shut out, waits for no mail any more.
 */
export function accountChange(account: AccountRow, changes: Partial<UserFields>, now: Date): AccountChange {
  const fields = plainFields.filter(
    (field) => field in changes && !isDeepStrictEqual(changes[field], account[field]),
  );
  const verification = verificationOf(account, changes, now);
  const isDecided = account.awaits_verification && changes.active !== undefined;
  return {
    fields: [
      ...fields,
      ...(verification.isNews ? ['emailVerified'] : []),
      ...(isDecided ? ['awaitsVerification'] : []),
    ],
    columns: {
      ...pick(changes, fields),
      ...verification.columns,
      ...(isDecided && { awaits_verification: false }),
    },
  };
}

function verificationOf(account: AccountRow, changes: Partial<UserFields>, now: Date) {
  const before = account.email_verified_at !== null;
  const email = changes.email === undefined ? account.email : changes.email;
  const same = email === account.email;
  const verified = email !== null && (changes.emailVerified ?? (same && before));
  const isNews = verified !== before;
  return { isNews, columns: isNews || !same ? { email_verified_at: verified ? now : null } : {} };
}
