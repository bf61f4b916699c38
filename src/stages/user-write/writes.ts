import { z } from 'zod';

import type { Json, JsonObject } from '../../kernel/json.js';
import { attributeAt, isJsonObject } from '../../flow/attributes.js';
import type { AttributePath, AttributeWrite } from '../../flow/attributes.js';
import type { PromptValue } from '../../flow/context-keys.js';
import { attributeLimits, misleadingNames } from '../../flow/user-rules.js';

/** What an account has by itself. */
const own = ['username', 'email', 'name', 'password'] as const;

const ATTRIBUTES = 'attributes';
const BELOW = '*';

const name = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** What of the collected data may be written, each by the key under which prompts collect it. */
export const writes = z
  .array(
    z
      .string()
      .refine(isWritable, {
        error:
          'Must be username, email, name, password, or a path of attributes such as attributes.settings.locale; attributes.settings.* is everything below.',
      })
      .meta({ examples: ['username'] }),
  )
  .min(1)
  .max(100)
  .refine((all) => new Set(all).size === all.length, { error: 'Must not name anything twice.' });

/** What is to be written, of what prompts have collected. */
export interface Written {
  readonly username?: string;
  readonly email?: string | null;
  readonly name?: string;
  readonly password?: string;
  readonly attributes: readonly AttributeWrite[];
}

/** Picks what the list allows out of what was collected; of the rest nothing is written, whatever it is called. */
export function writtenBy(
  allowed: readonly string[],
  collected: Readonly<Record<string, PromptValue>>,
  passwords: Readonly<Record<string, string>>,
): Written {
  const text = (
    key: (typeof own)[number],
    from: Readonly<Record<string, PromptValue>>,
  ): string | undefined => {
    const value = allowed.includes(key) && Object.hasOwn(from, key) ? from[key] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const username = text('username', collected);
  const email = text('email', collected);
  const fullName = text('name', collected);
  const password = text('password', passwords);
  return {
    ...(username !== undefined && { username }),
    // Left empty, there is to be none.
    ...(email !== undefined && { email: email === '' ? null : email }),
    ...(fullName !== undefined && { name: fullName }),
    ...(password !== undefined && { password }),
    attributes: attributesIn(allowed, collected),
  };
}

/** The names of what is written, for the record. */
export function fieldsOf({ attributes, password: _password, ...names }: Written): string[] {
  return [...Object.keys(names), ...attributes.map(({ path }) => [ATTRIBUTES, ...path].join('.'))];
}

/**
 * Whether writing there would take away something that the list does not name: a value where an object would have to be,
 * or an object where the value is to go.
 */
export function isInTheWay(
  allowed: readonly string[],
  attributes: JsonObject,
  { path }: AttributeWrite,
): boolean {
  const above = path.map((_, depth) => path.slice(0, depth)).slice(1);
  const value = above.find((place) => isValue(attributeAt(attributes, place)));
  if (value) return !isAllowed(allowed, value);
  return isJsonObject(attributeAt(attributes, path)) && !isAllowedBelow(allowed, path);
}

function isValue(there: Json | undefined): boolean {
  return there !== undefined && !isJsonObject(there);
}

function attributesIn(
  allowed: readonly string[],
  collected: Readonly<Record<string, PromptValue>>,
): AttributeWrite[] {
  return Object.entries(collected)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, value]) => {
      const path = attributePath(key);
      return path && isAllowed(allowed, path) ? [{ path, value }] : [];
    });
}

function attributePath(key: string): AttributePath | undefined {
  const [root, first, ...others] = key.split('.');
  if (root !== ATTRIBUTES || first === undefined || others.length >= attributeLimits.depth) return undefined;
  return [first, ...others].every(isName) ? [first, ...others] : undefined;
}

function isName(text: string): boolean {
  return name.test(text) && !misleadingNames.includes(text);
}

function isWritable(entry: string): boolean {
  if (own.some((key) => key === entry)) return true;
  const below = entry.endsWith(`.${BELOW}`) && entry !== `${ATTRIBUTES}.${BELOW}`;
  return attributePath(below ? entry.slice(0, -2) : entry) !== undefined;
}

function isAllowed(allowed: readonly string[], path: readonly string[]): boolean {
  return allowed.includes([ATTRIBUTES, ...path].join('.')) || isAllowedBelow(allowed, path.slice(0, -1));
}

/** Whether all is allowed that lies below. */
function isAllowedBelow(allowed: readonly string[], path: readonly string[]): boolean {
  return path.some((_, last) => allowed.includes([ATTRIBUTES, ...path.slice(0, last + 1), BELOW].join('.')));
}
