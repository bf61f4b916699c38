import type { MigrationObject } from '@mikro-orm/core';

import { Migration20261123014132_initial } from './Migration20261123014132_initial.js';
import { Migration20261123030458_default_flow } from './Migration20261123030458_default_flow.js';
import { Migration20261124032652_engine } from './Migration20261124032652_engine.js';
import { Migration20261126131907_policies } from './Migration20261126131907_policies.js';
import { Migration20261126162137_management } from './Migration20261126162137_management.js';
import { Migration20261126200620_journeys } from './Migration20261126200620_journeys.js';
import { Migration20261127000720_authenticators } from './Migration20261127000720_authenticators.js';
import { Migration20261127004703_remembered_browsers } from './Migration20261127004703_remembered_browsers.js';
import { Migration20261127040154_flow_versions } from './Migration20261127040154_flow_versions.js';

/** Every migration, oldest first. */
export const migrations: MigrationObject[] = [
  { name: 'Migration20261123014132_initial', class: Migration20261123014132_initial },
  { name: 'Migration20261123030458_default_flow', class: Migration20261123030458_default_flow },
  { name: 'Migration20261124032652_engine', class: Migration20261124032652_engine },
  { name: 'Migration20261126131907_policies', class: Migration20261126131907_policies },
  { name: 'Migration20261126162137_management', class: Migration20261126162137_management },
  { name: 'Migration20261126200620_journeys', class: Migration20261126200620_journeys },
  { name: 'Migration20261127000720_authenticators', class: Migration20261127000720_authenticators },
  { name: 'Migration20261127004703_remembered_browsers', class: Migration20261127004703_remembered_browsers },
  { name: 'Migration20261127040154_flow_versions', class: Migration20261127040154_flow_versions },
];
