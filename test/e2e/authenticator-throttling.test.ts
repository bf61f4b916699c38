import { totpCode, wrongTotpCode } from '../support/authenticators.js';
import { submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { SecondFactors } from '../support/second-factors.js';
import type { Owner } from '../support/second-factors.js';
import type { ComposedFlow } from '../support/compose.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let scene: SecondFactors;
let flow: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  scene = await SecondFactors.in(app);
  flow = await scene.loginWith({ notConfiguredAction: 'DENY' });
});
afterAll(() => app.close());

const EVENTS = `query($action: String!) {
  events(first: 100, filter: { actions: [$action] }) { edges { node { details } } }
}`;

type AppOwner = Owner & { readonly key: string };

/** Somebody who is asked for their code, and types. */
class Typist {
  private constructor(
    readonly client: TestClient,
    private asked: Execution,
  ) {}

  static async of(owner: Owner): Promise<Typist> {
    const client = app.client();
    return new Typist(client, await scene.login(owner, flow, client));
  }

  get authenticators(): { id: string; kind: string }[] {
    return this.asked.step.authenticators;
  }

  async type(code: string, kind?: string): Promise<Execution['step']> {
    const authenticatorId = this.authenticators.find((offered) => offered.kind === kind)?.id;
    const answer = { code, ...(authenticatorId !== undefined && { authenticatorId }) };
    this.asked = await submit(this.client, this.asked, { authenticatorValidate: answer });
    return this.asked.step;
  }
}

const now = (key: string): string => totpCode(key, app.clock.now());
const wrong = (key: string): string => wrongTotpCode(key, app.clock.now());
const inSeconds = (seconds: number): string =>
  new Date(app.clock.now().getTime() + seconds * 1000).toISOString();

/** Wrong codes in a row, each as soon as it is looked at. */
async function failTimes(typist: Typist, { key }: AppOwner, times: number): Promise<void> {
  for (let failed = 0; failed < times; ) {
    const { errors } = await typist.type(wrong(key), 'TOTP');
    if (errors[0].code === 'INVALID_CODE') failed += 1;
    else app.clock.advance((Date.parse(errors[0].retryAt) - app.clock.now().getTime()) / 1000);
  }
}

