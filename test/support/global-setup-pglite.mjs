import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from '../../scripts/build.mjs';
import { prepareDump } from './prepared-databases.mjs';

/** Tests start from what is in the file `process.env.STAGEDOOR_TEST_PGLITE_DUMP`, each in its own memory. */
export default async function globalSetup() {
  await build();
  const file = join(mkdtempSync(join(tmpdir(), 'stagedoor-pglite-')), 'prepared.tar');
  await prepareDump(file);
  process.env.STAGEDOOR_TEST_PGLITE_DUMP = file;
}
