import pg from 'pg';

import { FakeProvider, encoded, solved } from '../support/captchas.js';
import { Composer } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { answerTo, find } from '../support/executions.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspectPage } from '../support/inspector.js';
import { simulate } from '../support/simulations.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const EASY = { difficulty: 10 };
const SECRET = 'canary-4Hq9 is the secret key';
const ADDRESS = '203.0.113.5';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let provider: FakeProvider;

beforeAll(async () => {
  [app, provider] = await Promise.all([startTestApp(), FakeProvider.start()]);
  admin = await signedIn(app);
  composer = new Composer(admin);
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await app.close();
  await provider.close();
});

const token = (text: string) => ({ captcha: { token: text } });
const remote = (also: object = {}) => ({
  provider: 'TURNSTILE',
  siteKey: 'the site key',
  secretKey: SECRET,
  verifyUrl: provider.url,
  ...also,
});
/** A flow that asks for a captcha, and has reached its end by that. */
const flowWith = (config: object): Promise<ComposedFlow> => composer.flowOf({}, { captcha: config });

async function begun(
  flow: ComposedFlow,
  client = app.client({ address: ADDRESS }),
): Promise<[TestClient, Execution]> {
  return [client, await start(client, { flow: { slug: flow.slug } })];
}

const codesOf = ({ step }: Execution) => step.errors.map(({ code }: { code: string }) => code);

describe('a puzzle of our own', () => {
  let flow: ComposedFlow;
  beforeAll(async () => {
    flow = await flowWith(EASY);
  });

  it('lets pass who solves it, and needs nobody else', async () => {
    const [client, execution] = await begun(flow);
    expect(execution.step).toMatchObject({
      ...{ __typename: 'CaptchaChallenge', provider: 'ALTCHA', siteKey: null, scriptUrl: null, action: null },
      expiresAt: '2030-01-01T00:10:00.000Z',
    });
    expect((await find(client, execution)).step).toEqual(execution.step);
    const passed = await submit(client, execution, token(await solved(execution.step.puzzle)));
    expect(passed.step.__typename).toBe('FlowCompleted');
  });

  it('is another one after a wrong answer: the solution of the first is good no longer', async () => {
    const [client, execution] = await begun(flow);
    const first = await solved(execution.step.puzzle);
    const refused = await submit(
      client,
      execution,
      token(encoded({ challenge: execution.step.puzzle, solution: {} })),
    );
    expect(codesOf(refused)).toEqual(['CAPTCHA_FAILED']);
    expect(refused.step.puzzle).not.toEqual(execution.step.puzzle);
    const again = await submit(client, refused, token(first));
    expect(codesOf(again)).toEqual(['CAPTCHA_FAILED']);
    const passed = await submit(client, again, token(await solved(again.step.puzzle)));
    expect(passed.step.__typename).toBe('FlowCompleted');
  });

  it('is of no use in another execution, used or not', async () => {
    const [client, execution] = await begun(flow);
    const solution = token(await solved(execution.step.puzzle));
    const [other, elsewhere] = await begun(flow);
    expect(codesOf(await submit(other, elsewhere, solution))).toEqual(['CAPTCHA_FAILED']);
    expect((await submit(client, execution, solution)).step.__typename).toBe('FlowCompleted');
    const [third, later] = await begun(flow);
    expect(codesOf(await submit(third, later, solution))).toEqual(['CAPTCHA_FAILED']);
  });

  it('has to be solved in time', async () => {
    const [client, execution] = await begun(flow);
    const solution = token(await solved(execution.step.puzzle));
    app.clock.advance(601);
    const refused = await submit(client, execution, solution);
    expect(codesOf(refused)).toEqual(['CAPTCHA_EXPIRED']);
    const passed = await submit(client, refused, token(await solved(refused.step.puzzle)));
    expect(passed.step.__typename).toBe('FlowCompleted');
  });

  it.each([
    ['empty', ''],
    ['blank', ' '],
    ['too long', 'x'.repeat(8193)],
    ['unstorable', 'a\0b'],
    ['no encoding', '{"challenge":{}}'],
    ['HTML', '<script>alert(1)</script>'],
    ['a header', 'x\r\nset-cookie: y'],
    ['prototypes', encoded(JSON.parse('{"__proto__":{"challenge":{}},"constructor":{}}'))],
  ])('is not passed by a token that is %s', async (_what, text) => {
    const [client, execution] = await begun(flow);
    const refused = await submit(client, execution, token(text));
    expect(refused.step.errors).toMatchObject([{ field: 'token' }]);
    expect(refused.step.__typename).toBe('CaptchaChallenge');
  });

  it.each([[{}], [{ token: 7 }], [{ token: null }], [{ token: ['x'] }], [{ token: 'x', score: 1 }]])(
    'takes no answer of another form: %j',
    async (captcha) => {
      const [client, execution] = await begun(flow);
      const { errors } = await trySubmit(client, answerTo(execution, { captcha }));
      expect(errors).not.toEqual([]);
      expect((await find(client, execution)).step).toEqual(execution.step);
    },
  );
});

