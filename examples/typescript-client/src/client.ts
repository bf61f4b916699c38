import type { TypedDocumentString } from './gql/graphql.ts';

/** One error of an answer. Its code is stable, and documented in Stagedoor's README. */
interface Problem {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly Problem[];
}

/** Thrown where the service has not done what it was asked for. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      problems.map(({ message, extensions }) => `${extensions?.code ?? 'no code'}: ${message}`).join('\n'),
    );
    this.problems = problems;
  }

  has(code: string): boolean {
    return this.problems.some(({ extensions }) => extensions?.code === code);
  }
}

/** Runs documents; what goes in and what comes out has the types that were generated for them. */
export class Client {
  /** The secret of a session, once there is one. */
  token: string | undefined;
  readonly #endpoint: URL;
  readonly #byId: boolean;

  /** `byId` sends the ids of documents instead of their texts, to a service that knows them (STAGEDOOR_DOCUMENTS). */
  constructor(url: string, { byId = false }: { readonly byId?: boolean } = {}) {
    this.#endpoint = new URL('/graphql', url);
    this.#byId = byId;
  }

  async run<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const named = this.#byId ? { documentId: idOf(document) } : { query: document.toString() };
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
      },
      body: JSON.stringify({ ...named, variables }),
    });
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Seam: the service keeps to the schema that the types are from.
    const { data, errors } = (await response.json()) as Answer<Result>;
    if (errors || !data)
      throw new RequestFailed(errors ?? [{ message: `HTTP ${response.status}, and no data` }]);
    return data;
  }
}

/** The id that the generator has written into the manifest as well. */
function idOf<Result, Variables>(document: TypedDocumentString<Result, Variables>): string {
  const id: unknown = document.__meta__?.hash;
  if (typeof id !== 'string')
    throw new Error('this document has no id: persistedDocuments is off in codegen.yml');
  return id;
}
