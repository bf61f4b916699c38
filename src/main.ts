import { startApp } from './app.js';
import { readEnvironment } from './environment.js';

/** Says why a start failed, in words for whoever started it; a stack helps nobody with a wrong variable. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected = ['EnvironmentProblems', 'FolderInUse'].includes(error.name);
  return expected ? error.message : `Stagedoor could not start: ${error.message}`;
}

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const app = await startApp(environment);
  const { publicUrl, production } = environment;
  const lines = [`Stagedoor answers at ${publicUrl}/graphql (listening on ${app.address})`];
  if (!production) lines.push(`  GraphiQL:  open ${publicUrl}/graphql in a browser`);
  if (app.setupToken) {
    lines.push(
      '  There is no administrator yet. Make one by the flow "initial-setup" with this one-time secret:',
      `    flowToken: ${app.setupToken.reveal()}`,
      '  It is good for 24 hours; every start prints a new one until it has been used.',
    );
  } else {
    lines.push('  Sign in with:  startFlow(input: { flow: { designation: AUTHENTICATION } })');
  }
  process.stdout.write(`${lines.join('\n')}\n`);

  let closing = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (closing) process.exit(1);
    closing = true;
    app.logger.info({ signal }, 'stopping');
    void app.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
