import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { mmdb } from '../../../test/support/mmdb.js';
import {
  CANADA,
  MONTREAL,
  NOWHERE,
  WARSAW,
  WARSAW_IPV6,
  asnDatabase,
  cityDatabase,
  cityDatabaseOfIpv4,
} from '../../../test/support/places.js';
import { openLocations } from './locations.js';

const folder = mkdtempSync(join(tmpdir(), 'stagedoor-geoip-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(bytes: Buffer | string): string {
  const path = join(folder, `${(files += 1)}.mmdb`);
  writeFileSync(path, bytes);
  return path;
}

const city = fileOf(cityDatabase());
const asn = fileOf(asnDatabase());

const nothing = {
  ...{ country: null, continent: null, city: null, latitude: null, longitude: null },
  ...{ asn: null, organization: null },
};
const montreal = { country: 'CA', continent: 'NA', city: 'Montreal', latitude: 45.5017, longitude: -73.5673 };
const warsaw = { country: 'PL', continent: 'EU', city: 'Warsaw', latitude: 52.2297, longitude: 21.0122 };
const network = { asn: 64_496, organization: 'Example Network' };

describe('where an address is', () => {
  it('is what both databases say together, as far as they know it', async () => {
    const locations = await openLocations({ city, asn });
    expect(locations.of(MONTREAL)).toEqual({ ...montreal, ...network });
    expect(locations.of('192.0.2.200')).toEqual({ ...nothing, ...montreal });
    expect(locations.of(WARSAW)).toEqual({ ...nothing, ...warsaw });
    expect(locations.of(CANADA)).toEqual({ ...nothing, country: 'CA', continent: 'NA' });
    expect(locations.of(WARSAW_IPV6)).toEqual({ ...nothing, ...warsaw });
  });

  it('is what the one database says that there is', async () => {
    expect((await openLocations({ city, asn: null })).of(MONTREAL)).toEqual({ ...nothing, ...montreal });
    expect((await openLocations({ city: null, asn })).of(MONTREAL)).toEqual({ ...nothing, ...network });
    expect((await openLocations({ city: null, asn: null })).of(MONTREAL)).toBeNull();
  });

  it('is the same for an IPv4 address that is written as one of IPv6', async () => {
    const locations = await openLocations({ city, asn });
    expect(locations.of(`::ffff:${MONTREAL}`)).toEqual({ ...montreal, ...network });
    expect(locations.of(`::FFFF:${WARSAW}`)).toEqual(locations.of(WARSAW));
  });

  it.each([NOWHERE, '127.0.0.1', '::1', 'fe80::1%eth0', '2001:db9::1', '', 'localhost', '192.0.2', '1e3'])(
    'is not known of %j',
    async (address) => {
      expect((await openLocations({ city, asn })).of(address)).toBeNull();
    },
  );

  it('is not looked up by the first half of an IPv6 address where a database has only IPv4', async () => {
    const locations = await openLocations({ city: fileOf(cityDatabaseOfIpv4()), asn: null });
    expect(locations.of(WARSAW)).toEqual({ ...nothing, ...warsaw });
    expect(locations.of('c633:6401::1')).toBeNull();
  });

  it('never makes anybody fail, whatever the address is', async () => {
    const locations = await openLocations({ city, asn });
    const address = fc.oneof(fc.string({ unit: 'binary' }), fc.ipV4(), fc.ipV6(), fc.ipV4Extended());
    fc.assert(fc.property(address, (text) => expect(locations.of(text)).not.toBe(undefined)));
  });

  it('is not known where the record is not what such a database holds, or is damaged', async () => {
    const odd = mmdb('GeoLite2-City', { '192.0.2.0/24': { country: 'CA' }, '198.51.100.0/24': 'Poland' });
    const locations = await openLocations({ city: fileOf(odd), asn: null });
    expect([locations.of(MONTREAL), locations.of(WARSAW)]).toEqual([null, null]);
    const bytes = cityDatabase();
    const damaged = Buffer.from(bytes).fill(0xff, bytes.indexOf('Montreal') - 60, bytes.indexOf('Montreal'));
    expect((await openLocations({ city: fileOf(damaged), asn: null })).of(MONTREAL)).toBeNull();
  });

  it('is known to a database of countries as far as the country', async () => {
    const countries = mmdb('GeoLite2-Country', { '192.0.2.0/24': { country: { iso_code: 'CA' } } });
    const locations = await openLocations({ city: fileOf(countries), asn: null });
    expect(locations.of(MONTREAL)).toEqual({ ...nothing, country: 'CA' });
  });
});

describe('a file that cannot be used', () => {
  it.each([
    ['is not there', join(folder, 'missing'), 'ENOENT'],
    ['is a folder', folder, 'EISDIR'],
    ['is empty', fileOf(''), ''],
    ['is something else', fileOf('Montreal, Canada\n'.repeat(100)), ''],
    ['is compressed', fileOf(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])), 'gzip'],
    ['is about something else', asn, 'it is a database of the type GeoLite2-ASN'],
  ])('ends the start, by the name of its variable, where it %s', async (_case, path, reason) => {
    const opening = openLocations({ city: path, asn: null });
    await expect(opening).rejects.toMatchObject({
      message: `STAGEDOOR_GEOIP_CITY_DB names ${path}, which cannot be used:`,
      cause: expect.objectContaining({ message: expect.stringContaining(reason) }),
    });
    await expect(openLocations({ city: null, asn: city })).rejects.toThrow(/^STAGEDOOR_GEOIP_ASN_DB names/);
  });
});

describe('a file that is replaced', () => {
  const moved = mmdb('GeoLite2-City', { '192.0.2.0/24': { country: { iso_code: 'FR' } } });

  it('is read again, and not before it is asked for', async () => {
    const path = fileOf(cityDatabase());
    const locations = await openLocations({ city: path, asn });
    renameSync(fileOf(moved), path);
    expect(locations.of(MONTREAL)).toMatchObject({ country: 'CA' });
    await locations.reloadReplaced();
    expect(locations.of(MONTREAL)).toEqual({ ...nothing, country: 'FR', ...network });
  });

  it('is told by its size and its times: the same one is not read again', async () => {
    const path = fileOf(cityDatabase());
    const once = new Date('2029-06-01T00:00:00Z');
    utimesSync(path, once, once);
    const locations = await openLocations({ city: path, asn: null });
    writeFileSync(path, Buffer.alloc(cityDatabase().length));
    utimesSync(path, once, once);
    await locations.reloadReplaced();
    expect(locations.of(MONTREAL)).toMatchObject({ country: 'CA' });
  });

  it('by something else leaves what was known, says so each time, and is read once it is right', async () => {
    const path = fileOf(cityDatabase());
    const locations = await openLocations({ city: path, asn: null });
    for (const wrong of ['half a file', asnDatabase()]) {
      writeFileSync(path, wrong);
      await expect(locations.reloadReplaced()).rejects.toThrow('STAGEDOOR_GEOIP_CITY_DB');
      await expect(locations.reloadReplaced()).rejects.toThrow('STAGEDOOR_GEOIP_CITY_DB');
      expect(locations.of(MONTREAL)).toMatchObject({ country: 'CA' });
    }
    rmSync(path);
    await expect(locations.reloadReplaced()).rejects.toThrow('STAGEDOOR_GEOIP_CITY_DB');
    expect(locations.of(MONTREAL)).toMatchObject({ country: 'CA' });
    writeFileSync(path, moved);
    await locations.reloadReplaced();
    expect(locations.of(MONTREAL)).toMatchObject({ country: 'FR' });
  });
});
