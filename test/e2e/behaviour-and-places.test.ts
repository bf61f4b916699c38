import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Composer, signedUp } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { LOGIN, WRONG } from '../support/executions.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { CANADA, MONTREAL, NOWHERE, WARSAW, asnDatabase, cityDatabase } from '../support/places.js';
import { simulate } from '../support/simulations.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const BOB = { username: 'bob', password: 'a long enough password' };
const CAROL = { username: 'carol', password: 'another long password' };
const ON_RUN = { evaluateOnPlan: false, reEvaluatePolicies: true };
const HOUR = 3600;

const folder = mkdtempSync(join(tmpdir(), 'stagedoor-places-'));
const city = join(folder, 'city.mmdb');
const asn = join(folder, 'asn.mmdb');

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  writeFileSync(city, cityDatabase());
  writeFileSync(asn, asnDatabase());
  app = await startTestApp({ STAGEDOOR_GEOIP_CITY_DB: city, STAGEDOOR_GEOIP_ASN_DB: asn });
  admin = await signedIn(app);
  composer = new Composer(admin);
  const { slug } = await composer.enrollment();
  await signedUp(app, slug, BOB);
  await signedUp(app, slug, CAROL);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

/** A flow that asks for a name, and then, where this policy says so, ends. */
async function barred(config: object, how: object = {}): Promise<ComposedFlow> {
  const flow = await composer.flowOf({}, { identification: {} });
  const binding = await composer.add(flow, 10, { deny: { message: 'Not now.' } }, ON_RUN);
  await composer.guardWith({ stageBindingId: binding }, config, how);
  await composer.add(flow, 20, { dummy: {} });
  return flow;
}

/** Whether somebody comes past the bar of such a flow, from there. */
async function isBarred({ slug }: ComposedFlow, identifier: string, address: string): Promise<boolean> {
  const responses = [{ identification: { identifier } }];
  const { step } = await start(app.client({ address }), { flow: { slug }, responses });
  expect(['FlowDenied', 'DummyChallenge']).toContain(step.__typename);
  return step.__typename === 'FlowDenied';
}

