import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { TELLING_MISSING, schemaProblems } from '../kernel/schema-problems.js';
import { unstorableTexts } from '../kernel/storable.js';
import type { Reference } from '../flow/definition-store.js';
import type { StageKindDefinition } from './define.js';
import { references } from './reference.js';
import type { ReferenceMeta, ReferenceTarget } from './reference.js';
import { secretFields } from './secret.js';

/** A configuration that has been checked, or everything that is wrong with it. */
export type CheckedConfig =
  | {
      readonly ok: true;
      readonly config: JsonObject;
      readonly references: readonly Reference[];
      /** The fields that hold secrets. */
      readonly secrets: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Says whether there is such an object; `kinds` narrows stages. */
export type ReferenceCheck = (
  to: ReferenceTarget,
  id: string,
  kinds: readonly string[] | undefined,
) => boolean | Promise<boolean>;

/** Checks a stage's configuration, with defaults for what it does not mention. Paths start in the configuration. */
export async function checkStageConfig(
  kind: StageKindDefinition,
  raw: unknown,
  exists: ReferenceCheck,
): Promise<CheckedConfig> {
  const parsed = kind.config.safeParse(raw, TELLING_MISSING);
  if (!parsed.success) return { ok: false, problems: schemaProblems(parsed.error) };
  const config = z.record(z.string(), z.json()).parse(parsed.data);
  const unstorable = unstorableTexts(config);
  if (unstorable.length > 0) return { ok: false, problems: unstorable };
  const found = allReferencesIn(kind, config);
  const there = await Promise.all(found.map(async ({ to, id, kinds }) => exists(to, id, kinds)));
  const missing = found.filter((_, index) => there[index] === false).map(notThere);
  if (missing.length > 0) return { ok: false, problems: missing };
  const secrets = secretFields(kind.config);
  return { ok: true, config, references: found.map(({ to, id }) => ({ to, id })), secrets };
}

/** What a configuration, checked or not, names objects of. */
export function targetsIn(
  kind: StageKindDefinition,
  config: Readonly<Record<string, unknown>>,
): ReferenceTarget[] {
  return [...new Set(allReferencesIn(kind, config).map(({ to }) => to))];
}

/** What stands for a reference; the path starts in the configuration. */
export type ConvertReference = (
  value: unknown,
  to: ReferenceMeta,
  path: readonly (string | number)[],
) => unknown;

/** The configuration with other ids in place of what it refers to. */
export function mapReferences(
  kind: StageKindDefinition,
  config: Readonly<Record<string, unknown>>,
  idOf: (to: ReferenceTarget, id: string) => unknown,
): Record<string, unknown> {
  return mapReferenceValues(kind, config, (value, { to }) =>
    typeof value === 'string' ? idOf(to, value) : value,
  );
}

/** The configuration, checked or not, with something else at each place that its kind says is a reference. */
export function mapReferenceValues(
  kind: StageKindDefinition,
  config: Readonly<Record<string, unknown>>,
  convert: ConvertReference,
): Record<string, unknown> {
  const mapped = Object.entries(config).map(([key, value]): [string, unknown] => {
    const schema = Object.hasOwn(kind.config.shape, key) ? kind.config.shape[key] : undefined;
    return [key, schema ? mapValue(schema, value, convert, [key]) : value];
  });
  return Object.fromEntries(mapped);
}

function mapValue(
  schema: z.core.$ZodType,
  value: unknown,
  convert: ConvertReference,
  path: readonly (string | number)[],
): unknown {
  const meta = references.get(schema);
  if (meta) return convert(value, meta, path);
  const inner = innerSchema(schema);
  if (inner) return value == null ? value : mapValue(inner, value, convert, path);
  if (schema instanceof z.ZodArray) {
    const { element } = schema;
    const entries = list.safeParse(value);
    if (!entries.success) return value;
    return entries.data.map((entry, index) => mapValue(element, entry, convert, [...path, index]));
  }
  return value;
}

const list = z.array(z.unknown());

/** What an optional, nullable or defaulted schema is about. */
function innerSchema(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const wraps =
    schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return wraps ? schema.unwrap() : undefined;
}

/** A reference, its place in the configuration, and the kinds of which a stage must be. */
export interface FoundReference extends Reference {
  readonly path: string;
  readonly kinds: readonly string[] | undefined;
}

/** Every reference in a configuration, checked or not, and where it stands. */
export function allReferencesIn(
  kind: StageKindDefinition,
  config: Readonly<Record<string, unknown>>,
): FoundReference[] {
  return Object.entries(kind.config.shape).flatMap(([key, schema]) =>
    referencesIn(schema, config[key], [key]),
  );
}

/** Where a value is, or holds, what its schema says is a reference. */
function referencesIn(
  schema: z.core.$ZodType,
  value: unknown,
  path: readonly (string | number)[],
): FoundReference[] {
  const meta = references.get(schema);
  if (meta) {
    return typeof value === 'string'
      ? [{ to: meta.to, id: value, kinds: meta.kinds, path: path.join('.') }]
      : [];
  }
  if (schema instanceof z.ZodArray) {
    const { data: entries = [] } = list.safeParse(value);
    return entries.flatMap((entry, index) => referencesIn(schema.element, entry, [...path, index]));
  }
  const inner = innerSchema(schema);
  return inner ? referencesIn(inner, value, path) : [];
}

function notThere({ to, kinds, path }: FoundReference): FieldProblem {
  const what = to === 'promptField' ? 'prompt field' : kinds ? `${kinds.join(' or ')} ${to}` : to;
  return { path, code: 'NOT_FOUND', message: `There is no ${what} with this id.` };
}
