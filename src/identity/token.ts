import { createHash, randomBytes, randomUUID } from 'node:crypto';

import type { Chance } from '../kernel/chance.js';
import { Secret } from '../kernel/secret.js';

const TOKEN_BYTES = 32;

export const systemChance: Chance = {
  id: () => randomUUID(),
  token: () => new Secret(randomBytes(TOKEN_BYTES).toString('base64url')),
};

/** Under which a token is stored. A token has 256 bits of chance, so that a fast hash is enough. */
export function tokenHash(token: Secret): string {
  return createHash('sha256').update(token.reveal()).digest('base64url');
}
