import type { Location } from '../location.js';

/** Says where addresses are. */
export interface Locations {
  /** Null where nothing is known: without a database, and for private addresses. */
  of(address: string): Location | null;
}
