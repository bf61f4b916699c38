import { Migrator } from '@mikro-orm/migrations';
import { fileURLToPath } from 'node:url';

import { migrations } from '../../migrations/list.js';
import { rows } from './rows/list.js';

/** What both drivers have in common: one set of tables, one set of migrations. */
export const ormOptions = {
  entities: [...rows],
  extensions: [Migrator],
  forceUtcTimezone: true,
  // What happens here is told by our own log; statements hold personal data.
  logger: () => undefined,
  // Every fork is handed in; there is no global one to fall back on by mistake.
  allowGlobalContext: false,
  migrations: {
    migrationsList: migrations,
    path: fileURLToPath(new URL('../../migrations', import.meta.url)),
    snapshotName: '.snapshot',
    transactional: true,
    allOrNothing: true,
    disableForeignKeys: false,
    emit: 'ts' as const,
  },
};
