import { mmdb } from './mmdb.js';
import type { MmdbValue } from './mmdb.js';

/** Addresses that the tests' databases know: networks for documentation (RFC 5737, RFC 3849). */
export const MONTREAL = '192.0.2.1';
export const WARSAW = '198.51.100.1';
export const CANADA = '203.0.113.1';
export const WARSAW_IPV6 = '2001:db8::1';
/** One that they do not know. */
export const NOWHERE = '10.0.0.1';

const canada = { continent: { code: 'NA' }, country: { iso_code: 'CA' } };
const warsaw = {
  continent: { code: 'EU' },
  country: { iso_code: 'PL' },
  city: { names: { en: 'Warsaw', pl: 'Warszawa' } },
  location: { latitude: 52.2297, longitude: 21.0122, accuracy_radius: 20 },
};

const cities: Readonly<Record<string, MmdbValue>> = {
  '192.0.2.0/24': {
    ...canada,
    city: { names: { en: 'Montreal' } },
    location: { latitude: 45.5017, longitude: -73.5673, accuracy_radius: 5 },
  },
  '198.51.100.0/24': warsaw,
  '203.0.113.0/24': canada,
};
const networks: Readonly<Record<string, MmdbValue>> = {
  '192.0.2.0/25': { autonomous_system_number: 64_496, autonomous_system_organization: 'Example Network' },
};

/** The databases of these addresses, as files. */
export const cityDatabase = () => mmdb('GeoLite2-City', { ...cities, '2001:db8::/32': warsaw });
export const cityDatabaseOfIpv4 = () => mmdb('GeoIP2-City', cities, { ipVersion: 4 });
export const asnDatabase = () => mmdb('GeoLite2-ASN', networks);
