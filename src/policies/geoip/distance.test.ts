import fc from 'fast-check';

import { distanceKm } from './distance.js';

const place = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});
const HALF_ROUND_KM = Math.PI * 6371.0088;

describe('the distance between two places', () => {
  // As Vincenty's formula has them on the ellipsoid WGS 84.
  it.each([
    ['from Montreal to Warsaw', [45.5017, -73.5673], [52.2297, 21.0122], 6471],
    ['from New York to London', [40.6398, -73.7789], [51.4706, -0.4619], 5555],
    ['from London to Paris', [51.5074, -0.1278], [48.8566, 2.3522], 344],
    ['from the equator to the pole', [0, 20], [90, -45], 10_008],
    ['to the other side of the Earth', [35, 10], [-35, -170], 20_015],
    ['over the date line', [-17.7134, 178.065], [-13.759, -172.1046], 1140],
  ])('is right %s', (_which, [latitude = 0, longitude = 0], [toLatitude = 0, toLongitude = 0], expected) => {
    const distance = distanceKm({ latitude, longitude }, { latitude: toLatitude, longitude: toLongitude });
    expect(Math.abs(distance - expected) / expected).toBeLessThan(0.005);
  });

  it('is nothing to where one is, the same both ways, and at most half round the Earth', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        expect(distanceKm(one, one)).toBe(0);
        expect(distanceKm(one, other)).toBeCloseTo(distanceKm(other, one), 6);
        expect(distanceKm(one, other)).toBeGreaterThanOrEqual(0);
        expect(distanceKm(one, other)).toBeLessThanOrEqual(HALF_ROUND_KM + 1e-6);
      }),
    );
  });

  it('is never longer than by way of a third place', () => {
    fc.assert(
      fc.property(place, place, place, (from, by, to) => {
        expect(distanceKm(from, to)).toBeLessThanOrEqual(distanceKm(from, by) + distanceKm(by, to) + 1e-3);
      }),
    );
  });
});
