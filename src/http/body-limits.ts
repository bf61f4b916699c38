import type { FastifyInstance } from 'fastify';

/** Larger than any answer of a person, smaller than what hurts. */
export const LARGEST_BODY_BYTES = 256 * 1024;
/** A document of flows has a mebibyte at most, and is longer as a text in JSON. */
const LARGEST_DOCUMENT_BODY_BYTES = 2 * 1024 * 1024;

type Strategy = Parameters<FastifyInstance['addConstraintStrategy']>[0];
type Handler = Parameters<ReturnType<Strategy['storage']>['set']>[1];

/** What makes a route out of two: one for requests that say who sends them, and one for all others. */
export const bodyLimits = [
  { bodyLimit: LARGEST_BODY_BYTES },
  { bodyLimit: LARGEST_DOCUMENT_BODY_BYTES, constraints: { credentials: 'some' } },
];

/**
 * Lets routes be for requests that come with credentials of any sort. Whether they are good is not known before the body is
 * read: this keeps the larger limit from clients that have no use for it, and from nobody who wants to do harm.
 */
export function tellCredentials(server: FastifyInstance): void {
  server.addConstraintStrategy({
    name: 'credentials',
    storage() {
      const handlers = new Map<unknown, Handler>();
      return {
        get: (value) => handlers.get(value) ?? null,
        set: (value, handler) => void handlers.set(value, handler),
      };
    },
    deriveConstraint: ({ headers }) => ((headers.authorization ?? headers.cookie) ? 'some' : undefined),
    mustMatchWhenDerived: false,
  });
}
