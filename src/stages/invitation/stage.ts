import { z } from 'zod';

import { Secret } from '../../kernel/secret.js';
import type { Context, ContextChange } from '../../flow/context.js';
import { invitationKey, invitationTokenKey, promptDataKey } from '../../flow/context-keys.js';
import type { PromptValue } from '../../flow/context-keys.js';
import { deny, pass } from '../../flow/outcome.js';
import { defineSilentStage } from '../define.js';

const UNINVITED =
  'This is for people who have been invited. Your invitation is missing or not valid any more.';

export const invitationStage = defineSilentStage({
  name: 'invitation',
  description: 'Lets invited people pass, and decides what their invitation says about them.',
  config: z.strictObject({
    continueWithoutInvitation: z
      .boolean()
      .default(false)
      .describe(
        'Whether people pass who have no invitation that is good for this flow; else they are denied. Default: false.',
      ),
  }),
  services: ['invitations'],

  async run({ config, context, services, flow, now }) {
    const token = context.get(invitationTokenKey)?.trim();
    const invitation = token ? await services.invitations.find(new Secret(token), flow.id, now) : undefined;
    if (!invitation) {
      if (!config.continueWithoutInvitation) return deny('INVITATION_REQUIRED', UNINVITED);
      return pass({ changes: withdrawal(context) });
    }
    const { id, name, fixedData } = invitation;
    return pass({
      changes: [
        invitationKey.to({ id, name, flowId: flow.id, fixed: Object.keys(fixedData) }),
        promptDataKey.to({ ...collectedFrom(context), ...fixedData }),
      ],
    });
  },
});

/** An invitation that was good before, and is so no longer, decides nothing any more. */
function withdrawal(context: Context): ContextChange[] {
  if (!context.get(invitationKey)) return [];
  return [invitationKey.cleared(), promptDataKey.to(collectedFrom(context))];
}

/** What prompts have collected, without what an earlier invitation had decided. */
function collectedFrom(context: Context): Record<string, PromptValue> {
  const decided = new Set(context.get(invitationKey)?.fixed);
  const collected = Object.entries(context.get(promptDataKey) ?? {});
  return Object.fromEntries(collected.filter(([key]) => !decided.has(key)));
}
