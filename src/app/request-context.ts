import DataLoader from 'dataloader';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Clock } from '../kernel/clock.js';
import { acceptedLanguages } from '../kernel/language.js';
import { Refusal } from '../kernel/refusal.js';
import { Secret } from '../kernel/secret.js';
import { demandedLevel } from '../flow/assurance.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { Visit } from '../flow/engine.js';
import type { ClientFacts, ClientKind, Viewer } from '../flow/stage-kind.js';
import type { FlowVersionName, FlowVersionPageRequest } from '../flow/flow-versions.js';
import type { MemberPageRequest } from '../flow/group-store.js';
import type { Locations } from '../flow/services/locations.js';
import type { RequestContext } from '../graphql/context.js';
import {
  clearCookie,
  executionCookie,
  makeRoomForExecution,
  readCookie,
  writeCookie,
} from '../http/cookies.js';
import type { CookieNames } from '../http/cookies.js';
import type { Access } from '../identity/access.js';
import { apiTokenIn } from '../identity/api-token.js';
import { systemChance } from '../identity/token.js';
import { rightsOfEachGroup, rightsOfUser } from '../persistence/access-store.js';
import { arriveByApiToken } from '../persistence/api-token-visit.js';
import type { Sql } from '../persistence/tables.js';
import { arrive } from '../persistence/visit-store.js';
import type { Arrival } from '../persistence/visit-store.js';
import type { Service } from './service.js';

const LONGEST_USER_AGENT = 300;

/** So many documents of flows are read at once. */
const MOST_RECORDS = 100;

/** Makes what resolvers work with, from a request. Whatever costs a query is asked for at its first use, once. */
export function requestContexts(
  service: Service,
  clock: Clock,
  names: CookieNames,
): (request: FastifyRequest, reply: FastifyReply) => RequestContext {
  const { sql, runner, users, definitions, policyServices, recoveryLinks, engine, inspection } = service;
  const { apiTokens, sessions, installation, reputationRecords, invitations } = service;
  const { userList, userEditor, consents, authenticators, flowVersions } = service;
  const { catalogue: catalogues, locations, groups, groupEditor, eventLog, expressionDeclarations } = service;
  return (request, reply) => {
    const now = clock.now();
    const { bearer, cookie } = sessionTokens(request, names);
    const apiToken = apiTokenIn(request.headers.authorization);
    const arrivals = new Map<Secret | null, Promise<Arrival>>();
    const arrival = (token: Secret | undefined): Promise<Arrival> => {
      const known = arrivals.get(token ?? null) ?? arrive(sql, token ?? null, now);
      arrivals.set(token ?? null, known);
      return known;
    };
    let reloaded: Promise<Catalogue> | undefined;
    const catalogueOf = async ({ catalogueVersion }: Arrival): Promise<Catalogue> =>
      reloaded ?? catalogues.atLeast(catalogueVersion);

    const visit = async (kind: ClientKind): Promise<Visit> => {
      const arrived = await arrival(kind === 'NATIVE' ? bearer : cookie);
      const client = clientFacts(request, kind, locations, names);
      return { catalogue: await catalogueOf(arrived), now, client, viewer: arrived.viewer };
    };
    let access: Promise<Access> | undefined;
    const own = bearer || apiToken ? 'NATIVE' : 'BROWSER';
    const findAccess = async (): Promise<Access> =>
      apiToken
        ? accessByToken(await arriveByApiToken(sql, apiToken, now))
        : accessOf(sql, (await arrival(bearer ?? cookie)).viewer);

    return {
      now,
      runner,
      definitions,
      policyServices,
      importer: service.blueprints.importer,
      importLog: service.blueprints.importLog,
      folderOutcomes: service.blueprints.outcomes,
      exporter: service.blueprints.exporter,
      expressionDeclarations,
      recoveryLinks,
      engine,
      inspection,
      locations,
      eventLog,
      histories: new DataLoader((ids: readonly string[]) => inspection.histories(ids)),
      rollBacks: service.blueprints.importer,
      flowVersionPages: new DataLoader(
        (requests: readonly FlowVersionPageRequest[]) => flowVersions.pages(requests),
        { cacheKeyFn: (request) => JSON.stringify(request) },
      ),
      flowRecords: new DataLoader((names: readonly FlowVersionName[]) => flowVersions.records(names), {
        cacheKeyFn: ({ flowId, number }) => `${flowId} ${number}`,
        maxBatchSize: MOST_RECORDS,
      }),
      userByIdentifier: (identifier) => users.byIdentifier(identifier, ['USERNAME', 'EMAIL']),
      users: new DataLoader((ids: readonly string[]) => users.byIds(ids)),
      groupIdsOfUsers: new DataLoader((ids: readonly string[]) => userList.groupIdsOf(ids)),
      passwordStates: new DataLoader((ids: readonly string[]) => userList.passwordStates(ids)),
      consentsOfUsers: new DataLoader((ids: readonly string[]) => consents.ofUsers(ids, now)),
      consents,
      authenticatorsOfUsers: new DataLoader((ids: readonly string[]) => authenticators.ofUsers(ids)),
      authenticators,
      userList,
      userEditor,
      groups: new DataLoader((ids: readonly string[]) => users.groupsByIds(ids)),
      groupParents: new DataLoader((ids: readonly string[]) => groups.parentsOf(ids)),
      groupChildren: new DataLoader((ids: readonly string[]) => groups.childrenOf(ids)),
      groupDetails: new DataLoader((ids: readonly string[]) => groups.detailsOf(ids)),
      groupMembers: new DataLoader((requests: readonly MemberPageRequest[]) => groups.membersOf(requests), {
        cacheKeyFn: (request) => JSON.stringify(request),
      }),
      groupMemberCounts: new DataLoader((ids: readonly string[]) => groups.memberCountsOf(ids)),
      groupRights: new DataLoader((ids: readonly string[]) => rightsOfEachGroup(sql, ids)),
      groupList: groups,
      groupEditor,
      apiTokens,
      sessions,
      installation,
      reputationRecords,
      invitations,
      newSecret: () => systemChance.token(),
      client: clientFacts(request, own, locations, names),
      access: () => (access ??= findAccess()),
      forgetSender() {
        access = undefined;
        arrivals.clear();
      },
      cookies: {
        executionSecret: executionSecrets(request, names),
        keepExecutionSecret(id, secret, expiresAt) {
          makeRoomForExecution(request, reply, names);
          writeCookie(reply, executionCookie(names, id), secret, names, expiresAt);
        },
        keepSession: ({ token, expiresAt, persistent }) =>
          writeCookie(reply, names.session, token, names, persistent ? expiresAt : undefined),
        dropSession: () => clearCookie(reply, names.session, names),
        keepBrowser: ({ token, expiresAt }) => writeCookie(reply, names.browser, token, names, expiresAt),
      },
      visit,
      ownVisit: () => visit(own),
      viewer: async () => (await arrival(bearer ?? cookie)).viewer,
      catalogue: async () => catalogueOf(await arrival(bearer ?? cookie)),
      reloadCatalogue() {
        reloaded = catalogues.reload();
        return reloaded;
      },
    };
  };
}