describe("a provider's captcha", () => {
  it('is shown with what its widget needs, and checked with the secret and the address of the client', async () => {
    const flow = await flowWith(remote({ interactive: true, action: 'login' }));
    const [client, execution] = await begun(flow);
    expect(execution.step).toMatchObject({
      ...{ provider: 'TURNSTILE', siteKey: 'the site key', interactive: true, action: 'login', puzzle: null },
      scriptUrl: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
    });
    provider.answer = { success: true, action: 'login', hostname: 'localhost' };
    expect((await submit(client, execution, token('the token'))).step.__typename).toBe('FlowCompleted');
    expect(provider.asked.map(({ form }) => form)).toEqual([
      { secret: SECRET, response: 'the token', remoteip: ADDRESS },
    ]);
  });

  it('is shown with another script where that is configured, and with the site key for reCAPTCHA v3', async () => {
    const scriptUrl = 'https://captcha.example/api.js';
    const [, own] = await begun(await flowWith(remote({ scriptUrl })));
    expect(own.step).toMatchObject({ scriptUrl });
    const [, v3] = await begun(await flowWith(remote({ provider: 'RECAPTCHA_V3' })));
    expect(v3.step).toMatchObject({
      scriptUrl: 'https://www.recaptcha.net/recaptcha/api.js?render=the%20site%20key',
    });
  });

  it.each([
    [99, 'CAPTCHA_SCORE'],
    [-3, 'CAPTCHA_SCORE'],
    [0.4, 'CAPTCHA_SCORE'],
    [0.5, undefined],
    [1, undefined],
  ])('that gives a score of %d is held to the range: %s', async (score, code) => {
    const [client, execution] = await begun(await flowWith(remote({ provider: 'RECAPTCHA_V3' })));
    provider.answer = { success: true, score };
    const { step } = await submit(client, execution, token(`with ${score}`));
    expect(step.errors?.[0]?.code).toBe(code);
    expect(step.__typename).toBe(code === undefined ? 'FlowCompleted' : 'CaptchaChallenge');
  });

  it('leaves a bad score to policies where it is told to, and a failure to nobody', async () => {
    const flow = await flowWith(remote({ refuseBadScores: false }));
    const denied = await composer.add(flow, 10, { deny: { message: 'a program' } });
    await composer.guardWith(
      { stageBindingId: denied },
      {
        condition: {
          actions: [{ type: 'require', when: { variable: 'captcha.score', operator: 'lt', value: 0.5 } }],
        },
      },
    );
    const stepAfter = async (answer: object, text: string) => {
      const [client, execution] = await begun(flow);
      provider.answer = answer;
      return (await submit(client, execution, token(text))).step;
    };
    expect(await stepAfter({ success: true, score: -3 }, 'one')).toMatchObject({ message: 'a program' });
    expect(await stepAfter({ success: true, score: 0.9 }, 'two')).toMatchObject({
      __typename: 'FlowCompleted',
    });
    expect(await stepAfter({ success: false, score: 0.9 }, 'three')).toMatchObject({
      errors: [{ code: 'CAPTCHA_FAILED' }],
    });
  });

  it.each([
    ['used or too old', { success: false, 'error-codes': ['timeout-or-duplicate'] }, 'CAPTCHA_EXPIRED'],
    ['wrong', { success: false }, 'CAPTCHA_FAILED'],
    ['from elsewhere', { success: true, hostname: 'evil.example' }, 'CAPTCHA_FAILED'],
    ['not judged', { nonsense: true }, 'CAPTCHA_UNAVAILABLE'],
  ])('is not passed by a token that is %s', async (_how, answer, code) => {
    const [client, execution] = await begun(await flowWith(remote()));
    provider.answer = answer;
    expect(codesOf(await submit(client, execution, token('a token')))).toEqual([code]);
  });

  it('is passed by a token once, wherever it is sent, and whatever the provider says', async () => {
    const [flow, elsewhere] = [await flowWith(remote()), await flowWith(remote())];
    const once = token('used once');
    const [client, execution] = await begun(flow);
    expect((await submit(client, execution, once)).step.__typename).toBe('FlowCompleted');
    for (const again of [flow, elsewhere]) {
      const [other, running] = await begun(again);
      const { errors } = await trySubmit(other, answerTo(running, once));
      expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
      expect((await find(other, running)).step).toEqual(running.step);
      expect((await submit(other, running, token(`another for ${again.slug}`))).step.__typename).toBe(
        'FlowCompleted',
      );
    }
  });

  it('is not asked in a simulation', async () => {
    const flow = { slug: (await flowWith(remote())).slug };
    const { steps } = await simulate(admin, { flow, responses: [token('anything')] });
    expect(steps.at(-1).step.__typename).toBe('FlowCompleted');
    expect(provider.asked).toEqual([]);
  });
});

