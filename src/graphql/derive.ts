import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { z } from 'zod';

import type { ObjectSchema } from '../kernel/object-schema.js';
import { references } from '../stages/reference.js';
import { isSecret, presenceName } from '../stages/secret.js';
import { AsReached } from './access-rules.js';
import type { RuleDecorator } from './access-rules.js';
import { GraphQLDuration } from './duration-scalar.js';
import {
  AuthenticationRequirement,
  AuthenticatorKindEnum,
  DeniedAction,
  FlowDesignation,
  FlowLayout,
  InvalidResponseAction,
  LanguageCode,
  Permission,
  PolicyEngineMode,
  UserKindEnum,
} from './enums.js';
import { FlowInfo } from './types/flow-info.js';
import { oneOfTypes } from './one-of.js';

/** A class that type-graphql knows fields of; it is never instantiated by us. */
export type DerivedType = ClassType;
type Role = 'input' | 'output';
type TypeThunk = () => DerivedType | typeof String | typeof Boolean | object;

/** Types by name, so that one schema used in several places is one type. */
const known = new Map<string, object>([
  ['FlowInfo', FlowInfo],
  ['FlowDesignation', FlowDesignation],
  ['FlowLayout', FlowLayout],
  ['DeniedAction', DeniedAction],
  ['AuthenticationRequirement', AuthenticationRequirement],
  ['InvalidResponseAction', InvalidResponseAction],
  ['PolicyEngineMode', PolicyEngineMode],
  ['Permission', Permission],
  ['Language', LanguageCode],
  ['UserKind', UserKindEnum],
  ['AuthenticatorKind', AuthenticatorKindEnum],
]);

/**
 * A GraphQL object type with the fields of a zod object: one description of a kind's data serves validation,
 * storage and the API, and the three cannot drift apart.
 */
export function outputType(
  name: string,
  description: string,
  schema: ObjectSchema,
  access: RuleDecorator,
  implemented?: DerivedType,
): DerivedType {
  const type = emptyClass(name);
  access(type);
  ObjectType(name, { description, ...(implemented && { implements: implemented }) })(type);
  const fields = Object.entries(schema.shape);
  for (const [key, field] of fields) addField(type, key, field, 'output');
  if (fields.length === 0 && !implemented) addNothing(type);
  return type;
}

/**
 * A GraphQL input type with the fields of a zod object. A field that has a default may be left out; where `partial`,
 * each one may, and keeps the value that it has.
 */
export function inputType(
  name: string,
  description: string,
  schema: ObjectSchema,
  { partial = false }: { partial?: boolean } = {},
): DerivedType {
  const type = emptyClass(name);
  InputType(name, { description })(type);
  const fields = Object.entries(schema.shape);
  for (const [key, field] of fields) addField(type, key, field, 'input', partial);
  if (fields.length === 0) addNothing(type);
  return type;
}

/** A `@oneOf` input with one member for each kind. */
export function oneOfInput(
  name: string,
  description: string,
  members: readonly { readonly key: string; readonly description: string; readonly type: DerivedType }[],
): DerivedType {
  const type = emptyClass(name);
  InputType(name, { description })(type);
  for (const member of members) {
    Field(() => member.type, { nullable: true, description: member.description })(type.prototype, member.key);
  }
  oneOfTypes.add(name);
  return type;
}

function emptyClass(name: string): DerivedType {
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- Its fields come from a schema.
  const type = class {};
  Object.defineProperty(type, 'name', { value: name });
  return type;
}

function addField(
  type: DerivedType,
  key: string,
  schema: z.core.$ZodType,
  role: Role,
  partial = false,
): void {
  const description = descriptionOf(schema, `${type.name}.${key}`);
  if (isSecret(schema)) return addSecret(type, key, description, role);
  const { base, nullable, optional } = unwrap(schema);
  const thunk = graphqlType(base, role, `${type.name}.${key}`);
  // Of a JSON object graphql-js cannot print a default: zod fills it in where it is left out.
  const printable = typeNameOf(base) !== 'JSONObject';
  if (role === 'input' && !partial && schema instanceof z.ZodDefault && !nullable && printable) {
    Field(() => thunk(), { defaultValue: schema.def.defaultValue, description })(type.prototype, key);
  } else {
    const mayBeNull = nullable || (role === 'input' && (optional || partial));
    Field(() => thunk(), { nullable: mayBeNull, description })(type.prototype, key);
  }
}

