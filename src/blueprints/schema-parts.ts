import { z } from 'zod';

import { isJsonList, isJsonObject } from '../kernel/json.js';
import type { Json, JsonObject } from '../kernel/json.js';
import { references } from '../stages/reference.js';
import { isSecret } from '../stages/secret.js';

/** Where other parts of the schema are found. */
export function definition(name: string): JsonObject {
  return { $ref: `#/definitions/${name}` };
}

/** What editors are told of a schema, from what zod knows of it; `known` are schemas that have a definition. */
export function schemaOf(schema: z.core.$ZodType, known: ReadonlyMap<z.core.$ZodType, string>): JsonObject {
  const made = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override({ zodSchema, jsonSchema, path }) {
      const name = path.length === 0 ? undefined : known.get(zodSchema);
      const reference = references.get(zodSchema);
      if (name !== undefined) replace(jsonSchema, definition(name));
      else if (reference) replace(jsonSchema, definition(`reference.${reference.to}`));
      else if (isSecret(zodSchema) && zodSchema instanceof z.ZodUnion)
        replace(jsonSchema, definition('secret'));
      else if (isCaseless(zodSchema)) delete jsonSchema.pattern;
    },
  });
  return tidied(asJson(made));
}

function replace(jsonSchema: object, by: JsonObject): void {
  for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
  Object.assign(jsonSchema, by);
}

/** A pattern in JSON Schema cannot say that upper and lower case are the same. */
function isCaseless(schema: z.core.$ZodType): boolean {
  const { checks = [] } = schema._zod.def;
  return checks.some((check) => check instanceof z.core.$ZodCheckRegex && check._zod.def.pattern.ignoreCase);
}

const json = z.record(z.string(), z.json());

const texts = z.array(z.string());

export function asJson(value: object): JsonObject {
  return json.parse(JSON.parse(JSON.stringify(value)));
}

/** Without what is said for GraphQL only; what values of an enum mean is said as editors understand it. */
function tidied(schema: JsonObject): JsonObject {
  return mapped(schema, ({ $schema: _schema, typeName: _typeName, values, examples: _examples, ...rest }) => {
    const meanings = json.safeParse(values).data;
    const named = texts.safeParse(rest.enum).data;
    if (!meanings || !named) return rest;
    const enumDescriptions = named.map((name) => meanings[name] ?? '');
    return { ...rest, enumDescriptions };
  });
}

/** Changes a schema and all that lie within it, the innermost first. */
function mapped(schema: JsonObject, change: (schema: JsonObject) => JsonObject): JsonObject {
  const inner = Object.entries(schema).map(([key, value]): [string, Json] => {
    if (key === 'properties' || key === 'definitions' || key === '$defs') return [key, each(value)];
    if (isJsonObject(value) && schemaKeys.has(key)) return [key, mapped(value, change)];
    if (isJsonList(value) && listKeys.has(key))
      return [key, value.map((one) => (isJsonObject(one) ? mapped(one, change) : one))];
    return [key, value];
  });
  return change(Object.fromEntries(inner));

  function each(value: Json): Json {
    if (!isJsonObject(value)) return value;
    const members = Object.entries(value).map(([name, one]): [string, Json] => [
      name,
      isJsonObject(one) ? mapped(one, change) : one,
    ]);
    return Object.fromEntries(members);
  }
}

const schemaKeys = new Set(['items', 'additionalProperties', 'propertyNames']);
const listKeys = new Set(['anyOf', 'oneOf', 'allOf']);

/** A schema in which, in the place of each member and each item, a computed value can stand. */
export function computable(schema: JsonObject): JsonObject {
  return mapped(schema, ({ properties, items, oneOf, ...rest }) => ({
    ...rest,
    ...(isJsonObject(properties) && { properties: withValues(properties) }),
    ...(isJsonObject(items) && { items: orComputed(items) }),
    // While something in them is computed, several may be meant.
    ...(oneOf !== undefined && { anyOf: oneOf }),
  }));
}

function withValues(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      isJsonObject(schema) ? orComputed(schema) : schema,
    ]),
  );
}

/** What a schema says stays outside, where editors look for it. */
export function orComputed(schema: JsonObject, computed = 'computed'): JsonObject {
  const { description, default: usual, ...rest } = schema;
  if (Object.keys(rest).length === 0) return schema;
  return {
    ...(description !== undefined && { description }),
    ...(usual !== undefined && { default: usual }),
    anyOf: [rest, definition(computed)],
  };
}