describe('the configuration of a captcha', () => {
  const tryStage = (config: object) =>
    admin.send('mutation($input: CreateStageInput!) { createStage(input: $input) { id } }', {
      input: { name: `refused ${JSON.stringify(config)}`.slice(0, 200), config: { captcha: config } },
    });

  it.each([
    ['siteKey', { provider: 'HCAPTCHA', secretKey: SECRET }],
    ['secretKey', { provider: 'HCAPTCHA', siteKey: 'x' }],
    ['secretKey', { secretKey: '' }],
    ['secretKey', { secretKey: 'a\0b' }],
    ['verifyUrl', { verifyUrl: 'http://captcha.example/' }],
    ['verifyUrl', { verifyUrl: 'https://10.0.0.1/' }],
    ['verifyUrl', { verifyUrl: 'https://169.254.169.254/latest/' }],
    ['verifyUrl', { verifyUrl: 'https://user:password@captcha.example/' }],
    ['verifyUrl', { verifyUrl: 'file:///etc/passwd' }],
    ['scriptUrl', { scriptUrl: 'javascript:alert(1)' }],
    ['scoreMaximum', { scoreMinimum: 0.6, scoreMaximum: 0.5 }],
    ['scoreMinimum', { scoreMinimum: -1 }],
    ['difficulty', { difficulty: 0 }],
    ['puzzleLifetime', { puzzleLifetime: 'PT2H' }],
    ['hostnames.0', { hostnames: ['https://captcha.example'] }],
    ['action', { action: 'log-in' }],
  ])('is refused at %s: %j', async (path, config) => {
    const { errors } = await tryStage(config);
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.config.captcha.${path}` }] } },
    ]);
    expect(JSON.stringify(errors)).not.toContain(SECRET);
  });
});

describe('the secret of a stage', () => {
  const SHOWN = '... on CaptchaConfig { provider siteKey hasSecretKey verifyUrl }';
  const UPDATE = `mutation($id: ID!, $input: UpdateStageInput!) {
    updateStage(id: $id, input: $input) { id version config { ${SHOWN} } }
  }`;
  const tryUpdate = (id: string, captcha: object) =>
    admin.send(UPDATE, { id, input: { config: { captcha } } });

  async function secretSentBy(flow: ComposedFlow, text: string): Promise<string | undefined> {
    const [client, execution] = await begun(flow);
    expect((await submit(client, execution, token(text))).step.__typename).toBe('FlowCompleted');
    return provider.asked.at(-1)?.form.secret;
  }

  it('is kept where a change leaves it out, replaced where it is given, and taken away by null', async () => {
    const flow = await composer.flow();
    const id = await composer.stage({ captcha: remote() });
    await composer.bind(flow.id, id, 0);
    const changed = await tryUpdate(id, { siteKey: 'another' });
    expect(changed.data.updateStage).toMatchObject({ config: { siteKey: 'another', hasSecretKey: true } });
    expect(await secretSentBy(flow, 'kept')).toBe(SECRET);
    await tryUpdate(id, { secretKey: `${SECRET}, replaced` });
    expect(await secretSentBy(flow, 'replaced')).toBe(`${SECRET}, replaced`);
    expect((await tryUpdate(id, { secretKey: null })).errors).toMatchObject([
      { extensions: { fields: [{ path: 'input.config.captcha.secretKey', code: 'REQUIRED' }] } },
    ]);
    const gone = await tryUpdate(id, { provider: 'ALTCHA', secretKey: null });
    expect(gone.data.updateStage).toMatchObject({ config: { provider: 'ALTCHA', hasSecretKey: false } });
  });

  it('has to be given anew where it would be sent somewhere else', async () => {
    const id = await composer.stage({ captcha: remote() });
    for (const change of [
      { verifyUrl: 'https://evil.example/' },
      { verifyUrl: null },
      { provider: 'HCAPTCHA' },
    ]) {
      expect((await tryUpdate(id, change)).errors).toMatchObject([
        { extensions: { fields: [{ path: 'input.config.captcha.secretKey', code: 'REQUIRED' }] } },
      ]);
    }
    expect((await tryUpdate(id, { verifyUrl: null, secretKey: 'mine' })).errors).toEqual([]);
  });

  it('works in a copy of the stage', async () => {
    const { id } = await flowWith(remote());
    const { duplicateFlow } = await admin.ok(
      'mutation($id: ID!, $input: DuplicateFlowInput!) { duplicateFlow(id: $id, input: $input) { id slug } }',
      { id, input: { slug: 'copied-captcha', copyStages: true } },
    );
    expect(await secretSentBy(duplicateFlow, 'for the copy')).toBe(SECRET);
  });

  it('is shown nowhere: not where stages are shown, nor in the event log, executions, the log or the database', async () => {
    const flow = await flowWith(remote());
    const [client, execution] = await begun(flow);
    provider.answer = { success: false };
    const refused = await submit(client, execution, token('refused'));
    provider.respond = (response) => void response.destroy();
    await submit(client, refused, token('unanswered'));
    const { __type } = await admin.ok('{ __type(name: "CaptchaConfig") { fields { name } } }');
    expect(__type.fields.map(({ name }: { name: string }) => name)).not.toContain('secretKey');
    const stage = `stage { id name kind config { __typename ${SHOWN} } usedBy { id name } }`;
    const told = [
      await admin.ok(`{ stages(first: 200) { edges { node { ${stage.slice(8, -2)} flows { slug } } } } }`),
      await admin.ok(`{ flows(first: 200) { edges { node { slug diagram stageBindings { ${stage} } } } } }`),
      await admin.ok('{ events(first: 200) { edges { node { action fields details } } } }'),
      await inspectPage(admin),
      app.log,
    ];
    if (app.databaseUrl !== undefined) {
      const database = new pg.Client({ connectionString: app.databaseUrl });
      await database.connect();
      for (const table of ['stage', 'event', 'execution']) {
        told.push((await database.query(`select t::text from "${table}" t`)).rows);
      }
      await database.end();
    }
    for (const text of told.map((part) => JSON.stringify(part))) {
      expect(text.length).toBeGreaterThan(2);
      expect(text).not.toContain('canary-4Hq9');
    }
    const unanswered =
      '{ events(filter: { actions: ["CAPTCHA_UNAVAILABLE"] }) { edges { node { details } } } }';
    expect((await admin.ok(unanswered)).events.edges).toContainEqual({
      node: { details: expect.objectContaining({ provider: 'TURNSTILE' }) },
    });
  });
});
