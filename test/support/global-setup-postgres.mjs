import { build } from '../../scripts/build.mjs';
import { startPostgres } from './postgres-server.mjs';

/** Tests find the server in `process.env.STAGEDOOR_TEST_POSTGRES_URL`; each creates its own database there. */
export default async function globalSetup() {
  await build();
  process.env.STAGEDOOR_TEST_POSTGRES_URL = await startPostgres();
}
