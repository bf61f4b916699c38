import { z } from 'zod';

import type { Chance } from '../kernel/chance.js';
import { durationSeconds, durationText } from '../kernel/duration.js';
import { Secret } from '../kernel/secret.js';
import { isStorableText } from '../kernel/text.js';
import { may } from './access.js';
import type { Rights } from './access.js';
import { permissionNames, withImplied } from './permissions.js';
import type { Permission } from './permissions.js';

/** So many tokens that are still good may one person have. */
export const MOST_API_TOKENS = 50;

/** What each token begins with, so that people, and programs that look for leaked secrets, see what it is. */
const PREFIX = 'sd_api_';
const SHORTEST_SECONDS = 3600;
const LONGEST_SECONDS = 365 * 24 * 3600;

/** What is decided of a token when it is made. */
export const apiTokenFields = z.strictObject({
  name: z
    .string()
    .max(200)
    .refine(isStorableText, { error: 'Must not hold characters that cannot be stored.' })
    .refine((text) => text.trim() !== '', { error: 'Must not be empty.' })
    .describe('What its owner calls it.'),
  permissions: z
    .array(z.enum(permissionNames).meta({ typeName: 'Permission' }))
    .min(1)
    .max(permissionNames.length)
    .describe('What it is for; of that, it allows what its owner may do at the time.'),
  lifetime: durationText
    .refine((text) => durationSeconds(text) >= SHORTEST_SECONDS && durationSeconds(text) <= LONGEST_SECONDS, {
      error: 'Must be between PT1H and P365D.',
    })
    .default('P90D')
    .describe('How long it is good, from PT1H to P365D. Default: P90D.'),
});

/** What can be decided anew. How long it is good cannot: make another one. */
export const apiTokenChanges = apiTokenFields.omit({ lifetime: true });

export function newApiToken(chance: Chance): Secret {
  return new Secret(PREFIX + chance.token().reveal());
}

/**
 * The API token in an `Authorization` header. Whatever looks like one counts as one, also where it cannot be good: a
 * request that brings one is never taken for somebody else's.
 */
export function apiTokenIn(authorization: string | undefined): Secret | undefined {
  const [, token] = /^Bearer +(sd_api_.*)$/i.exec(authorization ?? '') ?? [];
  return token === undefined ? undefined : new Secret(token);
}

/** What a token that is for this allows in the hands of its owner. No token makes a superuser. */
export function rightsByToken(granted: readonly Permission[], owner: Rights): Rights {
  const allowed = [...withImplied(granted)].filter((permission) => may(owner, permission));
  return { superuser: false, permissions: new Set(allowed) };
}
