import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import { Secret } from '../../kernel/secret.js';
import { unstorableTexts } from '../../kernel/storable.js';
import { wordsAbout } from '../../flow/password-rule.js';
import { passwordsRemembered } from '../../flow/passwords-remembered.js';
import { joinedGroupIds, userFields } from '../../flow/user-rules.js';
import type { Account, NewPassword } from '../../flow/user-store.js';
import { NeedsRecently } from '../access-rules.js';
import { actor } from '../actor.js';
import { expectPermissions } from '../authorization.js';
import type { RequestContext } from '../context.js';
import { inputType } from '../derive.js';
import { IF_VERSION, deletingUnused, found } from '../edit.js';
import { checked, checkedChanges, plain, refusedAt } from '../input.js';
import { refuseMissing } from '../references.js';
import { User } from '../types/people.js';

const newUser = userFields.extend({
  groupIds: joinedGroupIds
    .default([])
    .describe(
      'The groups that the person joins: this needs GROUP_CHANGE and a recent authentication. Default: none.',
    ),
});

/** Making and changing accounts, for administrators: none that may do what they may not. */
export function userChanges(): ClassType {
  const CreateUserInput = inputType('CreateUserInput', 'A new account.', newUser);
  const UpdateUserInput = inputType(
    'UpdateUserInput',
    'What to change; the rest is left alone.',
    userFields,
    { partial: true },
  );

  @Resolver()
  class UserChanges {
    @NeedsRecently('USER_ADD')
    @Mutation(() => User, {
      description: 'Make an account, without a password. Refused where its groups may do what you may not.',
    })
    async createUser(
      @Arg('input', () => CreateUserInput, { description: 'The account.' }) input: object,
      @Ctx() context: RequestContext,
    ): Promise<Account> {
      const { groupIds, ...fields } = checked(newUser, plain(input));
      if (groupIds.length > 0) {
        await expectPermissions(context, ['GROUP_CHANGE']);
        refuseMissing('group', 'input.groupIds', await context.groups.loadMany(groupIds));
      }
      return changed(await context.userEditor.create(fields, groupIds, await actor(context)), context);
    }

    @NeedsRecently('USER_CHANGE')
    @Mutation(() => User, {
      description:
        'Change an account. Somebody who is disabled is signed out everywhere; whose e-mail address is changed as well, from your own account all but this session, and is told so at the address before. Refused where the account may do what you may not, and where nobody would be left who may do everything.',
    })
    async updateUser(
      @Arg('id', () => ID, { description: 'Which account.' }) id: string,
      @Arg('input', () => UpdateUserInput, { description: 'What to change.' }) input: object,
      @Arg('ifVersion', () => Int, IF_VERSION)
      ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<Account> {
      const changes = checkedChanges(userFields, input);
      const kept = (await context.viewer())?.sessionId ?? null;
      await context.userEditor.update(id, changes, ifVersion ?? null, kept, await actor(context));
      return changed(id, context);
    }

    @NeedsRecently('USER_DELETE')
    @Mutation(() => ID, {
      description:
        'Delete an account that nothing asks for any more, with its password, sessions and API tokens; its person is told by mail. Refused where the account may do what you may not, and where nobody would be left who may do everything.',
    })
    async deleteUser(
      @Arg('id', () => ID, { description: 'Which account.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      const by = await actor(context);
      await deletingUnused({ type: 'USER', id }, context, () => context.userEditor.delete(id, by));
      forget(context);
      return id;
    }

    @NeedsRecently('USER_RESET')
    @Mutation(() => User, {
      description:
        'Give somebody a new password, judged by the rule that is built in, and sign them out everywhere; from your own account all but this session. They are told by mail. Refused where the account may do what you may not.',
    })
    async setUserPassword(
      @Arg('id', () => ID, { description: 'Whose password.' }) id: string,
      @Arg('password', () => String, { description: 'The new password.' }) password: string,
      @Ctx() context: RequestContext,
    ): Promise<Account> {
      const user = found('user', await context.users.load(id));
      const prepared = await newPassword(user, new Secret(password), context);
      const kept = (await context.viewer())?.sessionId ?? null;
      await context.userEditor.setPassword(id, prepared, kept, await actor(context));
      return changed(id, context);
    }

    @NeedsRecently('USER_RESET')
    @Mutation(() => User, {
      description:
        'Note that others know a password: until a new one is set it proves nothing any more. The person is signed out everywhere. Refused where the account has no password, or may do what you may not.',
    })
    async markPasswordCompromised(
      @Arg('id', () => ID, { description: 'Whose password.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<Account> {
      await context.userEditor.markPasswordCompromised(id, await actor(context));
      return changed(id, context);
    }
  }

  return UserChanges;
}

/** What is to be stored for a new password; hashed beforehand, since that takes long. */
async function newPassword(user: Account, password: Secret, context: RequestContext): Promise<NewPassword> {
  const { services, policies } = context.engine;
  services.passwords.expectCapacity();
  const problems = unstorableTexts(password.reveal());
  if (problems.length > 0) throw refusedAt('password', problems);
  const problem = await services.passwords.problem(password, wordsAbout(user, {}));
  if (problem) throw Refusal.badInput([{ path: 'password', ...problem }]);
  const remembered = passwordsRemembered(policies.kinds, (await context.catalogue()).policies);
  return { hash: await services.passwords.hash(password), remembered };
}

/** The account as it is after a change of this request's. */
async function changed(id: string, context: RequestContext): Promise<Account> {
  forget(context);
  return found('user', await context.users.load(id));
}

/** What this request has read of people may have changed. */
function forget({ users, groupIdsOfUsers, passwordStates }: RequestContext): void {
  users.clearAll();
  groupIdsOfUsers.clearAll();
  passwordStates.clearAll();
}
