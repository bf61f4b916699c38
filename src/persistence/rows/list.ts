import * as definitions from './definitions.js';
import * as identity from './identity.js';
import * as running from './running.js';

/** Every table. */
export const rows = [
  ...Object.values(identity),
  ...Object.values(definitions),
  ...Object.values(running),
] as const;
