import { Composer } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { TEST_DRAFT, TEST_POLICY, testDraft, testSaved } from '../support/policy-tests.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const ABSENT = '00000000-0000-4000-8000-000000000000';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let userId: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  userId = (await admin.ok('{ viewer { id } }')).viewer.id;
});
afterAll(() => app.close());

const expression = (source: string): object => ({ expression: { expression: source } });

describe('testing a policy', () => {
  it('says for a person what it comes to, with its messages, its raw result and how long it took', async () => {
    const policyId = await composer.policy(
      expression('({ passing: user.username !== "eve", messages: ["Hello, " + user.username] })'),
    );
    expect(await testSaved(admin, { policyId, userId })).toMatchObject({
      passing: true,
      messages: [`Hello, ${ADMIN.username}`],
      rawResult: { value: { passing: true, messages: [`Hello, ${ADMIN.username}`] } },
      error: null,
      log: [],
      written: {},
      milliseconds: expect.any(Number),
    });
  });

  it('knows the circumstances that it is given, and only those', async () => {
    const source = `({ passing: true, messages: [JSON.stringify({
      ip: request.clientIp, agent: request.userAgent, signedIn: request.signedIn, flow: flow.slug,
      country: context.promptData.country, methods: execution.methods, user: user && user.username })] })`;
    const circumstances = {
      clientIp: '203.0.113.9',
      userAgent: 'a test',
      signedIn: true,
      flowSlug: 'initial-setup',
      methods: ['pwd'],
      context: { promptData: { country: 'Iceland' } },
    };
    const { messages } = await testDraft(admin, { config: expression(source), userId, ...circumstances });
    expect(JSON.parse(messages[0])).toEqual({
      ip: '203.0.113.9',
      agent: 'a test',
      signedIn: true,
      flow: 'initial-setup',
      country: 'Iceland',
      methods: ['pwd'],
      user: ADMIN.username,
    });
  });

  it('can be done before it is saved, and for nobody; nothing is saved by that', async () => {
    const { totalCount: before } = (await admin.ok('{ policies { totalCount } }')).policies;
    expect(await testDraft(admin, { config: expression('user === null') })).toMatchObject({ passing: true });
    expect((await admin.ok('{ policies { totalCount } }')).policies.totalCount).toBe(before);
  });

  it('can try another configuration of a policy that is there: what is not mentioned stays as it is', async () => {
    const name = 'to be changed';
    await composer.policy({ dummy: { result: true, message: 'as before' } }, name);
    const changed = await testDraft(admin, { name, config: { dummy: { result: false } } });
    expect(changed).toMatchObject({ passing: false, messages: ['as before'] });
  });

  it('tells administrators why there is no result', async () => {
    const { passing, error, rawResult } = await testDraft(admin, {
      config: { dummy: { throwError: true } },
      userId,
    });
    expect([passing, rawResult]).toEqual([false, null]);
    expect(error).toContain('was told to fail');
  });

  it('refuses a draft that could not be saved, at its place', async () => {
    const { errors } = await admin.send(TEST_DRAFT, { input: { config: expression('1 +') } });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.config.expression.expression' }] } },
    ]);
  });

  it.each([
    ['policyId', { userId: ABSENT }],
    ['userId', { policyId: ABSENT }],
  ])('has nothing to say where there is no such thing: all but %s is unknown', async (_, unknown) => {
    const policyId = await composer.policy({ dummy: { result: true } });
    const { errors } = await admin.send(TEST_POLICY, { input: { policyId, userId, ...unknown } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it.each([
    [{ clientIp: 'localhost' }, 'input.clientIp'],
    [{ methods: ['magic'] }, 'input.methods.0'],
    [{ newPassword: 'x'.repeat(1025) }, 'input.newPassword'],
    [{ context: { promptData: 'a text' } }, 'input.context.promptData'],
  ])('refuses circumstances that cannot be: %j', async (circumstances, path) => {
    const input = { config: { dummy: {} }, ...circumstances };
    const { errors } = await admin.send(TEST_DRAFT, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it('never shows the new password that it was given', async () => {
    const newPassword = 'canary-7Qx8-canary';
    const config = expression('({ passing: true, messages: [JSON.stringify(globalThis)] })');
    const result = await testDraft(admin, { config, userId, newPassword });
    expect(JSON.stringify(result)).not.toContain(newPassword);
    expect(app.log.join('\n')).not.toContain(newPassword);
  });
});
