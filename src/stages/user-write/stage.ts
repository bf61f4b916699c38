import { pendingUserKey, promptDataKey, promptPasswordsKey } from '../../flow/context-keys.js';
import { deny } from '../../flow/outcome.js';
import { defineSilentStage } from '../define.js';
import { userWriteConfig } from './config.js';
import { create } from './creating.js';
import { NOT_YOURS } from './run.js';
import { update } from './updating.js';
import { fieldsOf, writtenBy } from './writes.js';

export const userWriteStage = defineSilentStage({
  name: 'user-write',
  description:
    'Saves what prompts have collected: makes an account, or changes the one that the flow is about.',
  config: userWriteConfig,
  facts: ({ creation }) => (creation === 'NEVER' ? { takes: 'SIGNED_IN' } : { gives: 'PROVED' }),
  services: ['users', 'passwords', 'definitions', 'mailing'],

  async run(run) {
    const { context, config } = run;
    const written = writtenBy(
      config.writes,
      context.get(promptDataKey) ?? {},
      context.get(promptPasswordsKey) ?? {},
    );
    if (fieldsOf(written).length === 0 && written.password === undefined) {
      return deny('STAGE_DENIED', 'There is nothing to save.');
    }
    if (config.creation === 'ALWAYS') return create(run, written);
    const user = await run.user();
    if (user) return update(run, user, written);
    const pending = context.get(pendingUserKey);
    // Somebody who is gone by now is nobody's to take the place of.
    if (pending && pending.id !== null) return deny('STAGE_DENIED', NOT_YOURS);
    if (config.creation === 'NEVER') {
      // Somebody who only pretends to exist is refused like anybody who cannot be changed.
      return deny('STAGE_DENIED', pending ? NOT_YOURS : 'There is no account to save this to.');
    }
    return create(run, written);
  },
});
