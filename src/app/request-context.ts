import DataLoader from 'dataloader';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Clock } from '../kernel/clock.js';
import { Secret } from '../kernel/secret.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { RequestContext } from '../graphql/context.js';
import {
  clearCookie,
  executionCookie,
  makeRoomForExecution,
  readCookie,
  writeCookie,
} from '../http/cookies.js';
import type { CookieNames } from '../http/cookies.js';
import { systemChance } from '../identity/token.js';
import { arrive } from '../persistence/visit-store.js';
import type { Arrival } from '../persistence/visit-store.js';
import type { Service } from './service.js';

const LONGEST_USER_AGENT = 300;

/** Makes what resolvers work with, from a request. Whatever costs a query is asked for at its first use, once. */
export function requestContexts(
  { sql, runner, users, definitions, policyServices, catalogue: catalogues }: Service,
  clock: Clock,
  names: CookieNames,
): (request: FastifyRequest, reply: FastifyReply) => RequestContext {
  return (request, reply) => {
    const now = clock.now();
    const bearer = bearerToken(request);
    const sessionCookie = readCookie(request, names.session);
    const arrivals = new Map<Secret | null, Promise<Arrival>>();
    const arrival = (token: Secret | undefined): Promise<Arrival> => {
      const known = arrivals.get(token ?? null) ?? arrive(sql, token ?? null, now);
      arrivals.set(token ?? null, known);
      return known;
    };
    let reloaded: Promise<Catalogue> | undefined;
    const catalogueOf = async ({ catalogueVersion }: Arrival): Promise<Catalogue> =>
      reloaded ?? catalogues.atLeast(catalogueVersion);
    const userAgent = (request.headers['user-agent'] ?? '').slice(0, LONGEST_USER_AGENT);

    return {
      runner,
      definitions,
      policyServices,
      users: new DataLoader((ids: readonly string[]) => users.byIds(ids)),
      groups: new DataLoader((ids: readonly string[]) => users.groupsByIds(ids)),
      newSecret: () => systemChance.token(),
      cookies: {
        executionSecret: (id) => readCookie(request, executionCookie(names, id)),
        keepExecutionSecret(id, secret, expiresAt) {
          makeRoomForExecution(request, reply, names);
          writeCookie(reply, executionCookie(names, id), secret, names, expiresAt);
        },
        keepSession: ({ token, expiresAt, persistent }) =>
          writeCookie(reply, names.session, token, names, persistent ? expiresAt : undefined),
        dropSession: () => clearCookie(reply, names.session, names),
      },
      async visit(kind) {
        const arrived = await arrival(kind === 'NATIVE' ? bearer : sessionCookie);
        const client = { kind, address: request.ip, userAgent };
        return { catalogue: await catalogueOf(arrived), now, client, viewer: arrived.viewer };
      },
      viewer: async () => (await arrival(bearer ?? sessionCookie)).viewer,
      catalogue: async () => catalogueOf(await arrival(bearer ?? sessionCookie)),
      reloadCatalogue() {
        reloaded = catalogues.reload();
        return reloaded;
      },
    };
  };
}

function bearerToken(request: FastifyRequest): Secret | undefined {
  const token = /^Bearer ([\w-]{43})$/i.exec(request.headers.authorization ?? '')?.[1];
  return token === undefined ? undefined : new Secret(token);
}
