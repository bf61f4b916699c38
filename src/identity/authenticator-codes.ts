import { createHash, timingSafeEqual } from 'node:crypto';

import type { KeyRing } from './key-ring.js';

/**
 * Hashes codes that are too short to be kept under a plain one, each for one place (`bond`). The key's id is kept with the
 * hash, so that codes outlive a change of keys.
 */
export function authenticatorCodes(keys: KeyRing) {
  const mac = (code: string, bond: string, keyId?: string): string =>
    keys.mac('authenticator-code', JSON.stringify([bond, code]), keyId);
  return {
    hash: (code: string, bond: string): string => `${keys.writingKeyId}:${mac(code, bond)}`,
    isHashOf(hash: string, code: string, bond: string): boolean {
      const keyId = hash.slice(0, hash.lastIndexOf(':'));
      if (!keys.has(keyId)) return false;
      return timingSafeEqual(digest(hash), digest(`${keyId}:${mac(code, bond, keyId)}`));
    },
  };
}

/** Of equal length, whatever it is of. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
