import type { Clock } from '../kernel/clock.js';
import { passwordsRemembered } from '../flow/passwords-remembered.js';
import { forgetOldPasswords, tidy } from '../persistence/housekeeping.js';
import type { Service } from './service.js';

/**
 * What is to be done once in a while: what has expired goes, and so do earlier passwords that no policy compares with
 * any more. For those, all of them have to be looked at, and so it is done only when the policies ask for another number of them.
 */
export function housekeeping({ sql, catalogue, engine }: Service, clock: Clock): () => Promise<void> {
  let settled: number | undefined;
  return async () => {
    await tidy(sql, clock.now());
    const { policies } = await catalogue.reload();
    const remembered = passwordsRemembered(engine.policies.kinds, policies);
    if (remembered === settled) return;
    settled = (await forgetOldPasswords(sql, remembered)) ? remembered : undefined;
  };
}
