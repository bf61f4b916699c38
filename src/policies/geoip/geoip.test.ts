import fc from 'fast-check';

import { person } from '../../../test/support/definitions.js';
import { NOW } from '../../../test/support/engine.js';
import { policyInputOf } from '../../../test/support/policy-questions.js';
import { judged } from '../../../test/support/policy-run.js';
import { secondsAfter } from '../../kernel/clock.js';
import type { Location } from '../../flow/location.js';
import type { PolicyInput, PolicyRun } from '../../flow/policy-kind.js';
import type { PastLogin } from '../../flow/services/audit-log.js';
import { geoipPolicy } from './policy.js';

type Config = PolicyRun['policy']['config'];

const nowhere: Location = {
  ...{ country: null, continent: null, city: null, latitude: null, longitude: null },
  ...{ asn: null, organization: null },
};
const montreal = { ...nowhere, country: 'CA', latitude: 45.5017, longitude: -73.5673, asn: 64_496 };
const quebec = { ...montreal, latitude: 46.8139, longitude: -71.208 };
const warsaw = { ...nowhere, country: 'PL', latitude: 52.2297, longitude: 21.0122, asn: 64_500 };
/** What a database of countries knows. */
const canada = { ...nowhere, country: 'CA' };

const at = (location: Location | null): Partial<PolicyInput> => ({
  client: { ...policyInputOf().client, location },
  user: person('bob'),
});

const ago = (seconds: number, location: Location | null): PastLogin => ({
  at: secondsAfter(NOW, -seconds),
  location,
});

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What the policy comes to for Bob, who is here now, and has signed in from there before. */
async function said(config: Config, here: Location | null, logins: readonly PastLogin[] = []) {
  const auditLog = {
    lastLogins: async (_userId: string, count: number) => logins.slice(0, count),
    count: async () => 0,
  };
  const { passing, messages } = await judged(geoipPolicy, config, at(here), { auditLog });
  return passing ? 'passes' : messages.join(' ');
}

const OTHER_NETWORK = 'This cannot be done from your network.';
const OTHER_COUNTRY = 'This cannot be done from the country that you are in.';
const UNKNOWN = 'It is not known where you are.';
const TOO_FAR = 'You are too far away from where you have signed in before.';
const TOO_FAST = 'Nobody can have travelled here since you last signed in.';

const IN_CANADA = { countries: ['CA'] };
const IN_NETWORK = { asns: [64_496, 64_497] };
const EITHER = { asns: [64_497], countries: ['CA'] };
const HISTORY = { checkHistoryDistance: true };
const TRAVEL = { checkImpossibleTravel: true };
const PASS = { unknownLocation: 'PASS' };

