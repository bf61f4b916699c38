import { secondsAfter } from '../../kernel/clock.js';
import { durationSeconds } from '../../kernel/duration.js';
import type { RememberBrowser } from '../../flow/authenticator-effects.js';
import type { FlowUser } from '../../flow/services/users.js';
import { demandsOf } from './offer.js';
import type { Usable } from './offer.js';
import type { ValidateRun } from './run.js';

/** Whether the person may ask to be remembered: only a browser keeps a secret that its scripts never see. */
export function mayRemember({ client, config }: ValidateRun): boolean {
  return client.kind === 'BROWSER' && durationSeconds(config.rememberFor) > 0;
}

/**
 * Whether the person has lately shown one of these in this browser, and has proved in this execution by something else
 * who they are: that a browser is remembered proves nothing.
 */
export async function isRemembered(
  run: ValidateRun,
  person: FlowUser,
  usable: readonly Usable[],
): Promise<boolean> {
  const { client, config, now, proofs, services } = run;
  const isProven = proofs.some((proof) => proof !== 'remembered');
  if (!client.browser || !isProven || !mayRemember(run)) return false;
  // The stage may have been given a shorter memory since.
  const since = secondsAfter(now, -durationSeconds(config.rememberFor));
  return services.authenticators.isRemembered(client.browser, person.id, asASet(run, usable), since);
}

export function remembering(run: ValidateRun, person: FlowUser, usable: readonly Usable[]): RememberBrowser {
  const { chance, client, config, now } = run;
  return {
    type: 'rememberBrowser',
    id: chance.id(),
    userId: person.id,
    token: chance.token(),
    replaces: client.browser,
    authenticators: asASet(run, usable),
    at: now,
    expiresAt: secondsAfter(now, durationSeconds(config.rememberFor)),
  };
}

/** What was shown is good for just these: for one more or less, or for passkeys that have to be unlocked, it is not. */
function asASet(run: ValidateRun, usable: readonly Usable[]): string {
  const hasPasskeys = usable.some(({ kind }) => kind.answeredBy === 'PASSKEY');
  const isUnlocked = hasPasskeys && demandsOf(run).userVerification === 'REQUIRED';
  const ids = usable.map(({ authenticator }) => authenticator.id).toSorted();
  return [...ids, ...(isUnlocked ? ['unlocked'] : [])].join(' ');
}
