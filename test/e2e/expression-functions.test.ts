import { readFileSync } from 'node:fs';

import { Composer, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import { inspect } from '../support/inspector.js';
import type { Inspected } from '../support/inspector.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const ON_RUN = { evaluateOnPlan: false, reEvaluatePolicies: true };
const UPDATE =
  'mutation($id: ID!, $input: UpdatePolicyInput!) { updatePolicy(id: $id, input: $input) { id } }';
const CREATE = 'mutation($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }';
const DELETE = 'mutation($id: ID!) { deletePolicy(id: $id) }';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
});
afterAll(() => app.close());

const expressed = (expression: string) => ({ expression: { expression } });

/** A flow of one dummy stage for each expression, which decides whether it applies. */
async function flowOf(...expressions: readonly string[]): Promise<ComposedFlow> {
  const flow = await composer.flow();
  for (const [index, expression] of expressions.entries()) {
    const binding = await composer.add(flow, index, { dummy: {} }, ON_RUN);
    await composer.guardWith({ stageBindingId: binding }, expressed(expression));
  }
  return flow;
}

async function run({ slug }: ComposedFlow, client = app.client()) {
  const execution = await start(client, { flow: { slug } });
  const { history } = await inspect(admin, { id: execution.id });
  const entries: Inspected[] = history[0].entries;
  return { step: execution.step, entries };
}

/** The events that the entries tell of, each as its action and details. */
function eventsIn(entries: readonly Inspected[]) {
  return entries.flatMap(({ effect, details }: Inspected) =>
    effect === 'RECORD_EVENT' ? [[details.action, details.details]] : [],
  );
}

const errorIn = (entries: readonly Inspected[]): string =>
  entries.find(({ __typename }: Inspected) => __typename === 'PolicyEvaluation').error;

describe('an expression that writes', () => {
  it('is read by the policies after it, and its messages and events come out', async () => {
    const flow = await flowOf(
      `message('Hello ' + slugify('Zoë'));
       setContext('notes.visits', { count: 1, from: request.clientIp });
       createEvent('visited', { user, agent: 'x' });
       log('not for you');
       return context.notes === undefined`,
      `message(String(regexMatch(context.notes.visits.from, '^127')));
       return context.notes.visits.count === 1 && isPrivateAddress(context.notes.visits.from)`,
    );
    const { step, entries } = await run(flow);
    expect(step).toMatchObject({ __typename: 'DummyChallenge', messages: [{ text: 'Hello zoe' }] });
    expect(eventsIn(entries)).toEqual([
      ['CUSTOM:visited', { policy: expect.any(String), user: null, agent: 'x', flow: flow.slug }],
    ]);
    expect(JSON.stringify(entries)).not.toContain('not for you');
  });

  it('speaks to the person where it fails as well', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.guardWith({ flowId: flow.id }, expressed("message('Come back on Monday.'); return false"));
    expect((await run(flow)).step).toMatchObject({
      code: 'POLICY_DENIED',
      message: 'Come back on Monday.',
    });
  });

  it.each([
    ["setContext('pendingUser', { id: null, identifier: 'root' })", 'what no policy may write'],
    ["setContext('flowToken', { id: 'x', consumed: true, user: null })", 'what no policy may write'],
    ["setContext('__proto__', { admin: true })", 'what no policy may write'],
    ["setContext('notes.__proto__', { admin: true })", 'what no policy may write'],
    ["try { setContext('promptPasswords', {}) } catch {}", 'what no policy may write'],
    ["setContext('denyMessage', 1)", 'does not fit denyMessage'],
    ["setContext('promptData.email', ['a'])", 'does not fit promptData.email'],
    ["setContext('notes.a', 'x'.repeat(10_001))", 'does not fit notes.a'],
    ["createEvent('USER_WRITTEN')", 'small letters'],
    ["const a = {}; a.a = a; createEvent('a', a)", 'circular reference'],
  ])('has failed where that may not be, and nothing is written: %s', async (statement, reason) => {
    const { step, entries } = await run(await flowOf(`message('said'); ${statement}; return true`));
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'POLICY_DENIED' });
    expect(step.message).not.toContain('said');
    expect(errorIn(entries)).toContain(reason);
    expect(eventsIn(entries)).toMatchObject([['POLICY_ERROR', {}]]);
  });

  it('has failed where it is asked who may use a flow: nothing is written there', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.guardWith({ flowId: flow.id }, expressed("setContext('notes.a', 1); return true"));
    const { step, entries } = await run(flow);
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'POLICY_DENIED' });
    expect(errorIn(entries)).toContain('nothing can be written');
  });
});