async function accessOf(sql: Sql, viewer: Viewer | null): Promise<Access> {
  if (!viewer) throw new Refusal('UNAUTHENTICATED', 'Sign in first.');
  const { user, createdAt: authenticatedAt, aal } = viewer;
  const rights = await rightsOfUser(sql, user.id);
  const isStrongest = aal >= demandedLevel(user);
  return { ...rights, userId: user.id, apiTokenId: null, authenticatedAt, isStrongest };
}

function accessByToken(access: Access | undefined): Access {
  if (access) return access;
  throw new Refusal('UNAUTHENTICATED', 'The API token is not good, or not any more.');
}

/** By what a client may be signed in. With an API token nobody is, whatever else comes along with it. */
export function sessionTokens(
  request: FastifyRequest,
  names: CookieNames,
): { readonly bearer?: Secret | undefined; readonly cookie?: Secret | undefined } {
  if (apiTokenIn(request.headers.authorization)) return {};
  return { bearer: bearerToken(request), cookie: readCookie(request, names.session) };
}

/** What a browser's cookies say about its executions. */
export function executionSecrets(
  request: FastifyRequest,
  names: CookieNames,
): (executionId: string) => Secret | undefined {
  return (executionId) => readCookie(request, executionCookie(names, executionId));
}

/** From where, and by what, a request was sent. */
export function clientFacts(
  request: FastifyRequest,
  kind: ClientKind,
  locations: Locations,
  names: CookieNames,
): ClientFacts {
  const { ip, headers } = request;
  const userAgent = (headers['user-agent'] ?? '').slice(0, LONGEST_USER_AGENT);
  const languages = acceptedLanguages(headers['accept-language'] ?? '');
  const browser = kind === 'BROWSER' ? (readCookie(request, names.browser) ?? null) : null;
  return { kind, address: ip, userAgent, languages, browser, location: locations.of(ip) };
}

function bearerToken(request: FastifyRequest): Secret | undefined {
  const token = /^Bearer ([\w-]{43})$/i.exec(request.headers.authorization ?? '')?.[1];
  return token === undefined ? undefined : new Secret(token);
}
