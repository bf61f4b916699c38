import { createHash } from 'node:crypto';

import { z } from 'zod';

/** How a request says what to run: by its text, or by the hash of a text that is known here. */
export interface DocumentRequest {
  readonly query?: unknown;
  /** `sha256:` and the hash, as GraphQL over HTTP has it (appendix A), or the hash alone. */
  readonly documentId?: unknown;
  /** Apollo's clients give the hash here, as `persistedQuery.sha256Hash`. */
  readonly extensions?: unknown;
}

/** Why there is no document to run. */
export interface DocumentRefusal {
  readonly code: keyof typeof documentRefusals;
  readonly message: string;
}

/** When there is none. The codes are those of Apollo, whose clients know what to do, but for the last. */
export const documentRefusals = {
  BAD_REQUEST: 'What the request says of its document cannot be understood.',
  PERSISTED_QUERY_NOT_FOUND: 'No document is known here by this id.',
  PERSISTED_QUERY_NOT_SUPPORTED: 'No documents are known here by ids: send the text as `query`.',
  PERSISTED_QUERY_REQUIRED: 'Only documents that are known here are run.',
} as const;

const naming = z.object({
  documentId: z.string().nullish(),
  extensions: z
    .looseObject({ persistedQuery: z.looseObject({ sha256Hash: z.string() }).nullish() })
    .nullish(),
});

/** What documents are known by: the SHA-256 of their text, in hexadecimal digits. */
export function hashOf(document: string): string {
  return createHash('sha256').update(document).digest('hex');
}

/** An id without the name of its hash, which may be left out. */
export function bareHash(id: string): string {
  return id.replace(/^sha256:/, '');
}

/** The documents of an operator's clients, by their hashes; where they are the only ones, others are refused. */
export class KnownDocuments {
  constructor(
    private readonly documents: ReadonlyMap<string, string>,
    private readonly only: boolean,
  ) {}

  /** The text to run, undefined where the request has none and names none; or why it is not run. */
  documentOf(request: DocumentRequest): string | undefined | DocumentRefusal {
    const named = naming.safeParse(request);
    if (!named.success) {
      return refuse('BAD_REQUEST', '`documentId` or `extensions.persistedQuery.sha256Hash` must be a text.');
    }
    const { documentId, extensions } = named.data;
    const id = documentId ?? extensions?.persistedQuery?.sha256Hash;
    // The protocol for WebSockets wants a `query` always: where an id says what to run, it is empty.
    const text = typeof request.query === 'string' && request.query !== '' ? request.query : undefined;
    if (text === undefined) return id === undefined ? undefined : this.#named(bareHash(id));
    if (id !== undefined && hashOf(text) !== bareHash(id)) {
      return refuse('BAD_REQUEST', 'The id is not the SHA-256 of the document that came with it.');
    }
    return this.only ? this.#sameAs(text) : text;
  }

  #named(hash: string): string | DocumentRefusal {
    const document = this.documents.get(hash);
    if (document !== undefined) return document;
    return refuse(this.documents.size === 0 ? 'PERSISTED_QUERY_NOT_SUPPORTED' : 'PERSISTED_QUERY_NOT_FOUND');
  }

  /** Two texts may have one hash where characters are broken; it is the known one that is run. */
  #sameAs(text: string): string | DocumentRefusal {
    return this.documents.get(hashOf(text)) ?? refuse('PERSISTED_QUERY_REQUIRED');
  }
}

function refuse(code: DocumentRefusal['code'], message: string = documentRefusals[code]): DocumentRefusal {
  return { code, message };
}
