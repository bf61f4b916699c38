import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';

import { isStorableText } from '../kernel/text.js';
import type { InvitationState as State } from '../flow/invitation.js';
import { InvitationState } from './enums.js';

@InputType({ description: 'Which invitations to list; all conditions hold.' })
export class InvitationFilter {
  @Field(() => String, { nullable: true, description: 'With this in the name, whatever the case.' })
  search?: string | null;

  @Field(() => ID, { nullable: true, description: 'Bound to this flow; who asks must be able to see flows.' })
  flowId?: string | null;

  @Field(() => InvitationState, { nullable: true, description: 'In this state.' })
  state?: State | null;
}

const text = z
  .string()
  .max(320)
  .refine(isStorableText, { error: 'Must not hold characters that cannot be stored.' });
/** The same, checked. */
export const invitationFilterForm = z.strictObject({
  search: text.nullable().default(null),
  flowId: text.nullable().default(null),
  state: z.enum(InvitationState).nullable().default(null),
});
