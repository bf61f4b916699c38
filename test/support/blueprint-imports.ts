import type { GraphQLProblem, TestClient } from './test-client.js';

export interface ImportedChange {
  readonly action: string;
  readonly object: string;
  readonly fields: readonly string[];
}

export interface ImportProblem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly severity: string;
}

export interface Imported {
  readonly name: string | null;
  readonly applied: boolean;
  readonly changes: readonly ImportedChange[];
  readonly problems: readonly ImportProblem[];
}

export interface ImportOptions {
  readonly dryRun?: boolean;
  readonly context?: object;
}

const IMPORT = `mutation($input: ImportBlueprintInput!) {
  importBlueprint(input: $input) {
    name applied changes { action object fields } problems { path code message severity }
  }
}`;

/** Has a document applied, as an administrator does; fails loudly where the request itself is refused. */
export async function importDocument(
  client: TestClient,
  document: string,
  options: ImportOptions = {},
): Promise<Imported> {
  return (await client.ok(IMPORT, { input: { document, ...options } })).importBlueprint;
}

/** The same where the request may be refused: with the problems of the request. */
export async function tryImport(
  client: TestClient,
  document: string,
  options: ImportOptions = {},
): Promise<{
  readonly status: number;
  readonly imported: Imported | null;
  readonly errors: readonly GraphQLProblem[];
}> {
  const { status, data, errors } = await client.send(IMPORT, { input: { document, ...options } });
  return { status, imported: data?.importBlueprint ?? null, errors };
}

/** Applies a document of these entries, which must be possible; what it does to each object. */
export async function applied(client: TestClient, entries: string, options?: ImportOptions): Promise<object> {
  const { problems, changes } = await importDocument(client, documentOf(entries), options);
  if (problems.length > 0) throw new Error(`expected no problems, got ${JSON.stringify(problems)}`);
  return Object.fromEntries(changes.map(({ object, action }) => [object, action]));
}

/** What stands against a document, by code and path. */
export async function problemsOf(
  client: TestClient,
  document: string,
  options?: ImportOptions,
): Promise<string[]> {
  const { problems, changes, applied: isApplied } = await importDocument(client, document, options);
  if (isApplied || (problems.length > 0 && changes.length > 0))
    throw new Error('expected nothing to be done');
  return problems.map(({ code, path }) => `${code} ${path}`);
}

/** A document of these entries, each a line or several of YAML. */
export function documentOf(entries: string, head = ''): string {
  return `stagedoor: 1\nname: A document\n${head}entries:\n${entries}\n`;
}
