import type { Location } from '../../flow/location.js';
import type { PastLogin } from '../../flow/services/audit-log.js';
import type { GeoipConfig } from './config.js';
import { distanceKm } from './distance.js';
import type { Place } from './distance.js';

/** A little faster than airliners fly. */
const FASTEST_KM_PER_HOUR = 1000;
const SHORTEST_JOURNEY_HOURS = 1 / 60;
const MILLISECONDS_PER_HOUR = 3_600_000;

/** An earlier login, seen from here and now. */
export interface Journey {
  readonly from: Date;
  readonly distanceKm: number;
  readonly hours: number;
}

/** Where a location is on the map; undefined where only the country is known, or nothing. */
export function placeOf(location: Location | null): Place | undefined {
  if (location === null) return undefined;
  const { latitude, longitude } = location;
  return latitude === null || longitude === null ? undefined : { latitude, longitude };
}

/** From each earlier login whose place is known to here. */
export function journeys(logins: readonly PastLogin[], here: Place, now: Date): Journey[] {
  return logins.flatMap(({ at, location }) => {
    const there = placeOf(location);
    if (!there) return [];
    const hours = Math.max(SHORTEST_JOURNEY_HOURS, (now.getTime() - at.getTime()) / MILLISECONDS_PER_HOUR);
    return [{ from: at, distanceKm: distanceKm(there, here), hours }];
  });
}

export function isTooFar({ distanceKm: distance }: Journey, config: GeoipConfig): boolean {
  return distance >= config.historyMaxDistanceKm + config.distanceToleranceKm;
}

export function isTooFast({ distanceKm: distance, hours }: Journey, config: GeoipConfig): boolean {
  return distance >= FASTEST_KM_PER_HOUR * hours + config.impossibleToleranceKm;
}
