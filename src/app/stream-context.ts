import type { FastifyRequest } from 'fastify';

import type { Clock } from '../kernel/clock.js';
import { Refusal } from '../kernel/refusal.js';
import type { StreamContext } from '../graphql/context.js';
import type { CookieNames } from '../http/cookies.js';
import { arrive } from '../persistence/visit-store.js';
import { clientFacts, executionSecrets, sessionTokens } from './request-context.js';
import type { Service } from './service.js';

/** Makes what subscriptions work with, from the request that asked for one. Nothing that may change is kept. */
export function streamContexts(
  { sql, runner, changes, locations, catalogue: catalogues }: Service,
  clock: Clock,
  names: CookieNames,
): (request: FastifyRequest) => StreamContext {
  return (request) => {
    const { bearer, cookie } = sessionTokens(request, names);
    return {
      runner,
      changes,
      cookies: { executionSecret: executionSecrets(request, names) },
      access: () =>
        Promise.reject(new Refusal('FORBIDDEN', 'This is not told to whoever follows an execution.')),
      async visit(kind) {
        const now = clock.now();
        const token = kind === 'NATIVE' ? bearer : cookie;
        const { catalogueVersion, viewer } = await arrive(sql, token ?? null, now);
        const catalogue = await catalogues.atLeast(catalogueVersion);
        return { catalogue, now, client: clientFacts(request, kind, locations, names), viewer };
      },
    };
  };
}