describe('wrong codes in a row', () => {
  it('cost nothing four times; from the fifth on each doubles the wait, up to an hour', async () => {
    const owner = await scene.ownerOfApp();
    const typist = await Typist.of(owner);
    await failTimes(typist, owner, 4);
    for (const wait of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]) {
      // The test’s executions last half an hour.
      const next = await Typist.of(owner);
      expect((await next.type(wrong(owner.key))).errors).toMatchObject([{ code: 'INVALID_CODE' }]);
      const retryAt = inSeconds(wait);
      const { errors } = await next.type(wrong(owner.key));
      expect(errors).toEqual([{ field: 'code', code: 'RATE_LIMITED', message: expect.any(String), retryAt }]);
      app.clock.advance(wait);
    }
  });

  it('make even the right one wait, which nobody looks at and which is good afterwards', async () => {
    const owner = await scene.ownerOfApp();
    const typist = await Typist.of(owner);
    await failTimes(typist, owner, 5);
    const right = now(owner.key);
    expect((await typist.type(right)).errors).toMatchObject([{ code: 'RATE_LIMITED' }]);
    app.clock.advance(0.9);
    expect((await typist.type(right)).errors).toMatchObject([{ code: 'RATE_LIMITED' }]);
    app.clock.advance(0.1);
    expect((await typist.type(right)).__typename).toBe('FlowCompleted');
  });

  it('are not counted while nobody looks at them', async () => {
    const owner = await scene.ownerOfApp();
    const typist = await Typist.of(owner);
    await failTimes(typist, owner, 5);
    const retryAt = inSeconds(1);
    for (let again = 0; again < 20; again += 1)
      expect((await typist.type(wrong(owner.key))).errors).toMatchObject([{ code: 'RATE_LIMITED', retryAt }]);
    app.clock.advance(1);
    expect((await typist.type(wrong(owner.key))).errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    expect((await typist.type(wrong(owner.key))).errors).toMatchObject([{ retryAt: inSeconds(2) }]);
  });

  it('are counted together, whatever execution and browser they come from', async () => {
    const owner = await scene.ownerOfApp();
    for (let failed = 0; failed < 5; failed += 1) {
      const typist = await Typist.of(owner);
      expect((await typist.type(wrong(owner.key))).errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    }
    const typist = await Typist.of(owner);
    expect((await typist.type(now(owner.key))).errors).toMatchObject([{ code: 'RATE_LIMITED' }]);
  });

  it('are each told of in the event log', async () => {
    const owner = await scene.ownerOfApp();
    const typist = await Typist.of(owner);
    const [offered] = typist.authenticators;
    await failTimes(typist, owner, 3);
    const { events } = await scene.composer.admin.ok(EVENTS, { action: 'SECOND_FACTOR_FAILED' });
    const told = events.edges.map(({ node }: { node: { details: object } }) => node.details);
    const details = { authenticatorId: offered?.id, kind: 'TOTP', name: 'Authenticator app' };
    expect(told.filter((each: object) => JSON.stringify(each).includes(offered?.id ?? '?'))).toEqual(
      Array(3).fill(details),
    );
  });
});

describe('a right code', () => {
  it('makes up for the wrong ones before it, and only of what it is of', async () => {
    const owner = await scene.ownerOfApp();
    const codes = await scene.setUpCodes(owner);
    const typist = await Typist.of(owner);
    await failTimes(typist, owner, 4);
    for (let failed = 0; failed < 4; failed += 1)
      expect((await typist.type('AAAA-BBBB-CCCC-DDDD', 'STATIC')).errors).toMatchObject([
        { code: 'INVALID_CODE' },
      ]);
    expect((await typist.type(codes[0] ?? '', 'STATIC')).__typename).toBe('FlowCompleted');
    const again = await Typist.of(owner);
    expect((await again.type(wrong(owner.key), 'TOTP')).errors).toMatchObject([{ code: 'INVALID_CODE' }]);
    expect((await again.type(wrong(owner.key), 'TOTP')).errors).toMatchObject([{ code: 'RATE_LIMITED' }]);
    for (let failed = 0; failed < 4; failed += 1)
      expect((await again.type('AAAA-BBBB-CCCC-DDDD', 'STATIC')).errors).toMatchObject([
        { code: 'INVALID_CODE' },
      ]);
  });

  it('gets in by another authenticator while one has to wait', async () => {
    const owner = await scene.ownerOfApp();
    const [code = ''] = await scene.setUpCodes(owner);
    const typist = await Typist.of(owner);
    await failTimes(typist, owner, 5);
    expect((await typist.type(now(owner.key), 'TOTP')).errors).toMatchObject([{ code: 'RATE_LIMITED' }]);
    expect((await typist.type(code, 'STATIC')).__typename).toBe('FlowCompleted');
  });
});

describe('a hundred wrong codes in a row', () => {
  it('disable it until something is set up anew; the person still gets in by another way, and nobody without', async () => {
    const owner = await scene.ownerOfApp();
    const [code = ''] = await scene.setUpCodes(owner);
    const other = await scene.ownerOfApp();
    for (const each of [owner, other]) await failTimes(await Typist.of(each), each, 5);
    for (let failed = 5; failed < 100; failed += 1) {
      app.clock.advance(3600);
      for (const each of [owner, other])
        expect((await (await Typist.of(each)).type(wrong(each.key), 'TOTP')).errors).toMatchObject([
          { code: 'INVALID_CODE' },
        ]);
    }
    app.clock.advance(3600);
    const typist = await Typist.of(owner);
    expect((await typist.type(now(owner.key), 'TOTP')).errors).toMatchObject([
      { code: 'AUTHENTICATOR_DISABLED' },
    ]);
    expect(typist.authenticators).toMatchObject([{ kind: 'STATIC' }]);
    expect((await typist.type(code, 'STATIC')).__typename).toBe('FlowCompleted');
    const key = await scene.setUpTotp(typist);
    expect((await (await Typist.of(owner)).type(now(key), 'TOTP')).__typename).toBe('FlowCompleted');
    const denied = { __typename: 'FlowDenied', code: 'STAGE_DENIED' };
    expect(await (await Typist.of(other)).type(now(other.key))).toMatchObject(denied);
    expect((await scene.login(other, flow)).step).toMatchObject(denied);
    expect((await scene.login(other, { id: '', slug: 'default-authentication-flow' })).step).toMatchObject(
      denied,
    );
  });
});
