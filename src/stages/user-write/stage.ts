import { z } from 'zod';

import { Secret } from '../../kernel/secret.js';
import { invitationKey, pendingUserKey, promptDataKey, promptPasswordsKey } from '../../flow/context-keys.js';
import type { PromptValue } from '../../flow/context-keys.js';
import type { Effect } from '../../flow/effect.js';
import { deny, pass } from '../../flow/outcome.js';
import type { Deny, Pass } from '../../flow/outcome.js';
import type { FlowUser } from '../../flow/services/users.js';
import { defineSilentStage } from '../define.js';
import type { TypedRun } from '../define.js';
import { groupReference } from '../reference.js';

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

const config = z.strictObject({
  creation: creation.default('WHEN_REQUIRED').describe('When to make a new account. Default: WHEN_REQUIRED.'),
  createUsersAsInactive: z
    .boolean()
    .default(false)
    .describe('New accounts cannot sign in yet. Default: false.'),
  groupId: groupReference().nullable().default(null).describe('The group that new accounts join.'),
});

type Run = TypedRun<z.infer<typeof config>, 'users' | 'passwords'>;

/** What this stage writes, and nothing else, whatever the prompts have collected. */
interface Written {
  readonly username?: string;
  readonly email?: string;
  readonly name?: string;
}

const TAKEN = 'This cannot be saved as it is. Please start again with other details.';

export const userWriteStage = defineSilentStage({
  name: 'user-write',
  description:
    'Saves what prompts have collected: makes an account, or changes the one that the flow is about.',
  config,
  services: ['users', 'passwords'],

  async run(run) {
    const { context } = run;
    const written = writable(context.get(promptDataKey) ?? {});
    const password = context.get(promptPasswordsKey)?.password;
    if (Object.keys(written).length === 0 && password === undefined) {
      return deny('STAGE_DENIED', 'There is nothing to save.');
    }
    const user = run.config.creation === 'ALWAYS' ? undefined : await run.user();
    const hash = password === undefined ? null : await run.services.passwords.hash(new Secret(password));
    if (user) return update(run, user, written, hash);
    if (run.config.creation === 'NEVER') return deny('STAGE_DENIED', 'There is no account to save this to.');
    return create(run, written, hash);
  },
});

function writable(collected: Readonly<Record<string, PromptValue>>): Written {
  const { username, email, name } = texts(collected);
  return {
    ...(username !== undefined && { username }),
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
  };
}

function texts(collected: Readonly<Record<string, PromptValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(collected).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

async function create(run: Run, written: Written, hash: Secret | null): Promise<Pass | Deny> {
  const { services, config, chance } = run;
  const { username, email, name } = written;
  if (username === undefined) return deny('STAGE_DENIED', 'An account needs a username.');
  if ((await services.users.taken(written, null)).length > 0) return deny('STAGE_DENIED', TAKEN);
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
      email: email ?? null,
      name: name ?? '',
      active: !config.createUsersAsInactive,
      awaitsVerification: config.createUsersAsInactive,
      emailVerifiedAt: null,
      kind: 'INTERNAL',
      path: 'users',
      attributes: {},
      createdAt: run.now,
      group: joined?.group ?? null,
      groups: joined?.all ?? [],
    },
    ...credentials(run, id, hash),
    userWritten(id, { created: true, fields: Object.keys(written) }),
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

/** Changes an account only for somebody who has proved to be its owner here, or is signed in as them. */
async function update(run: Run, user: FlowUser, written: Written, hash: Secret | null): Promise<Pass | Deny> {
  const owner = run.proofs.length > 0 || run.viewer?.user.id === user.id;
  if (!owner || !user.active) return deny('STAGE_DENIED', 'You may not change this account.');
  if ((await run.services.users.taken(written, user.id)).length > 0) return deny('STAGE_DENIED', TAKEN);
  const effects: Effect[] = [
    { type: 'updateUser', id: user.id, changes: written },
    ...credentials(run, user.id, hash),
    userWritten(user.id, { created: false, fields: Object.keys(written) }),
  ];
  return pass({ effects, changes: [promptPasswordsKey.cleared()] });
}

function credentials({ passwordsRemembered }: Run, userId: string, hash: Secret | null): Effect[] {
  if (hash === null) return [];
  return [
    { type: 'setPassword', userId, hash, remembered: passwordsRemembered() },
    { type: 'recordEvent', action: 'PASSWORD_SET', userId, details: {} },
  ];
}

function userWritten(userId: string, details: { created: boolean; fields: string[] }): Effect {
  return { type: 'recordEvent', action: 'USER_WRITTEN', userId, details };
}
