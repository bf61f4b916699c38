import type { Locations } from '../../flow/services/locations.js';

/** For installations without a database of locations: nothing is known of any address. */
export const noLocations: Locations = { of: () => null };
