import type { PasswordStrength } from '../../flow/services/password-strength.js';
import { breachesFrom } from './breaches.js';
import type { BreachService } from './breaches.js';
import { isCommonPassword } from './common-passwords.js';
import { GuessEstimator } from './guess-estimator.js';

/**
 * Judges passwords by the lists and the estimator of zxcvbn-ts, and by a k-anonymity service where there is one (null
 * where not). Lists are read, and the estimator's thread is started, when they are first needed.
 */
export function createPasswordStrength(
  service: BreachService | null,
): PasswordStrength & { close(): Promise<void> } {
  const estimator = new GuessEstimator();
  return {
    knowsBreaches: service !== null,
    isCommon: isCommonPassword,
    estimate: (password, contextWords) => estimator.estimate(password, contextWords),
    async breaches(password) {
      if (!service) throw new Error('the service for breached passwords is not configured');
      return breachesFrom(service, password);
    },
    close: () => estimator.close(),
  };
}