/** Tries so many wrong passwords in one login. */
async function guessWrong(count: number, identifier: string, address: string): Promise<void> {
  const client = app.client({ address });
  let execution: Execution = await start(client, {
    flow: LOGIN,
    responses: [{ identification: { identifier } }],
  });
  for (let tried = 0; tried < count; tried += 1) {
    execution = await submit(client, execution, WRONG);
    expect(execution.step.errors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  }
}

describe('a reputation', () => {
  it('bars who has guessed wrong three times, and the name that was guessed at', async () => {
    const byAddress = await barred({ reputation: { threshold: -3, checkIdentifier: false } });
    const byName = await barred({ reputation: { threshold: -3, checkAddress: false } });
    const [here, there] = ['10.1.0.1', '10.2.0.1'];
    for (const identifier of ['eve', BOB.username]) {
      expect(await isBarred(byName, identifier, there)).toBe(false);
      await guessWrong(2, identifier, here);
      expect(await isBarred(byName, identifier, there)).toBe(false);
      await guessWrong(1, identifier, here);
      expect(await isBarred(byName, identifier, there)).toBe(true);
    }
    expect(await isBarred(byName, CAROL.username, here)).toBe(false);
    expect(await isBarred(byAddress, CAROL.username, here)).toBe(true);
    expect(await isBarred(byAddress, BOB.username, there)).toBe(false);
  });

  it('is forgiven by the right password, and not by a name that is right', async () => {
    const flow = await barred({ reputation: { threshold: -1 } });
    const address = '10.1.0.2';
    await guessWrong(1, CAROL.username, address);
    expect(await isBarred(flow, CAROL.username, address)).toBe(true);
    expect(await isBarred(flow, CAROL.username, address)).toBe(true);
    const client = app.client({ address });
    const responses = [
      { identification: { identifier: CAROL.username } },
      { password: { password: CAROL.password } },
    ];
    expect((await start(client, { flow: LOGIN, responses })).step.__typename).toBe('FlowCompleted');
    expect(await isBarred(flow, CAROL.username, address)).toBe(false);
  });

  it('is not changed by a simulation, which tells what would have changed', async () => {
    const clientIp = '10.1.0.3';
    const responses = [{ identification: { identifier: CAROL.username } }, WRONG];
    const { steps } = await simulate(admin, { flow: LOGIN, clientIp, responses, passwordsAreRight: false });
    expect(steps[2].entries).toContainEqual(
      expect.objectContaining({ effect: 'CHANGE_REPUTATION', details: { known: true, behaved: 'BADLY' } }),
    );
    expect(await isBarred(await barred({ reputation: { threshold: -1 } }), CAROL.username, clientIp)).toBe(
      false,
    );
  });
});

describe('a place', () => {
  /** What a flow behind this policy answers to somebody in Montreal, elsewhere in Canada, in Warsaw, and nowhere. */
  async function answersTo(config: object): Promise<string[]> {
    const { slug, id } = await composer.flowOf({}, { dummy: {} });
    await composer.guardWith({ flowId: id }, { geoip: config });
    const from = async (address: string): Promise<string> => {
      const { step } = await start(app.client({ address }), { flow: { slug } });
      return step.message ?? step.__typename;
    };
    return Promise.all([MONTREAL, CANADA, WARSAW, NOWHERE].map(from));
  }

  it('lets people in from the country, or the network, that a policy names', async () => {
    const country = 'This cannot be done from the country that you are in.';
    const network = 'This cannot be done from your network.';
    const unknown = 'It is not known where you are.';
    const asked = 'DummyChallenge';
    expect(await answersTo({ countries: ['ca'] })).toEqual([asked, asked, country, unknown]);
    expect(await answersTo({ asns: [64496] })).toEqual([asked, unknown, unknown, unknown]);
    expect(await answersTo({ asns: [1], countries: ['PL'] })).toEqual([
      `${network}\n${country}`,
      `${unknown}\n${country}`,
      asked,
      unknown,
    ]);
    expect(await answersTo({ countries: ['CA'], unknownLocation: 'PASS' })).toEqual([
      asked,
      asked,
      country,
      asked,
    ]);
  });

  it('of a login is kept, and compared with where the person is next', async () => {
    const flow = await barred({ geoip: { checkImpossibleTravel: true } }, { negate: true });
    expect(await isBarred(flow, CAROL.username, MONTREAL)).toBe(true);
    await signedInFrom(MONTREAL);
    expect(await isBarred(flow, CAROL.username, MONTREAL)).toBe(false);
    expect(await isBarred(flow, CAROL.username, WARSAW)).toBe(true);
    expect(await isBarred(flow, CAROL.username, NOWHERE)).toBe(true);
    app.clock.advance(7 * HOUR);
    expect(await isBarred(flow, CAROL.username, WARSAW)).toBe(false);
  });

  async function signedInFrom(address: string): Promise<void> {
    const responses = [
      { identification: { identifier: CAROL.username } },
      { password: { password: CAROL.password } },
    ];
    const { step } = await start(app.client({ address }), { flow: LOGIN, responses });
    expect(step.__typename).toBe('FlowCompleted');
  }
});

describe('an event', () => {
  it('bars the person whom it is about, as long as it is looked back', async () => {
    const criteria = { actions: ['LOGIN_FAILED'], within: 'PT1H', atLeast: 2 };
    const byPerson = await barred({ eventMatcher: criteria });
    const byAddress = await barred({ eventMatcher: { ...criteria, about: 'ADDRESS' } });
    const [here, there] = ['10.1.0.4', '10.2.0.4'];
    app.clock.advance(2 * HOUR);
    await guessWrong(1, BOB.username, here);
    expect(await isBarred(byPerson, BOB.username, here)).toBe(false);
    await guessWrong(1, BOB.username, here);
    expect(await isBarred(byPerson, BOB.username, there)).toBe(true);
    expect(await isBarred(byPerson, ADMIN.username, here)).toBe(false);
    expect(await isBarred(byPerson, 'nobody', here)).toBe(false);
    expect(await isBarred(byAddress, 'nobody', here)).toBe(true);
    expect(await isBarred(byAddress, BOB.username, there)).toBe(false);
    app.clock.advance(HOUR + 1);
    expect(await isBarred(byPerson, BOB.username, here)).toBe(false);
  });
});

describe('what cannot be decided by', () => {
  const CREATE = 'mutation($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }';

  it.each<[string, string, object]>([
    [
      'neither the address nor the name',
      'reputation.checkAddress',
      { reputation: { checkAddress: false, checkIdentifier: false } },
    ],
    ['a score beyond all scores', 'reputation.threshold', { reputation: { threshold: -1001 } }],
    ['no place', 'geoip.countries', { geoip: { unknownLocation: 'PASS' } }],
    ['a country that is none', 'geoip.countries.1', { geoip: { countries: ['CA', 'ZZ'] } }],
    ['a network that is none', 'geoip.asns.0', { geoip: { asns: [0] } }],
    [
      'more logins than are looked at',
      'geoip.historyLoginCount',
      { geoip: { checkHistoryDistance: true, historyLoginCount: 51 } },
    ],
    ['no event', 'eventMatcher.actions', { eventMatcher: { actions: [] } }],
    [
      'an event that never happens',
      'eventMatcher.actions.1',
      { eventMatcher: { actions: ['LOGIN', 'login'] } },
    ],
    ['events without a name', 'eventMatcher.actions.0', { eventMatcher: { actions: ['CUSTOM:'] } }],
    [
      'events that are not kept so long',
      'eventMatcher.within',
      { eventMatcher: { actions: ['LOGIN'], within: 'P366D' } },
    ],
    ['less than one event', 'eventMatcher.atLeast', { eventMatcher: { actions: ['LOGIN'], atLeast: 0 } }],
  ])('is refused when it is saved: %s', async (name, path, config) => {
    const { errors } = await admin.send(CREATE, { input: { name, config } });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.config.${path}` }] } },
    ]);
  });

  it('is made the same, however a country is written', async () => {
    const id = await composer.policy({ geoip: { countries: ['ca', ' Pl '] } });
    const read = 'query($id: ID) { policy(id: $id) { config { ... on GeoipPolicyConfig { countries } } } }';
    expect((await admin.ok(read, { id })).policy.config.countries).toEqual(['CA', 'PL']);
  });
});
