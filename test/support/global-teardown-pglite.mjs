import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

export default function globalTeardown() {
  const file = process.env.STAGEDOOR_TEST_PGLITE_DUMP;
  // Where the setup has failed there is none.
  if (file !== undefined) rmSync(dirname(file), { recursive: true, force: true });
}
