import { totpCode } from '../support/authenticators.js';
import { start, submit } from '../support/flows.js';
import { SecondFactors } from '../support/second-factors.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

let app: TestApp;
let scene: SecondFactors;
beforeAll(async () => {
  app = await startTestApp();
  scene = await SecondFactors.in(app);
});
afterAll(() => app.close());

const stage = (config: object): Promise<string> => scene.composer.stage(config);
const CONFIGURE = { notConfiguredAction: 'CONFIGURE' };

const CREATE = 'mutation($input: CreateStageInput!) { createStage(input: $input) { id } }';

describe('whoever has set up nothing', () => {
  it('goes on where the stage says so', async () => {
    const owner = await scene.owner();
    const { step } = await scene.login(owner, await scene.loginWith({}));
    expect(step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { amr: ['pwd'], aal: 1 } },
    });
  });

  it('does not go on where the stage says so', async () => {
    const owner = await scene.owner();
    const { step } = await scene.login(owner, await scene.loginWith({ notConfiguredAction: 'DENY' }));
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
  });

  it('sets up what there is to set up, and has thereby shown it', async () => {
    const owner = await scene.owner();
    const setupStageIds = [await stage({ totpSetup: {} })];
    const flow = await scene.loginWith({ ...CONFIGURE, setupStageIds });
    const client = app.client();
    const asked = await scene.login(owner, flow, client);
    expect(asked.step.__typename).toBe('TotpSetupChallenge');
    const code = totpCode(asked.step.key, app.clock.now());
    const { step } = await submit(client, asked, { totpSetup: { code } });
    expect(step).toMatchObject({ session: { session: { amr: ['pwd', 'otp'], aal: 2 } } });
  });

  it('is asked for one of the recovery codes that they have just been shown', async () => {
    const owner = await scene.owner();
    const setupStageIds = [await stage({ staticSetup: {} })];
    const flow = await scene.loginWith({ ...CONFIGURE, setupStageIds });
    const client = app.client();
    const shown = await scene.login(owner, flow, client);
    const [code] = shown.step.codes;
    const asked = await submit(client, shown, { staticSetup: { acknowledge: true } });
    expect(asked.step).toMatchObject({
      __typename: 'AuthenticatorValidateChallenge',
      authenticators: [{ kind: 'STATIC' }],
    });
    const { step } = await submit(client, asked, { authenticatorValidate: { code } });
    expect(step).toMatchObject({ session: { session: { amr: ['pwd', 'recovery-code'], aal: 2 } } });
  });

  it('chooses from several setup stages, and from no others', async () => {
    const owner = await scene.owner();
    const [totp, codes, other] = [
      await scene.composer.stage({ totpSetup: {} }, 'an app'),
      await scene.composer.stage({ staticSetup: {} }, 'codes'),
      await stage({ totpSetup: {} }),
    ];
    const flow = await scene.loginWith({ ...CONFIGURE, setupStageIds: [totp, codes] });
    const client = app.client();
    const asked = await scene.login(owner, flow, client);
    expect(asked.step).toMatchObject({
      authenticators: [],
      selectedId: null,
      passkeyOptions: null,
      mayRemember: false,
      setupStages: [
        { id: totp, name: 'an app', kind: 'TOTP' },
        { id: codes, name: 'codes', kind: 'STATIC' },
      ],
    });
    const empty = await submit(client, asked, { authenticatorValidate: {} });
    expect(empty.step.errors).toMatchObject([{ field: 'setupStageId', code: 'REQUIRED' }]);
    const foreign = await submit(client, empty, { authenticatorValidate: { setupStageId: other } });
    expect(foreign.step.errors).toMatchObject([{ field: 'setupStageId', code: 'UNKNOWN_SETUP_STAGE' }]);
    const guessed = await submit(client, foreign, { authenticatorValidate: { code: '000000' } });
    expect(guessed.step.errors).toMatchObject([{ field: 'setupStageId', code: 'REQUIRED' }]);
    const chosen = await submit(client, guessed, { authenticatorValidate: { setupStageId: totp } });
    expect(chosen.step).toMatchObject({ __typename: 'TotpSetupChallenge', stageName: 'an app' });
    const code = totpCode(chosen.step.key, app.clock.now());
    expect((await submit(client, chosen, { totpSetup: { code } })).step.__typename).toBe('FlowCompleted');
  });

  it('is asked for what they have first, where that does not count', async () => {
    const owner = await scene.ownerOfApp();
    const setupStageIds = [await stage({ staticSetup: {} })];
    const flow = await scene.loginWith({ kinds: ['STATIC'], ...CONFIGURE, setupStageIds });
    const client = app.client();
    const asked = await scene.login(owner, flow, client);
    expect(asked.step).toMatchObject({
      __typename: 'AuthenticatorValidateChallenge',
      stageName: 'second-factor',
      authenticators: [{ kind: 'TOTP' }],
    });
    const shown = await submit(client, asked, scene.code(owner.key));
    expect(shown.step.__typename).toBe('StaticSetupChallenge');
  });

  it('does not set anything up in the name of somebody who has only been named', async () => {
    const { person } = await scene.owner();
    const { slug } = await scene.composer.flowOf(
      { designation: 'RECOVERY' },
      { identification: {} },
      { authenticatorValidate: { ...CONFIGURE, setupStageIds: [await stage({ totpSetup: {} })] } },
    );
    for (const identifier of [person.username, 'nobody at all']) {
      const responses = [{ identification: { identifier } }];
      const { step } = await start(app.client(), { flow: { slug }, responses });
      expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
    }
  });

  it('is denied with a word for administrators where nothing that can be set up would count', async () => {
    const owner = await scene.owner();
    const setupStageIds = [await stage({ totpSetup: {} })];
    const flow = await scene.loginWith({ kinds: ['STATIC'], ...CONFIGURE, setupStageIds });
    const { step } = await scene.login(owner, flow);
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'CONFIGURATION_ERROR' });
  });
});

describe('a stage that has people set something up', () => {
  it.each([
    ['no setup stage', async () => [], 'REQUIRED', 'setupStageIds'],
    ['another stage', async () => [await stage({ captcha: {} })], 'NOT_FOUND', 'setupStageIds.0'],
    ['one twice', async () => Array(2).fill(await stage({ totpSetup: {} })), undefined, 'setupStageIds'],
  ])('cannot be configured with %s', async (_, ids, code, path) => {
    const config = { authenticatorValidate: { ...CONFIGURE, setupStageIds: await ids() } };
    const { errors } = await scene.composer.admin.send(CREATE, { input: { name: 'wrong', config } });
    const expected = { path: `input.config.authenticatorValidate.${path}`, ...(code && { code }) };
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [expected] } }]);
  });

  it('takes no kind twice', async () => {
    const config = { authenticatorValidate: { kinds: ['TOTP', 'TOTP'] } };
    const { errors } = await scene.composer.admin.send(CREATE, { input: { name: 'wrong', config } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('needs no setup stage where it has nobody set anything up', async () => {
    await expect(stage({ authenticatorValidate: { notConfiguredAction: 'DENY' } })).resolves.toMatch(/-/);
  });
});
