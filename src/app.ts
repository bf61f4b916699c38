import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

import { systemClock } from './kernel/clock.js';
import type { Clock } from './kernel/clock.js';
import type { Secret } from './kernel/secret.js';
import { blueprintFolder } from './app/blueprint-folder.js';
import { openDocuments } from './app/documents.js';
import { prepareInstallation } from './app/first-start.js';
import { openGroundwork } from './app/groundwork.js';
import { housekeeping } from './app/housekeeping.js';
import { expectNoNeedOfMail, isMailAvailable, openMail } from './app/mail.js';
import { readiness } from './app/readiness.js';
import { requestContexts } from './app/request-context.js';
import { streamContexts } from './app/stream-context.js';
import { assembleService } from './app/service.js';
import { deadline, everySoOften } from './app/timers.js';
import type { Environment } from './environment.js';
import { createApollo } from './graphql/apollo.js';
import type { Fault } from './graphql/errors.js';
import { buildApi } from './graphql/schema.js';
import { createSubscriptions } from './graphql/subscriptions.js';
import { cookieNames } from './http/cookies.js';
import { createServer } from './http/server.js';
import { PasswordHasher } from './identity/password-hasher.js';
import { systemChance } from './identity/token.js';
import { SqlExecutionChanges } from './persistence/execution-changes.js';
import { Notifications } from './persistence/notifications.js';
import { isDatabaseUnavailable } from './persistence/unavailable.js';

/** A database that takes longer to say that it is there is not ready, even if it is. */
const LONGEST_PING_SECONDS = 5;
const HOUSEKEEPING_SECONDS = 60;
/** How soon a database of addresses that has been replaced is read. */
const GEOIP_SECONDS = 60;
/** How soon documents of flows are looked at again. Not every file system tells of changes. */
const BLUEPRINTS_SECONDS = 3;
/** How long whoever follows an execution may have to wait where nobody says that it has changed. */
const LOOKOUT_SECONDS = 3;
/** How soon mails are sent for which nobody was woken: another process has died over them, or they are tried again. */
const MAIL_SECONDS = 3;

/** What tests, and nothing else, put in place of the real thing. */
export interface AppOverrides {
  readonly clock?: Clock;
  /** A database in memory, instead of the data folder: empty, or one that PGlite has dumped. */
  readonly inMemory?: 'empty' | Blob;
  readonly logTo?: DestinationStream;
  readonly lookoutSeconds?: number;
  readonly mailSeconds?: number;
  readonly blueprintsSeconds?: number;
  /** What a password costs to check, as bcrypt counts it: tests sign in thousands of times. */
  readonly passwordCost?: number;
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
  const { clock = systemClock, logTo = pino.destination(2) } = overrides;
  const { lookoutSeconds = LOOKOUT_SECONDS, mailSeconds = MAIL_SECONDS } = overrides;
  const logger = pino({ level: environment.logLevel }, logTo);
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const groundwork = await openGroundwork(environment, overrides.inMemory);
    closers.push(() => groundwork.close());
    const { database, keys, locations } = groundwork;
    const overlooked = (error: unknown): void =>
      logger.warn({ err: error }, 'whoever follows an execution may have to wait');
    const changes = new SqlExecutionChanges({
      sql: database.sql,
      clock,
      notifications: database.pool && new Notifications(database.pool, overlooked),
      repeat: (work) => everySoOften(lookoutSeconds, work, overlooked, 0),
      report: overlooked,
    });
    closers.push(() => changes.close());
    const mail = await openMail(environment, database.sql, keys, clock, logger);
    closers.push(() => mail.close());
    const hasher = new PasswordHasher(keys, overrides.passwordCost);
    const service = assembleService(environment, database, hasher, keys, clock, changes, locations, mail);
    closers.push(() => service.close());
    const terms = {
      schema: buildApi(service.kinds.stages, service.kinds.policies),
      production: environment.production,
    };
    const documents = await openDocuments(environment.documents, terms);

    const folder = blueprintFolder(environment, database, service, clock, logger);
    const setupToken = await prepareInstallation(database, service, environment, clock.now(), logger, folder);
    if (!isMailAvailable(environment)) {
      expectNoNeedOfMail(await service.catalogue.reload(), service.kinds.stages);
    }

    const api = {
      ...terms,
      documents,
      isUnavailable: isDatabaseUnavailable,
      newId: () => systemChance.id(),
      report: ({ correlationId, error }: Fault) =>
        logger.error({ correlationId, err: error }, 'a request failed'),
    };
    const cookies = cookieNames(environment.publicUrl);
    const subscriptions = createSubscriptions(api);
    const streamContextOf = streamContexts(service, clock, cookies);
    const server = await createServer({
      ...environment,
      logger,
      apollo: (drain) => createApollo({ ...api, plugins: [drain], logger }),
      contextOf: requestContexts(service, clock, cookies),
      documents,
      subscriptions: {
        prepare: (operation, request) => subscriptions.prepare(operation, streamContextOf(request)),
        subscribe: (args) => subscriptions.subscribe(args),
      },
      mailbox: mail.mailbox,
      blueprintSchema: service.blueprints.schema,
      readiness: () => deadline(LONGEST_PING_SECONDS, readiness(database, service, folder)),
    });
    closers.push(() => server.close());
    closers.push(
      everySoOften(
        HOUSEKEEPING_SECONDS,
        housekeeping(service.sql, clock, () => service.passwordsRemembered()),
        (error) => logger.warn({ err: error }, 'could not remove what has expired'),
      ),
    );
    closers.push(
      everySoOften(
        GEOIP_SECONDS,
        () => locations.reloadReplaced(),
        (error) => logger.warn({ err: error }, 'a database of addresses stays as it was read before'),
      ),
    );
    closers.push(
      everySoOften(
        mailSeconds,
        () => mail.look(),
        (error) => logger.warn({ err: error }, 'mails that nobody sends stay for now'),
        0,
      ),
    );
    if (folder) {
      closers.push(
        everySoOften(
          overrides.blueprintsSeconds ?? BLUEPRINTS_SECONDS,
          () => folder.look(),
          (error) => logger.warn({ err: error }, 'documents of flows that are new have to wait'),
        ),
      );
    }
    const address = await server.listen({ port: environment.port, host: environment.host });
    return { address, setupToken, logger, close };
  } catch (error) {
    await close();
    throw error;
  }
}
