import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

import { systemClock } from './kernel/clock.js';
import type { Clock } from './kernel/clock.js';
import type { Secret } from './kernel/secret.js';
import type { EngineParts } from './flow/engine.js';
import { FlowRunner } from './flow/runner.js';
import { keepDevelopmentKeys } from './adapters/data-folder/key-file.js';
import { lockFolder } from './adapters/data-folder/lock.js';
import { createExpressions } from './adapters/sandbox/expressions.js';
import { parseKeys } from './environment.js';
import type { Environment } from './environment.js';
import { applyShippedFlows, openTheDoor } from './app/first-start.js';
import { createApollo } from './graphql/apollo.js';
import { buildApi } from './graphql/schema.js';
import { createServer } from './http/server.js';
import { cookieNames } from './http/cookies.js';
import { KeyRing } from './identity/key-ring.js';
import { PasswordHasher } from './identity/password-hasher.js';
import { systemChance, tokenHash } from './identity/token.js';
import { CatalogueStore } from './persistence/catalogue-store.js';
import { openDatabase } from './persistence/database.js';
import type { Database, DatabaseLocation } from './persistence/database.js';
import { OrmDefinitionStore } from './persistence/definition-store.js';
import { ExecutionCodec } from './persistence/execution-codec.js';
import { SqlExecutionStore } from './persistence/execution-store.js';
import { SqlGuesses } from './persistence/guess-store.js';
import { SqlPasswords } from './persistence/password-store.js';
import { SqlSettings } from './persistence/setting-store.js';
import { isDatabaseUnavailable } from './persistence/unavailable.js';
import { SqlUsers } from './persistence/user-store.js';
import { SqlFlowTokens } from './persistence/visit-store.js';
import { policyKinds } from './policies/list.js';
import { projectRoot } from './app/project-root.js';
import { requestContexts } from './app/request-context.js';
import { stageKinds } from './stages/list.js';
import { deadline, growingPatience } from './app/timers.js';

const EXECUTION_LIFETIME_SECONDS = 3600;
/** A database that takes longer to say that it is there is not ready, even if it is. */
const LONGEST_PING_SECONDS = 5;

/** What tests, and nothing else, put in place of the real thing. */
export interface AppOverrides {
  readonly clock?: Clock;
  /** A database in memory, instead of the data folder. */
  readonly inMemory?: boolean;
  readonly logTo?: DestinationStream;
}

export interface RunningApp {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly address: string;
  /** Opens the flow for the first administrator; null where there has been one. */
  readonly setupToken: Secret | null;
  readonly logger: Logger;
  close(): Promise<void>;
}

/** Puts everything together, brings the database up to date and listens. */
export async function startApp(environment: Environment, overrides: AppOverrides = {}): Promise<RunningApp> {
  const clock = overrides.clock ?? systemClock;
  const logger = pino({ level: environment.logLevel }, overrides.logTo ?? pino.destination(2));
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const kinds = <Kind extends { developmentOnly: boolean }>(list: readonly Kind[]): readonly Kind[] =>
      list.filter((kind) => !environment.production || !kind.developmentOnly);
    const schema = buildApi(kinds(stageKinds), kinds(policyKinds));

    const location = locationOf(environment, overrides);
    if (location.type === 'folder') closers.push(await lockFolder(location.path));
    const keys = new KeyRing(environment.secretKeys ?? developmentKeys(environment.dataDirectory));
    const database = await openDatabase(location);
    closers.push(() => database.close());
    const { sql } = database;

    const expressions = createExpressions();
    closers.push(() => expressions.close());
    const hasher = new PasswordHasher(keys);
    const users = new SqlUsers(sql);
    const passwords = new SqlPasswords(sql, hasher);
    const guesses = new SqlGuesses(sql, keys, clock);
    const catalogue = new CatalogueStore(sql);
    const definitions = new OrmDefinitionStore(database);
    const policyServices = { expressions };
    const engine: EngineParts = {
      stageKinds: new Map(kinds(stageKinds).map((kind) => [kind.name, kind])),
      policies: {
        kinds: new Map(kinds(policyKinds).map((kind) => [kind.name, kind])),
        services: policyServices,
        within: deadline,
      },
      services: { users, passwords, guesses },
      chance: systemChance,
    };
    const runner = new FlowRunner({
      engine,
      store: new SqlExecutionStore(sql, new ExecutionCodec(keys)),
      flowTokens: new SqlFlowTokens(sql),
      hashOf: tokenHash,
      macOf: (text) => keys.mac('answer', text),
      patience: growingPatience,
      publicUrl: environment.publicUrl,
      allowedOrigins: environment.allowedOrigins,
      lifetimeSeconds: EXECUTION_LIFETIME_SECONDS,
    });

    let setupToken: Secret | null = null;
    await prepare(database, async () => {
      await database.migrate();
      const parts = {
        sql,
        catalogue,
        definitions,
        settings: new SqlSettings(sql),
        blueprints: { stageKinds, policyKinds, policyServices },
        documents: new URL('blueprints/default/', projectRoot()),
        hasher,
        logger,
      };
      await applyShippedFlows(parts);
      setupToken = await openTheDoor(parts, environment.administrator, clock.now());
    });

    const contextOf = requestContexts({
      sql,
      catalogue,
      definitions,
      policyServices,
      runner,
      users,
      clock,
      cookieNames: cookieNames(environment.publicUrl),
    });
    const server = await createServer({
      ...environment,
      logger,
      apollo: (drain) =>
        createApollo({
          schema,
          production: environment.production,
          plugins: [drain],
          logger,
          isUnavailable: isDatabaseUnavailable,
          newId: () => systemChance.id(),
          report: ({ correlationId, error }) =>
            logger.error({ correlationId, err: error }, 'a request failed'),
        }),
      contextOf,
      checkReadiness: () => deadline(LONGEST_PING_SECONDS, database.ping()),
    });
    closers.push(() => server.close());
    const address = await server.listen({ port: environment.port, host: environment.host });
    return { address, setupToken, logger, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs what a start does with the database, and says so where that is what cannot be reached. */
async function prepare(database: Database, work: () => Promise<void>): Promise<void> {
  try {
    await database.exclusively(work);
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw new Error('the database that DATABASE_URL names cannot be reached.', { cause: error });
  }
}

function developmentKeys(folder: string): ReturnType<typeof parseKeys> {
  const keys = keepDevelopmentKeys(folder);
  try {
    return parseKeys(keys);
  } catch (error) {
    throw new Error(`the file secret-keys in ${folder} cannot be used.`, { cause: error });
  }
}

function locationOf(environment: Environment, { inMemory = false }: AppOverrides): DatabaseLocation {
  if (environment.databaseUrl !== null) return { type: 'server', url: environment.databaseUrl };
  return inMemory ? { type: 'memory' } : { type: 'folder', path: environment.dataDirectory };
}