describe('an expression that calls policies', () => {
  it('learns what they say, and what all of them write is kept', async () => {
    const inner = uniqueName('inner');
    const middle = uniqueName('middle');
    await composer.policy(
      expressed(`setContext('notes.inner', request.clientIp); createEvent('inner'); message('from within');
        return { passing: false, messages: ['and more'] }`),
      inner,
    );
    await composer.policy(expressed(`return !callPolicy('${inner}').passing`), middle);
    const flow = await flowOf(
      `const { passing, messages, rawResult } = callPolicy('${middle}');
       setContext('notes.outer', { passing, messages, rawResult, again: callPolicy('${middle}').passing });
       return context.notes === undefined`,
      `message(JSON.stringify(context.notes)); return true`,
    );
    const { step, entries } = await run(flow);
    expect(step.__typename).toBe('DummyChallenge');
    const { id } = await start(app.client(), { flow: { slug: flow.slug } });
    expect((await inspect(admin, { id })).context.notes).toEqual({
      inner: '127.0.0.1',
      outer: { passing: true, messages: [], rawResult: true, again: true },
    });
    expect(eventsIn(entries).map(([action]) => action)).toEqual(['CUSTOM:inner']);
  });

  it('hands on messages where it wants to, and sees the same request before and after', async () => {
    const other = uniqueName('other');
    const input = {
      name: other,
      executionLogging: true,
      config: expressed('message(request.clientIp); return true'),
    };
    await admin.ok(CREATE, { input });
    const flow = await flowOf(
      `message(request.clientIp);
       for (const text of callPolicy('${other}').messages) message(text);
       message(request.clientIp);
       return true`,
    );
    const { step, entries } = await run(flow, app.client({ address: '192.0.2.7' }));
    expect(step.messages).toEqual(Array(3).fill({ level: 'INFO', text: '192.0.2.7' }));
    expect(eventsIn(entries)).toMatchObject([
      ['POLICY_EVALUATED', { policy: other, messages: ['192.0.2.7'] }],
    ]);
    const handedOn = await flowOf(`return callPolicy('${other}')`);
    expect((await run(handedOn)).step).toMatchObject({ messages: [{ text: '127.0.0.1' }] });
  });

  it('has failed where one of them has', async () => {
    const broken = uniqueName('broken');
    await composer.policy(expressed("throw new Error('inner workings')"), broken);
    const { step, entries } = await run(
      await flowOf(`try { callPolicy('${broken}') } catch {}\nreturn true`),
    );
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'POLICY_DENIED' });
    expect(step.message).not.toContain('inner workings');
    expect(errorIn(entries)).toContain('inner workings');
  });

  it('is saved, or they are renamed: of two administrators at once, one is refused', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = uniqueName('called');
      const calledId = await composer.policy(expressed('true'), name);
      const callerId = await composer.policy(expressed('false'));
      const config = expressed(`callPolicy('${name}').passing`);
      const edits = [
        { id: callerId, input: { config } },
        { id: calledId, input: { name: `${name}-renamed` } },
      ];
      // Whoever comes second must not go by what was so before.
      if (round % 2 === 1) edits.reverse();
      const both = await Promise.all(edits.map((edit) => admin.send(UPDATE, edit)));
      expect(both.filter(({ errors }) => errors.length > 0)).toHaveLength(1);
    }
  });

  it('keeps them from being renamed or deleted, and cannot be turned into a loop', async () => {
    const [first, second] = [uniqueName('first'), uniqueName('second')];
    const firstId = await composer.policy(expressed('true'), first);
    const secondId = await composer.policy(expressed(`callPolicy('${first}').passing`), second);
    expect((await admin.send(DELETE, { id: firstId })).errors).toMatchObject([
      { extensions: { code: 'CONFLICT' } },
    ]);
    expect((await admin.send(UPDATE, { id: firstId, input: { name: 'renamed' } })).errors).toMatchObject([
      { extensions: { code: 'CONFLICT' } },
    ]);
    for (const [id, name] of [
      [firstId, second],
      [firstId, first],
    ]) {
      const config = expressed(`1 && callPolicy('${String(name)}').passing`);
      expect((await admin.send(UPDATE, { id, input: { config } })).errors).toMatchObject([
        { extensions: { fields: [{ path: 'input.config.expression.expression', code: 'LOOP' }] } },
      ]);
    }
    await admin.ok(UPDATE, { id: secondId, input: { config: expressed('true') } });
    await admin.ok(DELETE, { id: firstId });
  });

  it.each([
    ["callPolicy('never heard of').passing", 'NOT_FOUND', 'There is no policy with this name.'],
    ['const ask = callPolicy;\nreturn true', 'SYNTAX', 'Line 1, column 13: callPolicy can only be called'],
    ['true &&\n  callPolicy(user.name)', 'SYNTAX', 'Line 2, column 3: callPolicy can only be called'],
    ['\\u0063allPolicy(`x`)', 'SYNTAX', 'Line 1, column 1: callPolicy can only be called'],
  ])('is refused on saving where it cannot be known which: %s', async (expression, code, message) => {
    const input = { name: 'never saved', config: expressed(expression) };
    expect((await admin.send(CREATE, { input })).errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [
            { path: 'input.config.expression.expression', code, message: expect.stringContaining(message) },
          ],
        },
      },
    ]);
  });
});

describe('the declarations for expressions', () => {
  it('are what is shipped, for administrators only', async () => {
    const QUERY = '{ expressionDeclarations }';
    const shipped = readFileSync(new URL('../../types/expressions.d.ts', import.meta.url), 'utf8');
    expect(await admin.ok(QUERY)).toEqual({ expressionDeclarations: shipped });
    expect((await app.client().send(QUERY)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });
});
