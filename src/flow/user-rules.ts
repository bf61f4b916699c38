import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import { unstorableTexts } from '../kernel/storable.js';
import { codePointLength, isStorableText } from '../kernel/text.js';
import { isEmailAddress, isUsername } from './account-names.js';
import { userKinds } from './services/users.js';

/** What an account may hold. Every way in, a flow or an administrator, goes through these. */

export const userProblems = {
  INVALID_EMAIL: 'This is not an e-mail address.',
  INVALID_USERNAME:
    'A username has no spaces at its ends, no control characters, and at most 150 characters.',
  TAKEN: 'Somebody else has this already.',
} as const;

const LONGEST_NAME = 1000;

const storable = {
  error: 'Must not hold characters that cannot be stored.',
  params: { code: 'NOT_STORABLE' },
};

const username = z
  .string()
  .min(1, { error: 'Must not be empty.' })
  .refine(isUsername, { error: userProblems.INVALID_USERNAME, params: { code: 'INVALID_USERNAME' } })
  .refine(isStorableText, storable);

const email = z
  .string()
  .refine(isEmailAddress, { error: userProblems.INVALID_EMAIL, params: { code: 'INVALID_EMAIL' } });

const name = z
  .string()
  .refine((text) => text.length <= 2 * LONGEST_NAME && codePointLength(text) <= LONGEST_NAME, {
    error: `Must have at most ${LONGEST_NAME} characters.`,
    params: { code: 'TOO_LONG' },
  })
  .refine(isStorableText, storable);

export const attributeLimits = { bytes: 16 * 1024, depth: 10 } as const;

/** Names that mean something else to objects of JavaScript than to JSON. */
export const misleadingNames = ['__proto__', 'constructor', 'prototype'];

/** Kept as it is: zod would leave out what is called like an object's prototype, and so hide it. */
const attributes = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'Must be an object.',
  })
  .superRefine((value, issues) => {
    // Depth first: whatever is deeper cannot be looked through.
    if (isDeeperThan(attributeLimits.depth, value)) {
      const message = `Must not be nested more than ${attributeLimits.depth} levels deep.`;
      return issues.addIssue({ code: 'custom', message, params: { code: 'TOO_DEEP' } });
    }
    if (Buffer.byteLength(JSON.stringify(value)) > attributeLimits.bytes) {
      const message = `Must not be larger than ${attributeLimits.bytes} bytes as JSON.`;
      return issues.addIssue({ code: 'custom', message, params: { code: 'TOO_LARGE' } });
    }
    for (const path of misleadingKeys(value)) {
      const message = `Must not hold the keys ${misleadingNames.join(', ')}.`;
      issues.addIssue({ code: 'custom', path, message, params: { code: 'FORBIDDEN_KEY' } });
    }
    for (const { path, code, message } of unstorableTexts(value)) {
      issues.addIssue({
        code: 'custom',
        path: path === '' ? [] : path.split('.'),
        message,
        params: { code },
      });
    }
  })
  .meta({ typeName: 'JSONObject' });

/** Such as `users/external`: names with slashes between them. */
export const accountPath = z
  .string()
  .max(200)
  .refine((text) => /^[\p{L}\p{N}_.-]+(\/[\p{L}\p{N}_.-]+)*$/u.test(text), {
    error: 'Must be names of letters, digits, _, . and -, with a / between them, such as users/external.',
  });

export const userKind = z.enum(userKinds).meta({ typeName: 'UserKind' });

export const userFields = z.strictObject({
  username: username.describe('The username; nobody else may have it as username or e-mail address.'),
  email: email
    .nullable()
    .default(null)
    .describe('The e-mail address; nobody else may have it as username or e-mail address. Default: none.'),
  emailVerified: z
    .boolean()
    .default(false)
    .describe(
      'Whether mail to the address is known to reach the person; never without an address. One that is changed is not, unless this says so. Default: false.',
    ),
  name: name.default('').describe('The full name; may be empty.'),
  active: z.boolean().default(true).describe('Whether the person can sign in. Default: true.'),
  kind: userKind.default('INTERNAL').describe('What kind of account it is. Default: INTERNAL.'),
  path: accountPath
    .default('users')
    .describe('Where the account stands among others, such as users/external. Default: users.'),
  attributes: attributes
    .default({})
    .describe(
      'What there is to note about the person, for policies to read: at most 16 KiB, and 10 levels deep. Default: nothing.',
    ),
});

export type UserFields = z.infer<typeof userFields>;

/** So many groups may be named at once. */
export const joinedGroupIds = z.array(z.uuid()).max(100);

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner: unknown) => isDeeperThan(levels - 1, inner));
}

function misleadingKeys(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    misleadingNames.includes(key) ? [[...path, key]] : misleadingKeys(inner, [...path, key]),
  );
}
