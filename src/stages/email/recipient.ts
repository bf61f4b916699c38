import { canonical } from '../../kernel/text.js';
import { isEmailAddress } from '../../flow/account-names.js';
import { pendingUserKey, promptDataKey, verifiedAddressesKey } from '../../flow/context-keys.js';
import { deny } from '../../flow/outcome.js';
import type { Deny } from '../../flow/outcome.js';
import type { FlowUser } from '../../flow/services/users.js';
import type { EmailRun } from './run.js';

/** Whom a mail is for, as far as that is anybody. */
export interface Recipient {
  readonly type: 'recipient';
  /** What was typed: mails are counted by it, whether or not it names anybody. */
  readonly typed: string;
  /** What the person may be told that the mail is sent to: an address that they have typed. */
  readonly sentTo: string | null;
  /** Where code and link go; null where nobody gets any, and none is right. */
  readonly address: string | null;
  /** Whose address it is; null where it is no account's yet, or nobody's. */
  readonly user: FlowUser | null;
  /** Who has an account with the address already, and is told so instead. */
  readonly owner: FlowUser | null;
}

/** Nobody where there is nothing to verify. */
export function recipientOf(run: EmailRun): Promise<Recipient | Deny | 'nobody'> {
  return run.config.recipient === 'ACCOUNT' ? accountHolder(run) : whoeverHasCollected(run);
}

/** Whether somebody can be written to: not where the account was disabled, but where it only waits to be confirmed. */
export function isReachable(user: FlowUser): user is FlowUser & { readonly email: string } {
  const isOpen = user.active || user.awaitsVerification;
  return isOpen && user.email !== null && isEmailAddress(user.email);
}

async function accountHolder(run: EmailRun): Promise<Recipient | Deny> {
  const pending = run.context.get(pendingUserKey);
  const typed = pending?.identifier ?? run.viewer?.user.username;
  if (typed === undefined) return deny('STAGE_DENIED', 'It is not known whom to write to.');
  const user = (await run.user()) ?? null;
  const reachable = user && isReachable(user) ? user : null;
  return {
    type: 'recipient',
    typed,
    sentTo: sentTo(run, pending?.identifier, user),
    address: reachable?.email ?? null,
    user: reachable,
    owner: null,
  };
}

/** Whoever has made the account in this very flow has typed its address; nothing else is known but what they are called. */
function sentTo({ proofs }: EmailRun, identifier: string | undefined, user: FlowUser | null): string | null {
  if (proofs.includes('enrollment')) return user?.email ?? null;
  return identifier !== undefined && isEmailAddress(identifier) ? identifier : null;
}

/**
 * The person whom the flow is about, once it is known that it is they. Before that nobody is told, by the stage being passed,
 * what the address of an account is that they have only named.
 */
async function knownPerson({ user, proofs, viewer }: EmailRun): Promise<FlowUser | undefined> {
  const person = await user();
  return proofs.length > 0 || viewer?.user.id === person?.id ? person : undefined;
}

async function whoeverHasCollected(run: EmailRun): Promise<Recipient | Deny | 'nobody'> {
  const { context, services } = run;
  const collected = context.get(promptDataKey)?.email;
  if (typeof collected !== 'string' || collected === '') return 'nobody';
  if (!isEmailAddress(collected)) return deny('STAGE_DENIED', 'This is not an e-mail address.');
  if (context.get(verifiedAddressesKey)?.includes(collected) === true) return 'nobody';
  const user = await knownPerson(run);
  const isOwn = user?.email != null && canonical(user.email) === canonical(collected);
  if (isOwn && user.emailVerifiedAt !== null) return 'nobody';
  const owner = await services.users.byIdentifier(collected, ['USERNAME', 'EMAIL']);
  const shared = { type: 'recipient', typed: collected, sentTo: collected } as const;
  if (owner && owner.id !== user?.id) return { ...shared, address: null, user: null, owner };
  if (!isOwn) return { ...shared, address: collected, user: null, owner: null };
  return isReachable(user)
    ? { ...shared, address: user.email, user, owner: null }
    : { ...shared, address: null, user: null, owner: null };
}
