import { z } from 'zod';

import { pendingUserKey, promptPasswordsKey } from '../../flow/context-keys.js';
import type { RefusalEffect } from '../../flow/outcome.js';
import { notice } from '../../flow/mail.js';
import { deny, pass, precede } from '../../flow/outcome.js';
import { expectingAuthenticators, isStrongerProofDue, ownership } from '../../flow/ownership.js';
import { SECOND_FACTOR } from '../../flow/second-factor.js';
import { defineSilentStage } from '../define.js';

const NOT_YOURS = 'You may not delete this account.';

export const userDeleteStage = defineSilentStage({
  name: 'user-delete',
  description:
    'Deletes the account that the flow is about, for its owner. It does not ask: bind a stage before it that does.',
  config: z.strictObject({}),
  facts: () => ({ takes: 'SIGNED_IN' }),
  services: ['definitions', 'mailing'],

  async run(run) {
    const user = await run.user();
    if (!user) return deny('STAGE_DENIED', NOT_YOURS);
    switch (ownership(run, user)) {
      case 'NONE':
        return deny('STAGE_DENIED', NOT_YOURS);
      case 'SIGNED_IN':
        return deny('REAUTHENTICATION_REQUIRED', 'Please sign in again before you delete your account.');
      case 'PROVEN':
    }
    // What a password or a mail alone proves does not take an account away from whoever has more to show.
    if (isStrongerProofDue(run, user)) return precede([SECOND_FACTOR]);
    const { id, username } = user;
    const { viewer } = run;
    const signedOut: RefusalEffect[] =
      viewer?.user.id === id ? [{ type: 'endSession', sessionId: viewer.sessionId }] : [];
    return pass({
      effects: [
        expectingAuthenticators(user),
        { type: 'deleteUser', id },
        ...signedOut,
        ...notice(run, user, 'account-deleted'),
        { type: 'recordEvent', action: 'USER_DELETED', userId: id, details: { username } },
      ],
      // Nobody is found under this any more, whoever was signed in: what follows has nobody to write to.
      changes: [pendingUserKey.to({ id: null, identifier: username }), promptPasswordsKey.cleared()],
    });
  },
});
