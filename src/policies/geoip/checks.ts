import type { JsonObject } from '../../kernel/json.js';
import type { PolicyInput } from '../../flow/policy-kind.js';
import type { AuditLog } from '../../flow/services/audit-log.js';
import type { ClientFacts } from '../../flow/stage-kind.js';
import type { GeoipConfig } from './config.js';
import { isTooFar, isTooFast, journeys, placeOf } from './history.js';
import type { Journey } from './history.js';

/** What one check came to. */
export interface Finding {
  readonly passing: boolean;
  /** What to tell the person where it does not pass. */
  readonly messages: readonly string[];
  /** What it has looked at. */
  readonly read: JsonObject;
}

const UNKNOWN_PLACE = 'It is not known where you are.';
const OTHER_NETWORK = 'This cannot be done from your network.';
const OTHER_COUNTRY = 'This cannot be done from the country that you are in.';
const TOO_FAR = 'You are too far away from where you have signed in before.';
const TOO_FAST = 'Nobody can have travelled here since you last signed in.';

/** Whether the address is in one of the allowed networks. */
export function checkNetwork(config: GeoipConfig, { location }: ClientFacts): Finding {
  const asn = location?.asn ?? null;
  const read = { 'request.asn': asn };
  return asn === null ? unknown(config, read) : found(config.asns.includes(asn), OTHER_NETWORK, read);
}

/** Whether the address is in one of the allowed countries. */
export function checkCountry(config: GeoipConfig, { location }: ClientFacts): Finding {
  const country = location?.country ?? null;
  const read = { 'request.country': country };
  return country === null
    ? unknown(config, read)
    : found(config.countries.includes(country), OTHER_COUNTRY, read);
}

/** Whether earlier logins are looked at. */
export function checksHistory({ checkHistoryDistance, checkImpossibleTravel }: GeoipConfig): boolean {
  return checkHistoryDistance || checkImpossibleTravel;
}

/** Whether the person can be here, and is usually about here. Whoever has never signed in can be anywhere. */
export async function checkHistory(
  config: GeoipConfig,
  { client, user, now }: PolicyInput,
  auditLog: AuditLog,
): Promise<Finding> {
  const here = placeOf(client.location);
  const read = { 'request.place': here ? { ...here } : null, 'user.id': user?.id ?? null };
  if (!here || !user) return unknown(config, read);
  const logins = await auditLog.lastLogins(user.id, config.historyLoginCount);
  const travelled = journeys(logins, here, now);
  const seen = { ...read, logins: logins.length, journeys: travelled.map(journeyView) };
  if (logins.length === 0) return found(true, '', seen);
  if (travelled.length === 0) return unknown(config, seen);
  const tooFar = config.checkHistoryDistance && travelled.some((journey) => isTooFar(journey, config));
  const tooFast = config.checkImpossibleTravel && travelled.some((journey) => isTooFast(journey, config));
  return found(!tooFar && !tooFast, tooFast ? TOO_FAST : TOO_FAR, seen);
}

function found(passing: boolean, objection: string, read: JsonObject): Finding {
  return { passing, messages: passing ? [] : [objection], read };
}

function unknown({ unknownLocation }: GeoipConfig, read: JsonObject): Finding {
  return found(unknownLocation === 'PASS', UNKNOWN_PLACE, read);
}

function journeyView({ from, distanceKm, hours }: Journey): JsonObject {
  return { from: from.toISOString(), distanceKm: Math.round(distanceKm), hours: Number(hours.toFixed(2)) };
}
