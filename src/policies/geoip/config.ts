import { z } from 'zod';

import { isCountry } from './countries.js';

/** As GraphQL's integers go; beyond are only numbers for private use. */
const HIGHEST_ASN = 2 ** 31 - 1;
const HALF_ROUND_THE_EARTH_KM = 20_037;

const unknownLocation = z.enum(['FAIL', 'PASS']).meta({
  typeName: 'UnknownLocation',
  description: 'What a check of the place comes to where that is not known.',
  values: { FAIL: 'It does not pass.', PASS: 'It passes.' },
});

const country = z
  .string()
  .trim()
  .toUpperCase()
  .refine(isCountry, { error: 'Must be a country as ISO 3166-1 alpha-2 has it, such as CA.' });

const kilometres = z.int().min(0).max(HALF_ROUND_THE_EARTH_KM);

export const geoipConfig = z
  .strictObject({
    asns: z
      .array(z.int().min(1).max(HIGHEST_ASN))
      .max(1000)
      .default([])
      .describe('The numbers of the autonomous systems that are allowed; empty for any. Default: [].'),
    countries: z
      .array(country)
      .max(250)
      .default([])
      .describe(
        'The countries that are allowed, as ISO 3166-1 alpha-2; empty for any. Where asns are named too, either is enough. Default: [].',
      ),
    unknownLocation: unknownLocation
      .default('FAIL')
      .describe(
        'What a check comes to where the place now, all earlier ones or the person are not known. Default: FAIL.',
      ),
    checkHistoryDistance: z
      .boolean()
      .default(false)
      .describe('Fail far away from where the person has signed in before. Default: false.'),
    historyMaxDistanceKm: kilometres
      .default(100)
      .describe('How far away is too far, before the tolerance. Default: 100.'),
    distanceToleranceKm: kilometres
      .default(50)
      .describe('By how much that may be exceeded: places are estimates. Default: 50.'),
    historyLoginCount: z
      .int()
      .min(1)
      .max(50)
      .default(5)
      .describe('How many of the latest logins are compared with. Default: 5.'),
    checkImpossibleTravel: z
      .boolean()
      .default(false)
      .describe('Fail where nobody could have got to since an earlier login, at 1000 km/h. Default: false.'),
    impossibleToleranceKm: kilometres
      .default(100)
      .describe('How much further away it may be all the same. Default: 100.'),
  })
  .meta({
    examples: [
      { countries: ['CA'] },
      {
        asns: [64_496],
        countries: ['CA', 'PL'],
        unknownLocation: 'PASS',
        checkHistoryDistance: true,
        historyMaxDistanceKm: 500,
        distanceToleranceKm: 10,
        historyLoginCount: 3,
        checkImpossibleTravel: true,
        impossibleToleranceKm: 200,
      },
    ],
  });

export type GeoipConfig = z.infer<typeof geoipConfig>;
