import type { MigrationObject } from '@mikro-orm/core';

import { Migration20261123014132_initial } from './Migration20261123014132_initial.js';

/** Every migration, oldest first. */
export const migrations: MigrationObject[] = [
  { name: 'Migration20261123014132_initial', class: Migration20261123014132_initial },
];
