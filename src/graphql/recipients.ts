import { Refusal } from '../kernel/refusal.js';
import { distinctAddresses, invitationMailFields } from '../flow/invitation-mail.js';
import type { Recipients } from '../flow/invitation-mail.js';
import type { Invitation } from '../flow/invitation.js';
import type { RequestContext } from './context.js';
import { checked, plain } from './input.js';

/** Whom an argument would send an invitation to. Refuses what cannot be sent, or would be in vain for all but one. */
export async function recipientsIn(
  input: object,
  path: string,
  { singleUse }: Pick<Invitation, 'singleUse'>,
  context: RequestContext,
): Promise<Recipients> {
  const { emailAddresses, language } = checked(invitationMailFields, plain(input, path), path);
  if (!context.invitations.mailing.available) {
    const message = 'No mail can be sent: the operator has to set SMTP_URL.';
    throw Refusal.badInput([{ path, code: 'NOT_CONFIGURED', message }]);
  }
  const addresses = distinctAddresses(emailAddresses);
  if (singleUse && addresses.length > 1) {
    const message = 'The invitation is good for one account only: it can be sent to one address.';
    throw Refusal.badInput([{ path: `${path}.emailAddresses`, code: 'TOO_MANY', message }]);
  }
  return { addresses, language: language ?? (await context.catalogue()).installation.language };
}
