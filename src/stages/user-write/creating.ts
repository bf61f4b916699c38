import { withAttributes } from '../../flow/attributes.js';
import { consentsKey, invitationKey, pendingUserKey, promptPasswordsKey } from '../../flow/context-keys.js';
import type { Effect } from '../../flow/effect.js';
import { deny, pass } from '../../flow/outcome.js';
import type { Deny, Pass } from '../../flow/outcome.js';
import { TAKEN, holdable, isTaken, setPassword, userWritten, verifiedAt } from './run.js';
import type { Run } from './run.js';
import { fieldsOf } from './writes.js';
import type { Written } from './writes.js';

/** Makes an account, which the flow is about from here on. */
export async function create(run: Run, written: Written): Promise<Pass | Deny> {
  const { services, config, chance } = run;
  const { username = '', email = null, name = '' } = written;
  if (username.trim() === '') return deny('STAGE_DENIED', 'An account needs a username.');
  const attributes = withAttributes({}, written.attributes);
  if (!holdable.safeParse({ username, email, name, attributes }).success) return deny('STAGE_DENIED', TAKEN);
  if (await isTaken(run, written, null)) return deny('STAGE_DENIED', TAKEN);
  const joined = config.groupId === null ? null : await services.users.groupWithParents(config.groupId);
  if (joined === undefined)
    return deny('CONFIGURATION_ERROR', 'The group for new accounts has been removed.');
  const id = chance.id();
  const effects: Effect[] = [
    ...invitationOf(run, id),
    {
      type: 'createUser',
      id,
      username,
      email,
      name,
      active: !config.createUsersAsInactive,
      awaitsVerification: config.createUsersAsInactive,
      emailVerifiedAt: verifiedAt(run, email),
      kind: config.userKind,
      path: config.path,
      attributes,
      createdAt: run.now,
      group: joined?.group ?? null,
      groups: joined?.all ?? [],
    },
    ...(await setPassword(run, id, written.password)),
    ...consentsOf(run, id),
    userWritten(id, { created: true, fields: fieldsOf(written) }),
  ];
  return pass({
    effects,
    proofs: ['enrollment'],
    changes: [pendingUserKey.to({ id, identifier: username }), promptPasswordsKey.cleared()],
  });
}

/** First of all, so that of several accounts made with one invitation those that are too many touch nothing else. */
function invitationOf({ context }: Run, userId: string): Effect[] {
  const invitation = context.get(invitationKey);
  if (!invitation) return [];
  return [{ type: 'consumeInvitation', id: invitation.id, flowId: invitation.flowId, userId }];
}

/** What the person has agreed to before there was an account to remember it with. */
function consentsOf({ context }: Run, userId: string): Effect[] {
  return (context.get(consentsKey) ?? []).map(({ stageId, permissions, expiresAt }) => ({
    type: 'grantConsent',
    ...{ userId, stageId, permissions },
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  }));
}
