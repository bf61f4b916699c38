import { z } from 'zod';

import { references } from '../../src/stages/reference.js';

/** The id that samples put wherever a configuration refers to something. */
export const SAMPLE_ID = 'b4c1b1a0-0000-4000-8000-000000000001';
/** What samples put wherever there is text. */
export const SAMPLE_TEXT = 'sample';

type Shape = z.core.$ZodShape;

/** What an optional, nullable or defaulted schema is about. */
function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const wraps =
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault;
  return wraps ? schema.unwrap() : undefined;
}

const valueExamples = z.array(z.unknown());

/** A value that fits the schema, by its form. A kind whose fields ask for more than form has to teach it here. */
function sampleOf(schema: z.core.$ZodType): unknown {
  const inner = innerOf(schema);
  if (inner) return sampleOf(inner);
  if (references.has(schema)) return SAMPLE_ID;
  const [example] = valueExamples.parse(z.globalRegistry.get(schema)?.examples ?? []);
  if (example !== undefined && !(schema instanceof z.ZodObject)) return example;
  if (z.globalRegistry.get(schema)?.typeName === 'Duration') return 'P1D';
  if (z.globalRegistry.get(schema)?.typeName === 'DateTime') return '2030-01-01T00:00:00.000Z';
  if (schema instanceof z.ZodUUID) return SAMPLE_ID;
  if (schema instanceof z.ZodRecord) return {};
  if (schema instanceof z.ZodLiteral) return [...schema.values][0];
  if (schema instanceof z.ZodBoolean) return false;
  if (schema instanceof z.ZodNumberFormat || schema instanceof z.ZodNumber) return 1;
  if (schema instanceof z.ZodString) return SAMPLE_TEXT;
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodArray) return [sampleOf(schema.element)];
  if (schema instanceof z.ZodObject) return fullSample(schema);
  if (schema instanceof z.ZodUnion && schema.options[0]) return sampleOf(schema.options[0]);
  throw new Error('no sample for this schema yet');
}

/**
 * What a schema names as examples, the smallest first: for objects whose fields depend on each other, so that no
 * sample can be made by their form.
 */
function examplesOf(schema: { readonly shape: Shape }): Record<string, unknown>[] {
  const examples = schema instanceof z.ZodObject ? z.globalRegistry.get(schema)?.examples : undefined;
  return z.array(z.record(z.string(), z.unknown())).parse(examples ?? []);
}

/** A sample with every field. */
export function fullSample(schema: { readonly shape: Shape }): Record<string, unknown> {
  const example = examplesOf(schema).at(-1);
  if (example) return example;
  return Object.fromEntries(Object.entries(schema.shape).map(([key, field]) => [key, sampleOf(field)]));
}

/** A sample with those fields only that must be there. */
export function requiredSample(schema: { readonly shape: Shape }): Record<string, unknown> {
  const [example] = examplesOf(schema);
  if (example) return example;
  const required = Object.entries(schema.shape).filter(([, field]) => !mayBeLeftOut(field));
  return Object.fromEntries(required.map(([key, field]) => [key, sampleOf(field)]));
}

/** Samples with every choice of the fields that may be left out. */
export function everySample(schema: { readonly shape: Shape }): Record<string, unknown>[] {
  const optional = Object.entries(schema.shape).filter(([, field]) => mayBeLeftOut(field));
  return optional.reduce<Record<string, unknown>[]>(
    (samples, [key, field]) => samples.flatMap((sample) => [sample, { ...sample, [key]: sampleOf(field) }]),
    [requiredSample(schema)],
  );
}

function mayBeLeftOut(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
}

export interface DescribedField {
  readonly path: string;
  readonly description: string | undefined;
}

/** Every field of a schema, however deep, as its GraphQL type would have it. */
export function fieldsOf(schema: { readonly shape: Shape }, prefix = ''): DescribedField[] {
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    const path = `${prefix}${key}`;
    const object = objectWithin(field);
    const inner = object ? fieldsOf(object, `${path}.`) : [];
    return [{ path, description: descriptionOf(field) }, ...inner];
  });
}

/** The object that a field holds, unless it is one that GraphQL describes elsewhere. */
function objectWithin(schema: z.core.$ZodType): { readonly shape: Shape } | undefined {
  if (schema instanceof z.ZodArray) return objectWithin(schema.element);
  if (schema instanceof z.ZodObject) {
    return z.globalRegistry.get(schema)?.typeName === 'FlowInfo' ? undefined : schema;
  }
  const inner = innerOf(schema);
  return inner && objectWithin(inner);
}

function descriptionOf(schema: z.core.$ZodType): string | undefined {
  const inner = innerOf(schema);
  return z.globalRegistry.get(schema)?.description ?? (inner && descriptionOf(inner));
}

/** Copies of a value, each with one thing in it replaced by something that does not belong there. */
export function malformed(value: unknown): unknown[] {
  const wrong: unknown[] = [0, -1.5, null, [[]], [null], { deeper: { still: {} } }, 'x'.repeat(1_000_000)];
  if (Array.isArray(value)) {
    const within = value.flatMap((entry: unknown, index) =>
      malformed(entry).map((other) => value.with(index, other)),
    );
    return [...wrong, ...within];
  }
  if (typeof value !== 'object' || value === null) return wrong;
  const entries = Object.entries(value);
  const replaced = entries.flatMap(([key, inner]) =>
    malformed(inner).map((other) => ({ ...value, [key]: other })),
  );
  return [...wrong, ...replaced, ...intruders(JSON.stringify(value))];
}

/** A JSON object with one more member, under names that objects treat in their own way. */
function intruders(json: string): unknown[] {
  return ['__proto__', 'constructor', 'toString', 'unheardOf'].map((key): unknown =>
    JSON.parse(json.replace(/^\{/, `{"${key}": {"passing": true}${json === '{}' ? '' : ','}`)),
  );
}