describe('a geoip policy', () => {
  it('passes where nothing is checked', async () => {
    expect(await said({}, null)).toBe('passes');
    expect(await said({}, warsaw)).toBe('passes');
  });

  it.each<[string, Config, Location, string]>([
    ['a network that is allowed', IN_NETWORK, montreal, 'passes'],
    ['a network that is not', IN_NETWORK, warsaw, OTHER_NETWORK],
    ['a country that is allowed', IN_CANADA, montreal, 'passes'],
    ['a country that is not', IN_CANADA, warsaw, OTHER_COUNTRY],
    ['another network in an allowed country', EITHER, montreal, 'passes'],
    ['neither', EITHER, warsaw, `${OTHER_NETWORK} ${OTHER_COUNTRY}`],
    ['a country that is known alone', EITHER, canada, 'passes'],
  ])('decides on %s', async (_which, config, here, expected) => {
    expect(await said(config, here)).toBe(expected);
  });

  it.each<[string, Config, Location | null, readonly PastLogin[]]>([
    ['the network', IN_NETWORK, canada, []],
    ['the country', IN_CANADA, { ...nowhere, asn: 1 }, []],
    ['the place, of which two things are asked', EITHER, null, []],
    ['the place on the map', HISTORY, canada, [ago(DAY, montreal)]],
    ['the place to travel to', TRAVEL, null, [ago(DAY, montreal)]],
    ['where the last login was', HISTORY, montreal, [ago(DAY, null)]],
    ['more of any earlier login than its country', TRAVEL, montreal, [ago(1, canada), ago(DAY, nowhere)]],
  ])('comes to what it is told where nobody knows %s', async (_what, config, here, logins) => {
    expect(await said(config, here, logins)).toBe(UNKNOWN);
    expect(await said({ ...config, ...PASS }, here, logins)).toBe('passes');
  });

  it.each<Config>([HISTORY, TRAVEL])('comes to what it is told where nobody is named: %j', async (config) => {
    const nobody = { ...at(montreal), user: null };
    expect((await judged(geoipPolicy, config, nobody)).passing).toBe(false);
    expect((await judged(geoipPolicy, { ...config, ...PASS }, nobody)).passing).toBe(true);
  });

  it.each<[string, Config, Location, readonly PastLogin[], string]>([
    ['nobody has signed in before', { ...HISTORY, ...TRAVEL }, montreal, [], 'passes'],
    ['it was here', { ...HISTORY, ...TRAVEL }, montreal, [ago(1, montreal)], 'passes'],
    ['it was on another continent', HISTORY, warsaw, [ago(DAY, montreal)], TOO_FAR],
    ['it was in another town', HISTORY, quebec, [ago(DAY, montreal)], TOO_FAR],
    [
      'it was within the tolerance',
      { ...HISTORY, distanceToleranceKm: 140 },
      quebec,
      [ago(DAY, montreal)],
      'passes',
    ],
    [
      'it was within what is allowed',
      { ...HISTORY, historyMaxDistanceKm: 200 },
      quebec,
      [ago(DAY, montreal)],
      'passes',
    ],
    ['it was a moment ago, far away', TRAVEL, warsaw, [ago(1, montreal)], TOO_FAST],
    ['it was an hour ago, far away', TRAVEL, warsaw, [ago(HOUR, montreal)], TOO_FAST],
    ['it was so long ago that one can have flown', TRAVEL, warsaw, [ago(7 * HOUR, montreal)], 'passes'],
    ['it was not quite so long ago', TRAVEL, warsaw, [ago(6.3 * HOUR, montreal)], TOO_FAST],
    ['one can have driven in part of an hour', TRAVEL, quebec, [ago(HOUR / 4, montreal)], 'passes'],
    ['nobody drives so fast', TRAVEL, quebec, [ago(HOUR / 20, montreal)], TOO_FAST],
    ['it was too fast and too far', { ...HISTORY, ...TRAVEL }, warsaw, [ago(1, montreal)], TOO_FAST],
    ['the clock has gone back since', TRAVEL, montreal, [ago(-HOUR, montreal)], 'passes'],
    [
      'the last was not known, and the one before was here',
      HISTORY,
      montreal,
      [ago(1, null), ago(DAY, montreal)],
      'passes',
    ],
    ['one of the last was elsewhere', HISTORY, montreal, [ago(1, montreal), ago(DAY, warsaw)], TOO_FAR],
    [
      'that was longer ago than is looked at',
      { ...HISTORY, historyLoginCount: 1 },
      montreal,
      [ago(1, montreal), ago(DAY, warsaw)],
      'passes',
    ],
  ])('compares with earlier logins: %s', async (_when, config, here, logins, expected) => {
    expect(await said(config, here, logins)).toBe(expected);
  });

  it('takes the tolerance of the journey for the journey, and that of the distance for the distance', async () => {
    const logins = [ago(HOUR / 20, montreal)];
    expect(await said({ ...TRAVEL, distanceToleranceKm: 20_000 }, quebec, logins)).toBe(TOO_FAST);
    expect(await said({ ...TRAVEL, impossibleToleranceKm: 200 }, quebec, logins)).toBe('passes');
    expect(await said({ ...HISTORY, impossibleToleranceKm: 20_000 }, quebec, logins)).toBe(TOO_FAR);
  });

  it('wants an allowed place and a possible journey', async () => {
    const both = { ...IN_CANADA, ...HISTORY };
    expect(await said(both, montreal, [ago(DAY, montreal)])).toBe('passes');
    expect(await said(both, montreal, [ago(DAY, warsaw)])).toBe(TOO_FAR);
    expect(await said(both, warsaw, [ago(DAY, warsaw)])).toBe(OTHER_COUNTRY);
    expect(await said(both, null, [])).toBe(UNKNOWN);
  });

  it('never passes anybody further away, or sooner, whom it does not pass nearer or later', async () => {
    const seconds = fc.integer({ min: 0, max: DAY });
    const config = { ...HISTORY, ...TRAVEL, historyMaxDistanceKm: 20_000, distanceToleranceKm: 0 };
    await fc.assert(
      fc.asyncProperty(seconds, seconds, async (one, other) => {
        const [sooner, later] = [Math.min(one, other), Math.max(one, other)];
        const then = await said(config, warsaw, [ago(later, montreal)]);
        if (then !== 'passes') expect(await said(config, warsaw, [ago(sooner, montreal)])).toBe(then);
      }),
    );
  });

  it('tells what it has looked at', async () => {
    const auditLog = { lastLogins: async () => [ago(HOUR, montreal)], count: async () => 0 };
    const config = { ...EITHER, ...TRAVEL };
    expect((await judged(geoipPolicy, config, at(warsaw), { auditLog })).read).toEqual({
      'request.asn': 64_500,
      'request.country': 'PL',
      'request.place': { latitude: 52.2297, longitude: 21.0122 },
      'user.id': 'bob',
      logins: 1,
      journeys: [{ from: '2030-01-01T11:00:00.000Z', distanceKm: expect.any(Number), hours: 1 }],
    });
  });
});
