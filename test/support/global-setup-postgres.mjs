import { build } from '../../scripts/build.mjs';
import { startPostgres } from './postgres-server.mjs';
import { prepareTemplate } from './prepared-databases.mjs';

/**
 * Tests find the server in `process.env.STAGEDOOR_TEST_POSTGRES_URL`; each creates its own database there, empty or from
 * the one that `STAGEDOOR_TEST_POSTGRES_TEMPLATE` names.
 */
export default async function globalSetup() {
  await build();
  const server = await startPostgres();
  const template = await prepareTemplate(server);
  globalThis.dropTemplate = template.drop;
  process.env.STAGEDOOR_TEST_POSTGRES_URL = server;
  process.env.STAGEDOOR_TEST_POSTGRES_TEMPLATE = template.name;
}
