import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { failure } from './failure.js';

/** What is run for a request that brings a document, or names one that is known here. */
export interface Documents {
  /** Its text, undefined where the request has none and names none; or why it is not run. */
  documentOf(
    request: DocumentRequest,
  ): string | undefined | { readonly code: string; readonly message: string };
}

export interface DocumentRequest {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

const operation = z.record(z.string(), z.unknown());

/** Puts the document in its place in the body, for those who look for a text only; or answers why it is not run. */
export function bringDocument(
  documents: Documents,
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    const body = operation.safeParse(request.body).data;
    // What is no operation is refused by whoever runs them.
    if (!body) return undefined;
    const document = documents.documentOf(body);
    if (document === undefined) return undefined;
    if (typeof document === 'object') {
      return reply.status(400).send(failure(document.code, document.message));
    }
    // Nobody here reads other extensions, and Apollo takes this one for a hash to keep documents by.
    const { documentId: _documentId, extensions: _extensions, ...rest } = body;
    request.body = { ...rest, query: document };
    return undefined;
  };
}
