import { startApp } from './app.js';
import type { RunningApp } from './app.js';
import { reasonOf } from './app/reason.js';
import { EnvironmentProblems, readEnvironment } from './environment.js';
import type { Environment } from './environment.js';

/** Whoever sent the signal has lost patience by then, and would kill next. */
const LONGEST_STOP_MILLISECONDS = 10_000;

/** Says why a start failed, in words for whoever started it; a stack helps nobody with a wrong variable. */
function explain(error: unknown): string {
  return error instanceof EnvironmentProblems
    ? error.message
    : `Stagedoor could not start: ${reasonOf(error)}`;
}

/** What to do first, for a person who has just started this. */
function greeting(app: RunningApp, { publicUrl, production }: Environment): string {
  // Where the system chooses the port, only it knows the address.
  const url = new URL(publicUrl).port === '0' ? app.address : publicUrl;
  const lines = [`Stagedoor answers at ${url}/graphql (listening on ${app.address})`];
  if (!production) lines.push(`  GraphiQL:  open ${url}/graphql in a browser`);
  if (app.setupToken) {
    lines.push(
      '  There is no administrator yet. Make one by the flow "initial-setup" with this one-time secret:',
      `    flowToken: ${app.setupToken.reveal()}`,
      '  It is good for 24 hours; every start prints a new one until it has been used.',
    );
  } else {
    lines.push('  Sign in with:  startFlow(input: { flow: { designation: AUTHENTICATION } })');
  }
  return `${lines.join('\n')}\n`;
}

/** The first signal lets what runs come to its end, also a start; a second one, or too long a wait, does not. */
function stopOnSignals(starting: Promise<RunningApp>): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), LONGEST_STOP_MILLISECONDS).unref();
    // A start that fails says so itself.
    const app = await starting.catch(() => undefined);
    if (!app) return;
    app.logger.info({ signal }, 'stopping');
    try {
      await app.close();
      process.exit(0);
    } catch (error) {
      app.logger.error({ err: error }, 'could not stop in good order');
      process.exit(1);
    }
  };
  process.on('SIGINT', (signal) => void stop(signal));
  process.on('SIGTERM', (signal) => void stop(signal));
}

try {
  const environment = readEnvironment(process.env);
  const starting = startApp(environment);
  stopOnSignals(starting);
  const app = await starting;
  process.on('unhandledRejection', (error) => app.logger.error({ err: error }, 'nobody handled this error'));
  process.stdout.write(greeting(app, environment));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
