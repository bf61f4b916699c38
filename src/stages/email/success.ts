import { verifiedAddressesKey } from '../../flow/context-keys.js';
import type { Effect } from '../../flow/effect.js';
import { pass } from '../../flow/outcome.js';
import type { Pass } from '../../flow/outcome.js';
import { forgotten } from './mail.js';
import type { Mail } from './mail.js';
import { isReachable } from './recipient.js';
import type { EmailRun } from './run.js';

/**
 * What it means that the mail has arrived: that its reader is the person whose address it is, where that is the account's
 * own, as it still is. Undefined where the mail went to nobody, or the account is no longer the one that was written to.
 */
export async function success(run: EmailRun, { address, userId }: Mail): Promise<Pass | undefined> {
  if (address === null) return undefined;
  const changes = [...forgotten(), ...collected(run, address)];
  if (userId === null) return pass({ changes, effects: [verified(null, false)] });
  const user = await run.user();
  if (user?.id !== userId || user.email !== address || !isReachable(user)) return undefined;
  const activates = run.config.activateUserOnSuccess;
  return pass({
    changes,
    proofs: ['email'],
    effects: [
      { type: 'verifyEmail', userId, email: address, verifiedAt: run.now, activates },
      verified(userId, activates && user.awaitsVerification),
    ],
  });
}

/** Later stages may write the address to an account, and know that it is verified. */
function collected({ config, context }: EmailRun, address: string) {
  if (config.recipient !== 'COLLECTED') return [];
  const known = context.get(verifiedAddressesKey) ?? [];
  return [verifiedAddressesKey.to([...known, address])];
}

function verified(userId: string | null, activated: boolean): Effect {
  return { type: 'recordEvent', action: 'EMAIL_VERIFIED', userId, details: { activated } };
}
