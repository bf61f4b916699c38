import { isIP } from 'node:net';

import { z } from 'zod';

import type { Locations } from '../../flow/services/locations.js';
import { AddressDatabase } from './address-database.js';

type Location = NonNullable<ReturnType<Locations['of']>>;

/** The MaxMind databases that an installation has; null for none. */
export interface LocationFiles {
  /** City or Country. */
  readonly city: string | null;
  readonly asn: string | null;
}

/** Locations that follow their files. */
export interface FileLocations extends Locations {
  /** Reads again what has been replaced. Rejects where that cannot be used; then what was read before still holds. */
  reloadReplaced(): Promise<void>;
}

const placeRecord = z.object({
  country: z.object({ iso_code: z.string() }).optional(),
  continent: z.object({ code: z.string() }).optional(),
  city: z.object({ names: z.object({ en: z.string().optional() }) }).optional(),
  location: z.object({ latitude: z.number().optional(), longitude: z.number().optional() }).optional(),
});

const networkRecord = z.object({
  autonomous_system_number: z.number().optional(),
  autonomous_system_organization: z.string().optional(),
});

const cityDatabase = {
  variable: 'STAGEDOOR_GEOIP_CITY_DB',
  types: /City|Country|Enterprise/,
  record: placeRecord,
};
const asnDatabase = { variable: 'STAGEDOOR_GEOIP_ASN_DB', types: /ASN|ISP/, record: networkRecord };

/** Reads the databases; rejects where a file cannot be used. Without any, nothing is known of any address. */
export async function openLocations({ city, asn }: LocationFiles): Promise<FileLocations> {
  const places = city === null ? null : await AddressDatabase.open({ ...cityDatabase, path: city });
  const networks = asn === null ? null : await AddressDatabase.open({ ...asnDatabase, path: asn });
  return {
    of(address) {
      if (isIP(address) === 0) return null;
      const plain = withoutMapping(address);
      const place = places?.find(plain) ?? null;
      const network = networks?.find(plain) ?? null;
      return place || network ? locationOf(place, network) : null;
    },
    async reloadReplaced() {
      await places?.reloadIfReplaced();
      await networks?.reloadIfReplaced();
    },
  };
}

/** An IPv4 address that is written as one of IPv6 is where the IPv4 address is. */
function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

function locationOf(
  place: z.infer<typeof placeRecord> | null,
  network: z.infer<typeof networkRecord> | null,
): Location {
  return {
    country: place?.country?.iso_code ?? null,
    continent: place?.continent?.code ?? null,
    city: place?.city?.names.en ?? null,
    latitude: place?.location?.latitude ?? null,
    longitude: place?.location?.longitude ?? null,
    asn: network?.autonomous_system_number ?? null,
    organization: network?.autonomous_system_organization ?? null,
  };
}
