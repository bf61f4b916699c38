import {
  GraphQLError,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { z } from 'zod';

import { documentLimits, documentRules } from './document-rules.js';
import { bareHash, hashOf } from './known-documents.js';

const MOST_PROBLEMS = 20;

/** What documents have to fit. */
export interface DocumentTerms {
  readonly schema: GraphQLSchema;
  readonly production: boolean;
}

interface Entry {
  readonly id: string;
  readonly document: string;
}

/** As GraphQL Code Generator's `persistedDocuments` writes it: documents by their hashes. */
const byHash = z
  .record(z.string(), z.string())
  .transform((documents) => Object.entries(documents).map(([id, document]): Entry => ({ id, document })));

/** As Apollo's `generate-persisted-query-manifest` writes it. */
const operationManifest = z
  .object({
    format: z.literal('apollo-persisted-query-manifest'),
    version: z.literal(1),
    operations: z.array(z.object({ id: z.string(), body: z.string() })),
  })
  .transform(({ operations }) => operations.map(({ id, body }): Entry => ({ id, document: body })));

const manifest = z.union([operationManifest, byHash]);

/** The documents of a manifest by their hashes. Throws where one cannot be used, and names each. */
export function readManifest(text: string, terms: DocumentTerms): ReadonlyMap<string, string> {
  const entries = entriesOf(text);
  const problems = entries.flatMap((entry) => problemsOf(entry, terms));
  if (problems.length > 0) throw unusable(problems);
  return new Map(entries.map(({ id, document }) => [bareHash(id), document]));
}

function entriesOf(text: string): Entry[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unusable(['It is not JSON.']);
  }
  const entries = manifest.safeParse(json).data;
  if (!entries) {
    throw unusable([
      'It is neither an object of documents by their hashes nor an operation manifest of Apollo, version 1.',
    ]);
  }
  if (entries.length === 0) throw unusable(['It holds no document.']);
  return entries;
}

function problemsOf({ id, document }: Entry, { schema, production }: DocumentTerms): string[] {
  const parsed = parsedDocument(document);
  const name = parsed instanceof GraphQLError ? id : [id, ...operationsIn(parsed)].join(' ');
  if (hashOf(document) !== bareHash(id)) return [`${name}: this is not the SHA-256 of the document.`];
  if (parsed instanceof GraphQLError) return [`${name}: ${parsed.message}`];
  const rules = [
    ...specifiedRules,
    ...documentRules,
    ...(production ? [NoSchemaIntrospectionCustomRule] : []),
  ];
  return validate(schema, parsed, rules).map(({ message }) => `${name}: ${message}`);
}

function parsedDocument(document: string): DocumentNode | GraphQLError {
  try {
    return parse(document, documentLimits);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** What the operations call themselves, such as `mutation Start`. */
function operationsIn({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? [`${definition.operation} ${definition.name?.value ?? 'without a name'}`]
      : [],
  );
}

/** Everything that is wrong with a manifest, a line each: it is used whole or not at all. */
function unusable(problems: readonly string[]): Error {
  const told = problems.slice(0, MOST_PROBLEMS);
  const untold = problems.length - told.length;
  const lines = untold > 0 ? [...told, `and ${untold} more`] : told;
  return new Error(lines.map((line) => `\n  ${line}`).join(''));
}
