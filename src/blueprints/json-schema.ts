import { z } from 'zod';

import type { Json, JsonObject } from '../kernel/json.js';
import { onceFor } from '../kernel/once.js';
import type { PolicyKindDefinition } from '../policies/define.js';
import type { StageKindDefinition } from '../stages/define.js';
import { computedForms } from './computed-forms.js';
import {
  documentHead,
  entrySchemas,
  entryTypes,
  guardEntry,
  placeEntry,
  referenceValue,
  secretValue,
} from './document.js';
import type { EntryType } from './document.js';
import { parameterDeclaration, parameterName } from './parameters.js';
import { asJson, computable, definition, orComputed, schemaOf } from './schema-parts.js';

type Kind = StageKindDefinition | PolicyKindDefinition;

/** What the configurations of kinds can name. */
const referable = ['stage', 'flow', 'group', 'promptField', 'policy'] as const;

/** Schemas that stand in several places. */
const shared: ReadonlyMap<z.core.$ZodType, string> = new Map<z.core.$ZodType, string>([
  [guardEntry, 'guard'],
  [placeEntry, 'place'],
]);

/**
 * The JSON Schema of documents, for editors: draft 7, as most of them know that. Whatever the importer takes is valid; that
 * what is named is there, and that computed values come to what is wanted, only the importer can tell.
 */
function schemaFor(
  stageKinds: readonly StageKindDefinition[],
  policyKinds: readonly PolicyKindDefinition[],
): JsonObject {
  const { properties, ...head } = schemaOf(documentHead, shared);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Stagedoor blueprint',
    description: 'Flows, with all that they need, as a document: for importBlueprint, and for files.',
    ...head,
    properties: {
      ...object(properties),
      parameters: parameters(object(properties)),
      entries: { ...object(object(properties).entries), items: definition('entry') },
    },
    definitions: {
      entry: entryByKey(),
      ...Object.fromEntries(entryTypes.map((type) => [`entry.${type}`, entryOf(type)])),
      'entry.stage': ofKinds('stage', stageKinds),
      'entry.policy': ofKinds('policy', policyKinds),
      place: conditional(schemaOf(placeEntry, shared)),
      guard: {
        ...conditional(schemaOf(guardEntry, shared)),
        oneOf: [{ required: ['policy'] }, { required: ['group'] }, { required: ['user'] }],
      },
      ...configs('stage', stageKinds),
      ...configs('policy', policyKinds),
      ...Object.fromEntries(referable.map((type) => [`reference.${type}`, referenceTo(type)])),
      secret: schemaOf(secretValue, shared),
      ...computedForms,
    },
  };
}

/** Made once for each list of kinds. */
export const blueprintSchema = onceFor(schemaFor);

function parameters({ parameters: said = {} }: JsonObject): JsonObject {
  // JSON within JSON Schema is whatever there is.
  const { default: usual } = parameterDeclaration.shape;
  const { properties, ...declaration } = schemaOf(parameterDeclaration.omit({ default: true }), shared);
  const described = { ...object(properties), default: { description: usual.description ?? '' } };
  return {
    ...object(said),
    type: 'object',
    propertyNames: schemaOf(parameterName, shared),
    additionalProperties: { ...declaration, properties: described },
  };
}

/**
 * What an entry is about is said by the key that names it. Asked for one by one, and not as any of them: editors then
 * offer those keys alone at first, and afterwards what belongs to the one that stands there; and say what is wrong with that.
 */
function entryByKey(): JsonObject {
  const keys = entryTypes.map((type): [string, Json] => [type, object(entryOf(type).properties)[type] ?? {}]);
  const unnamed: JsonObject = {
    type: 'object',
    properties: Object.fromEntries(keys),
    additionalProperties: false,
    minProperties: 1,
    // No word of JSON Schema itself: it is what editors say instead of their own words.
    errorMessage: `An entry names what it is about by one of ${entryTypes.join(', ')}.`,
  };
  // The last is asked for first: an invitation may name its flow.
  return entryTypes.reduce<JsonObject>(
    // Of nothing at all, which an entry is when it is begun, any member would be there.
    (otherwise, type) => ({
      if: { type: 'object', required: [type] },
      then: definition(`entry.${type}`),
      else: otherwise,
    }),
    unnamed,
  );
}

function entryOf(type: EntryType): JsonObject {
  return { title: type, ...conditional(schemaOf(entrySchemas[type], shared)) };
}

/** An entry of a kind: the kind says what its configuration can hold. */
function ofKinds(type: 'stage' | 'policy', kinds: readonly Kind[]): JsonObject {
  const { properties, ...entry } = entryOf(type);
  const kind = {
    enum: kinds.map(({ name }) => name),
    enumDescriptions: kinds.map(({ description }) => description),
    description: 'Of which kind it is; needed where it is made.',
  };
  return {
    ...entry,
    properties: { ...object(properties), kind: orComputed(kind) },
    allOf: kinds.map(({ name }) => ({
      if: { properties: { kind: { const: name } }, required: ['kind'] },
      then: { properties: { config: orComputed(definition(`${type}.${name}`)) } },
    })),
  };
}

/** Configurations by kind. None of their fields has to be there: what is not mentioned stays as it is. */
function configs(type: 'stage' | 'policy', kinds: readonly Kind[]): JsonObject {
  return Object.fromEntries(
    kinds.flatMap((kind): [string, Json][] => {
      const { required: _required, ...schema } = schemaOf(kind.config, shared);
      const name = `${type}.${kind.name}`;
      const described: JsonObject = {
        ...{ title: kind.name, description: kind.description },
        ...computable(schema),
      };
      const words = 'vocabulary' in kind ? kind.vocabulary?.() : undefined;
      if (!words) return [[name, described]];
      const { $schema: _schema, $defs, ...written } = renamed(words.schema, `${name}.`);
      const parts = Object.entries(object($defs)).map(([part, one]): [string, Json] => [
        `${name}.${part}`,
        computable(object(one)),
      ]);
      const properties = { ...object(described.properties), [words.field]: orComputed(computable(written)) };
      return [[name, { ...described, properties }], ...parts];
    }),
  );
}

/** A schema with its parts under other names: those of another schema. */
function renamed(schema: JsonObject, prefix: string): JsonObject {
  return z
    .record(z.string(), z.json())
    .parse(JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"#/definitions/${prefix}`)));
}

/** Something with computed members, and a condition of its own. */
function conditional(schema: JsonObject): JsonObject {
  const made = computable(schema);
  const { when, ...properties } = object(made.properties);
  const { description = '' } = object(when);
  return { ...made, properties: { ...properties, when: { description, ...definition('condition') } } };
}

function referenceTo(type: string): JsonObject {
  const { properties, ...schema } = computable(schemaOf(referenceValue, shared));
  const description = `The ${type} that is meant, by name, such as \`${type}:default\`.`;
  const ref = { description, type: 'string', pattern: `^${type}:.` };
  return { ...schema, description, properties: { ...object(properties), ref: orComputed(ref) } };
}

function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? asJson(value) : {};
}
