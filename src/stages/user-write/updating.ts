import { attributeAt, withAttributes } from '../../flow/attributes.js';
import { promptPasswordsKey } from '../../flow/context-keys.js';
import type { Effect, UserChanges } from '../../flow/effect.js';
import { notice } from '../../flow/mail.js';
import { deny, pass, precede } from '../../flow/outcome.js';
import type { Deny, Pass, Precede } from '../../flow/outcome.js';
import { expectingAuthenticators, isStrongerProofDue, ownership } from '../../flow/ownership.js';
import { SECOND_FACTOR } from '../../flow/second-factor.js';
import type { FlowUser } from '../../flow/services/users.js';
import { NOT_YOURS, TAKEN, holdable, isTaken, setPassword, userWritten, verifiedAt } from './run.js';
import type { Run } from './run.js';
import { fieldsOf, isInTheWay } from './writes.js';
import type { Written } from './writes.js';

/**
 * Changes an account only for somebody who has proved to be its owner here, or is signed in as them; and that by which
 * they sign in, and are reached, only where that was lately, and with their second factor where they have one: a mail
 * or a password alone takes no account over (ASVS V6.4.3).
 */
export async function update(run: Run, user: FlowUser, written: Written): Promise<Pass | Deny | Precede> {
  const owner = ownership(run, user);
  if (owner === 'NONE') return deny('STAGE_DENIED', NOT_YOURS);
  const { attributes } = user;
  if (written.attributes.some((write) => isInTheWay(run.config.writes, attributes, write)))
    return deny('STAGE_DENIED', 'This cannot be saved: something else is noted in its place.');
  const changed = whatChanges(user, written);
  if (owner === 'SIGNED_IN' && isSensitive(changed))
    return deny('REAUTHENTICATION_REQUIRED', 'Please sign in again before you change this.');
  if (isSensitive(changed) && isStrongerProofDue(run, user)) return precede([SECOND_FACTOR]);
  if (!isHoldable(user, changed) || (await isTaken(run, changed, user.id)))
    return deny('STAGE_DENIED', TAKEN);
  const password = await setPassword(run, user.id, changed.password);
  const expected = isSensitive(changed) ? [expectingAuthenticators(user)] : [];
  const effects = [
    ...expected,
    ...updateOf(run, user, changed),
    ...password,
    ...consequences(run, user, changed),
  ];
  return pass({ effects, changes: [promptPasswordsKey.cleared()] });
}

/** What would be another value than there is. Whether a password is another one is not looked at. */
function whatChanges(user: FlowUser, { username, email, name, password, attributes }: Written): Written {
  return {
    ...(username !== undefined && username !== user.username && { username }),
    ...(email !== undefined && email !== user.email && { email }),
    ...(name !== undefined && name !== user.name && { name }),
    ...(password !== undefined && { password }),
    attributes: attributes.filter(({ path, value }) => attributeAt(user.attributes, path) !== value),
  };
}

function isSensitive({ username, email, password }: Written): boolean {
  return username !== undefined || email !== undefined || password !== undefined;
}

function isHoldable(user: FlowUser, { username, email, name, attributes }: Written): boolean {
  const changes = {
    ...(username !== undefined && { username }),
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
    ...(attributes.length > 0 && { attributes: withAttributes(user.attributes, attributes) }),
  };
  return holdable.partial().safeParse(changes).success;
}

function updateOf(run: Run, user: FlowUser, changed: Written): Effect[] {
  const { username, email, name, attributes } = changed;
  const changes: UserChanges = {
    ...(username !== undefined && { username }),
    ...(email !== undefined && { email }),
    ...verification(run, user, email),
    ...(name !== undefined && { name }),
    ...(attributes.length > 0 && { attributes }),
  };
  if (Object.keys(changes).length === 0) return [];
  return [
    { type: 'updateUser', id: user.id, changes },
    userWritten(user.id, { created: false, fields: fieldsOf(changed) }),
  ];
}

/** A changed address is verified only where this execution has done so; one that stays may become it here. */
function verification(
  run: Run,
  { email: before, emailVerifiedAt }: FlowUser,
  email: string | null | undefined,
): Pick<UserChanges, 'emailVerifiedAt'> {
  if (email !== undefined) return { emailVerifiedAt: verifiedAt(run, email) };
  const confirmed = verifiedAt(run, before);
  return emailVerifiedAt === null && confirmed !== null ? { emailVerifiedAt: confirmed } : {};
}

/** Whoever else may have a way in loses it, and the person is told where they can be reached as of now. */
function consequences(run: Run, user: FlowUser, { email, password }: Written): Effect[] {
  if (email === undefined && password === undefined) return [];
  const { viewer, flow } = run;
  const template = flow.designation === 'RECOVERY' ? 'account-recovered' : 'password-changed';
  return [
    {
      type: 'shutOutOthers',
      userId: user.id,
      keptSessionId: viewer?.user.id === user.id ? viewer.sessionId : null,
    },
    ...(password === undefined ? [] : notice(run, user, template)),
    ...(email === undefined ? [] : notice(run, user, 'email-changed', { newEmail: email ?? '' })),
  ];
}
