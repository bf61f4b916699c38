import { z } from 'zod';

import type { ObjectSchema } from '../kernel/object-schema.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { isStorableText } from '../kernel/text.js';
import { sealedSecret } from '../flow/sealed-secret.js';

interface SecretMeta {
  /** The fields that decide who is told it: where one of them changes, the secret has to be given anew. */
  readonly toldBy: readonly string[];
}

const secrets = z.registry<SecretMeta>();

/**
 * A field of a configuration that is written and never read: clients send the text, what is kept of it is sealed, and
 * the API says no more than whether there is one. It stands in the configuration itself, not deeper.
 *
 * `toldBy` names the fields that say whom the stage tells it, or whoever may change a stage could have it sent to
 * themselves.
 */
export function secretText(longest: number, toldBy: readonly string[]) {
  const text = z
    .string()
    .min(1)
    .max(longest)
    .refine(isStorableText, {
      error: 'Must not hold characters that cannot be stored.',
      params: { code: 'NOT_STORABLE' },
    });
  return z.union([text, sealedSecret]).register(secrets, { toldBy });
}

/** Whether a field holds a secret, however it is wrapped. */
export function isSecret(schema: z.core.$ZodType): boolean {
  return metaOf(schema) !== undefined;
}

/** The names of those fields of a configuration that hold secrets. */
export function secretFields({ shape }: ObjectSchema): string[] {
  return Object.entries(shape).flatMap(([key, field]) => (isSecret(field) ? [key] : []));
}

/** What the output of a secret field is called: it says whether there is one. */
export function presenceName(field: string): string {
  return `has${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}

/** A configuration as it may be shown: in place of each secret, whether there is one. */
export function withoutSecrets(
  schema: ObjectSchema,
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const hidden = new Set(secretFields(schema));
  return Object.fromEntries(
    Object.entries(config).map(([key, value]): [string, unknown] =>
      hidden.has(key) ? [presenceName(key), value != null] : [key, value],
    ),
  );
}

/** The secrets that a change would keep, and tell somebody else than before. */
export function secretsToldOthers(
  schema: ObjectSchema,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): FieldProblem[] {
  return Object.entries(schema.shape).flatMap(([path, field]): FieldProblem[] => {
    const isKept = sealedSecret.safeParse(after[path]).success;
    const changed =
      metaOf(field)?.toldBy.filter((name) => (before[name] ?? null) !== (after[name] ?? null)) ?? [];
    if (!isKept || changed.length === 0) return [];
    const message = `Has to be given anew where ${changed.join(' and ')} changes: it would be told to somebody else.`;
    return [{ path, code: 'REQUIRED', message }];
  });
}

function metaOf(schema: z.core.$ZodType): SecretMeta | undefined {
  const wraps =
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault;
  return secrets.get(schema) ?? (wraps ? metaOf(schema.unwrap()) : undefined);
}