/** Written, and never shown: all that can be read is whether there is one. */
function addSecret(type: DerivedType, key: string, description: string, role: Role): void {
  if (role === 'input') {
    const written = `${description} It is never shown again; null takes it away.`;
    Field(() => String, { nullable: true, description: written })(type.prototype, key);
  } else {
    const shown = `Whether ${key} is set. It is never shown itself.`;
    Field(() => Boolean, { description: shown })(type.prototype, presenceName(key));
  }
}

/** GraphQL has no types without fields. */
function addNothing(type: DerivedType): void {
  const description = 'There is nothing to say here; leave it out.';
  Field(() => Boolean, { nullable: true, description })(type.prototype, 'nothing');
}

/** What a schema, or the one within, says that it is. Nothing of the API goes without. */
function descriptionOf(schema: z.core.$ZodType, place: string): string {
  const own = z.globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  const inner = innerOf(schema);
  if (!inner) throw new Error(`${place} has no description`);
  return descriptionOf(inner, place);
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const wraps =
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault;
  return wraps ? schema.unwrap() : undefined;
}

function unwrap(schema: z.core.$ZodType): { base: z.core.$ZodType; nullable: boolean; optional: boolean } {
  const inner = innerOf(schema);
  if (!inner) return { base: schema, nullable: false, optional: false };
  const { base, nullable, optional } = unwrap(inner);
  return schema instanceof z.ZodNullable
    ? { base, nullable: true, optional }
    : { base, nullable, optional: true };
}

function graphqlType(schema: z.core.$ZodType, role: Role, place: string): TypeThunk {
  if (references.has(schema) || schema instanceof z.ZodUUID) return () => ID;
  const id = typeNameOf(schema);
  if (id === 'DateTime') return () => GraphQLDateTime;
  if (id === 'JSONObject') return () => GraphQLJSONObject;
  if (schema instanceof z.ZodArray) {
    const element = graphqlType(schema.element, role, place);
    return () => [element()];
  }
  if (schema instanceof z.ZodObject) return namedObject(schema, id, role, place);
  if (schema instanceof z.ZodEnum) return namedEnum(schema, id, place);
  if (schema instanceof z.ZodUnion) {
    const [first] = schema.options;
    if (first) return graphqlType(first, role, place);
  }
  if (schema instanceof z.ZodBoolean || schema instanceof z.ZodLiteral) return () => Boolean;
  if (schema instanceof z.ZodNumberFormat) return () => Int;
  if (schema instanceof z.ZodNumber) return () => Float;
  if (schema instanceof z.ZodString) return () => (id === 'Duration' ? GraphQLDuration : String);
  throw new Error(`${place}: no GraphQL type for this schema`);
}

/** What a schema is called in GraphQL, where it needs a name: `.meta({ typeName })`. */
function typeNameOf(schema: z.core.$ZodType): string | undefined {
  const name = z.globalRegistry.get(schema)?.typeName;
  return typeof name === 'string' ? name : undefined;
}

function namedObject(schema: ObjectSchema, own: string | undefined, role: Role, place: string): TypeThunk {
  if (own === undefined) throw new Error(`${place}: an object within needs a name: .meta({ typeName })`);
  // GraphQL tells apart what is written and what is read, also where they have the same fields.
  const name = role === 'input' && !own.endsWith('Input') ? `${own}Input` : own;
  const existing = known.get(name);
  if (existing) return () => existing;
  const meta = z.globalRegistry.get(schema);
  const description = descriptionOf(schema, name);
  const type =
    role === 'output'
      ? outputType(name, description, schema, AsReached())
      : inputType(name, description, schema);
  if (meta?.oneOf === true) oneOfTypes.add(name);
  known.set(name, type);
  return () => type;
}

function namedEnum(schema: z.ZodEnum, name: string | undefined, place: string): TypeThunk {
  if (name === undefined) throw new Error(`${place}: an enum needs a name: .meta({ typeName })`);
  const existing = known.get(name);
  if (existing) return () => existing;
  const values = schema.enum;
  const description = descriptionOf(schema, name);
  registerEnumType(values, { name, description, valuesConfig: valuesConfigOf(schema, name) });
  known.set(name, values);
  return () => values;
}

const meanings = z.record(z.string(), z.string());

/** What each value of an enum means: `.meta({ values })`, a text for each. */
function valuesConfigOf(schema: z.ZodEnum, name: string): Record<string, { description: string }> {
  const described = meanings.safeParse(z.globalRegistry.get(schema)?.values).data ?? {};
  const config = Object.keys(schema.enum).map((value): [string, { description: string }] => {
    const description = described[value];
    if (description === undefined) throw new Error(`${name}.${value} has no description`);
    return [value, { description }];
  });
  return Object.fromEntries(config);
}
