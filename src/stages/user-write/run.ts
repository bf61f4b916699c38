import { Secret } from '../../kernel/secret.js';
import { verifiedAddressesKey } from '../../flow/context-keys.js';
import type { Effect } from '../../flow/effect.js';
import { userFields } from '../../flow/user-rules.js';
import type { TypedRun } from '../define.js';
import type { UserWriteConfig } from './config.js';
import type { Written } from './writes.js';

export type Run = TypedRun<UserWriteConfig, 'users' | 'passwords' | 'definitions' | 'mailing'>;

export const TAKEN = 'This cannot be saved as it is. Please start again with other details.';
export const NOT_YOURS = 'You may not change this account.';

/** What an account may hold; forms ask for the same, but not everything that is collected comes from a form. */
export const holdable = userFields.pick({ username: true, email: true, name: true, attributes: true });

/** Whether somebody else has one of the names. */
export async function isTaken(
  { services }: Run,
  names: Written,
  exceptUserId: string | null,
): Promise<boolean> {
  const { username, email } = names;
  const wanted = { ...(username !== undefined && { username }), ...(email != null && { email }) };
  return (await services.users.taken(wanted, exceptUserId)).length > 0;
}

/** When mail to the address has been shown to reach the person: in this execution, or not at all. */
export function verifiedAt({ context, now }: Run, email: string | null): Date | null {
  return email !== null && context.get(verifiedAddressesKey)?.includes(email) === true ? now : null;
}

/** Gives the account the password, hashed, where there is one. */
export async function setPassword(
  { services, passwordsRemembered }: Run,
  userId: string,
  password: string | undefined,
): Promise<Effect[]> {
  if (password === undefined) return [];
  const hash = await services.passwords.hash(new Secret(password));
  return [
    { type: 'setPassword', userId, hash, remembered: passwordsRemembered() },
    { type: 'recordEvent', action: 'PASSWORD_SET', userId, details: {} },
  ];
}

export function userWritten(userId: string, details: { created: boolean; fields: string[] }): Effect {
  return { type: 'recordEvent', action: 'USER_WRITTEN', userId, details };
}
