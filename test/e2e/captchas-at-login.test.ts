import { FakeProvider, encoded, solved } from '../support/captchas.js';
import { Composer, signedUp } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { WRONG, answerTo } from '../support/executions.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const EASY = { difficulty: 10 };

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

async function begun({ slug }: ComposedFlow): Promise<[TestClient, Execution]> {
  const client = app.client();
  return [client, await start(client, { flow: { slug } })];
}

describe('on the screen of the identification', () => {
  const BOB = { username: 'bob', password: 'a lovely long passphrase' };
  let flow: ComposedFlow;
  beforeAll(async () => {
    await signedUp(app, (await composer.enrollment()).slug, BOB);
    flow = await login(EASY);
  });

  async function login(captcha: object): Promise<ComposedFlow> {
    const passwordStageId = await composer.stage({ password: {} });
    const captchaStageId = await composer.stage({ captcha });
    const designation = 'AUTHENTICATION';
    return composer.flowOf(
      { designation },
      { identification: { passwordStageId, captchaStageId } },
      { userLogin: {} },
    );
  }
  const answer = (captchaToken: string | undefined, { username: identifier, password } = BOB) => ({
    identification: { identifier, password, ...(captchaToken !== undefined && { captchaToken }) },
  });
  const puzzleOf = ({ step }: Execution) => step.captcha.puzzle;

  it('is solved together with the name and the password', async () => {
    const [client, execution] = await begun(flow);
    expect(execution.step).toMatchObject({
      passwordRequired: true,
      captcha: { provider: 'ALTCHA', interactive: false },
    });
    const passed = await submit(client, execution, answer(await solved(puzzleOf(execution))));
    expect(passed.step.__typename).toBe('FlowCompleted');
    expect((await client.ok('{ viewer { username } }')).viewer).toEqual({ username: BOB.username });
  });

  it('is wrong in one way, whoever is named and whatever their password', async () => {
    const answers = [];
    for (const who of [BOB, { ...BOB, password: 'wrong' }, { ...BOB, username: 'nobody-at-all' }, ADMIN]) {
      for (const captchaToken of ['nonsense', encoded({ challenge: {}, solution: {} })]) {
        const [client, execution] = await begun(flow);
        const refused = await submit(client, execution, answer(captchaToken, who));
        expect(puzzleOf(refused)).not.toEqual(puzzleOf(execution));
        const { id: _id, captcha: _captcha, user: _user, ...rest } = refused.step;
        answers.push(rest);
      }
    }
    expect(answers[0]).toMatchObject({
      errors: [{ field: null, code: 'INVALID_CREDENTIALS', message: 'Nobody could be identified by this.' }],
    });
    expect(new Set(answers.map((given) => JSON.stringify(given))).size).toBe(1);
  });

  it('has to be there', async () => {
    const [client, execution] = await begun(flow);
    const refused = await submit(client, execution, answer(undefined));
    expect(refused.step.errors).toMatchObject([{ field: 'captchaToken', code: 'REQUIRED' }]);
  });

  it('is asked for again after a wrong password: its solution is used up', async () => {
    const [client, execution] = await begun(flow);
    const solution = await solved(puzzleOf(execution));
    const refused = await submit(client, execution, answer(solution, { ...BOB, password: 'wrong' }));
    expect(refused.step.errors).toMatchObject([{ field: null, code: 'INVALID_CREDENTIALS' }]);
    const again = await submit(client, refused, answer(solution));
    expect(again.step.__typename).toBe('IdentificationChallenge');
    const passed = await submit(client, again, answer(await solved(puzzleOf(again))));
    expect(passed.step.__typename).toBe('FlowCompleted');
  });

  it('keeps who does not solve it from guessing, and so from locking anybody out', async () => {
    for (let tried = 0; tried < 30; tried += 1) {
      const [client, execution] = await begun(flow);
      await submit(client, execution, answer('nonsense', { ...BOB, password: `wrong ${tried}` }));
    }
    const [client, execution] = await begun(flow);
    const passed = await submit(client, execution, answer(await solved(puzzleOf(execution))));
    expect(passed.step.__typename).toBe('FlowCompleted');
  });

  it('lets nobody in where the provider does not answer, and a token in once', async () => {
    const third = await login({
      provider: 'TURNSTILE',
      siteKey: 'x',
      secretKey: 'y',
      verifyUrl: provider.url,
    });
    provider.respond = (response) => void response.destroy();
    const [client, execution] = await begun(third);
    const refused = await submit(client, execution, answer('unanswered'));
    expect(refused.step.errors).toMatchObject([{ field: null, code: 'INVALID_CREDENTIALS' }]);
    provider.reset();
    const wrong = await submit(client, refused, answer('embedded', { ...BOB, password: 'wrong' }));
    expect(wrong.step.errors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    const { errors } = await trySubmit(client, answerTo(wrong, answer('embedded')));
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect((await submit(client, wrong, answer('another embedded'))).step.__typename).toBe('FlowCompleted');
  });

  it('is no matter where none is asked for', async () => {
    const plain = await composer.flowOf({}, { identification: {} });
    const [client, execution] = await begun(plain);
    expect(execution.step.captcha).toBeNull();
    const refused = await submit(client, execution, {
      identification: { identifier: 'bob', captchaToken: 'x' },
    });
    expect(refused.step.errors).toMatchObject([{ field: 'captchaToken', code: 'UNKNOWN_FIELD' }]);
  });

  it('is not passed over by a login hint', async () => {
    const step = async ({ slug }: ComposedFlow, loginHint: string) =>
      (await start(app.client(), { flow: { slug }, loginHint })).step;
    expect(await step(flow, BOB.username)).toMatchObject({
      loginHint: BOB.username,
      captcha: { provider: 'ALTCHA' },
    });
    const captchaStageId = await composer.stage({ captcha: EASY });
    const withCaptcha = await composer.flowOf({}, { identification: { captchaStageId } }, { password: {} });
    expect(await step(withCaptcha, BOB.username)).toMatchObject({ loginHint: BOB.username });
  });
});

it('is asked for after bad behaviour only, where a policy says so, and before the password that would make up for it', async () => {
  const flow = await composer.flowOf({ designation: 'AUTHENTICATION' }, { identification: {} });
  const captcha = await composer.add(flow, 10, { captcha: EASY });
  await composer.guardWith({ stageBindingId: captcha }, { reputation: { threshold: -2 } });
  await composer.add(flow, 20, { password: {} });
  await composer.add(flow, 30, { userLogin: {} });
  const carol = { username: 'carol', password: 'another long passphrase' };
  await signedUp(app, (await composer.enrollment()).slug, carol);
  const [named, proof] = [
    { identification: { identifier: carol.username } },
    { password: { password: carol.password } },
  ];
  const client = app.client({ address: '198.51.100.78' });
  const begin = () => start(client, { flow: { slug: flow.slug }, responses: [named] });

  let execution = await begin();
  for (let tried = 0; tried < 2; tried += 1) {
    expect(execution.step.__typename).toBe('PasswordChallenge');
    execution = await submit(client, execution, WRONG);
  }
  execution = await begin();
  expect(execution.step.__typename).toBe('CaptchaChallenge');
  execution = await submit(client, execution, { captcha: { token: 'nonsense' } });
  expect(execution.step.errors).toMatchObject([{ code: 'CAPTCHA_FAILED' }]);
  execution = await submit(client, execution, { captcha: { token: await solved(execution.step.puzzle) } });
  expect((await submit(client, execution, proof)).step.__typename).toBe('FlowCompleted');
  expect((await begin()).step.__typename).toBe('PasswordChallenge');
});
