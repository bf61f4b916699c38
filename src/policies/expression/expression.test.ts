import { flow, person, policy } from '../../../test/support/definitions.js';
import { NOW, servicesOfNobody } from '../../../test/support/engine.js';
import { NOTHING_SAID } from '../../../test/support/sandbox.js';
import { verdict } from '../../flow/policy-kind.js';
import type { PolicyInput, PolicyRun, PolicyVerdict } from '../../flow/policy-kind.js';
import type { ExpressionResult, Mentions } from '../../flow/services/expressions.js';
import { notesKey, promptDataKey } from '../../flow/context-keys.js';
import { expressionPolicy } from './policy.js';

interface Scene {
  readonly input?: Partial<PolicyInput>;
  readonly paths?: Mentions['paths'];
  /** What the policies say that are called, one after the other, before the expression ends. */
  readonly called?: readonly PolicyVerdict[];
}

/** The verdict on an expression that comes to this result. */
function judged(result: Partial<ExpressionResult>, { input = {}, paths = [], called = [] }: Scene = {}) {
  const answers = [...called];
  const run: PolicyRun = {
    policy: { ...policy('under test', 'expression'), config: { expression: 'true' } },
    input: {
      ...{ flow: flow([]), user: null, viewer: null, now: NOW, newPasswords: {}, proofs: [], context: {} },
      ...{ signedInRecently: false, redirectedFrom: null, restored: false, mayWrite: true },
      client: {
        kind: 'NATIVE',
        address: '192.0.2.1',
        userAgent: 'test',
        languages: [],
        browser: null,
        location: null,
      },
      ...input,
    },
    services: {
      ...servicesOfNobody,
      expressions: {
        ...servicesOfNobody.expressions,
        mentions: () => ({ calls: [], paths }),
        async evaluate(_source, _input, { call }) {
          for (let n = 0; n < called.length; n += 1) await call(`policy ${n}`);
          return { ok: true, value: true, ...NOTHING_SAID, ...result };
        },
      },
    },
    timeoutSeconds: 1,
    call: async () => answers.shift() ?? verdict(false),
  };
  return expressionPolicy.evaluate(run);
}

describe('the result of an expression', () => {
  it.each<[string, Partial<ExpressionResult>, boolean, string[]]>([
    ['true', { value: true }, true, []],
    ['false with messages', { value: false, messages: ['a', 'b'] }, false, ['a', 'b']],
    [
      'both kinds of messages',
      { value: { passing: true, messages: ['b'] }, messages: ['a'] },
      true,
      ['a', 'b'],
    ],
    ['what another policy said', { value: { passing: true, messages: ['b'], rawResult: 1 } }, true, ['b']],
  ])('is a verdict: %s', async (_, result, passing, messages) => {
    expect(await judged(result)).toMatchObject({ passing, messages, rawResult: result.value });
  });

  it.each(['test', 1, null, [], {}, { passing: 1 }, { passing: true, admin: true }])(
    'is no verdict where it is something else: %j',
    async (value) => {
      await expect(judged({ value })).rejects.toThrow(
        'the result is neither a boolean nor { passing, messages }',
      );
    },
  );

  it('is no verdict where it comes with more than twenty messages', async () => {
    const messages = Array<string>(11).fill('x');
    await expect(judged({ messages, value: { passing: true, messages } })).rejects.toThrow(
      'too many messages',
    );
  });
});

describe('what an expression writes', () => {
  it('adds to what is there, one after the other', async () => {
    const writes = [
      { target: 'notes.a', value: 1 },
      { target: 'notes.b', value: { c: [2] } },
      { target: 'notes.a', value: 3 },
      { target: 'promptData.email', value: 'a@b' },
    ];
    const context = { notes: { before: true }, promptData: { name: 'Ada' } };
    const { changes } = await judged({ writes }, { input: { context } });
    expect(changes.findLast(({ key }) => key === 'notes')?.value).toEqual({
      before: true,
      a: 3,
      b: { c: [2] },
    });
    expect(changes.at(-1)?.value).toEqual({ name: 'Ada', email: 'a@b' });
  });

  it('adds to what the policies have written that it has called', async () => {
    const called = [
      verdict(true, [], { changes: [notesKey.to({ first: 1 })] }),
      verdict(true, [], {
        changes: [notesKey.to({ first: 1, second: 2 }), promptDataKey.to({ name: 'Ada' })],
      }),
    ];
    const { changes } = await judged({ writes: [{ target: 'notes.own', value: 3 }] }, { called });
    expect(changes).toEqual([notesKey.to({ first: 1, second: 2, own: 3 })]);
  });

  it.each([
    '__proto__',
    'pendingUser',
    'flowToken',
    'promptPasswords',
    'loginHint',
    'notes',
    'notes.',
    'notes.__proto__',
  ])('is an error where no policy may write: %s', async (target) => {
    await expect(judged({ writes: [{ target, value: 'x' }] })).rejects.toThrow(
      'setContext was asked to write what no policy may write',
    );
  });

  it('is an error where the value does not fit', async () => {
    await expect(judged({ writes: [{ target: 'denyMessage', value: 1 }] })).rejects.toThrow(
      'this value does not fit denyMessage',
    );
  });
});

describe('what an expression has read', () => {
  const read = async (paths: Mentions['paths'], context: PolicyInput['context'] = {}) =>
    (await judged({}, { paths, input: { user: person('ada'), context } })).read;

  it('is the values of what it mentions, as far as they are data', async () => {
    const paths = [
      ['user', 'username', 'length'],
      ['user', 'groups', '0'],
      ['request', 'geo', 'country'],
      ['Math', 'max'],
    ];
    expect(await read(paths)).toEqual({
      'user.username': 'name-of-ada',
      'user.groups': [],
      'request.geo': null,
    });
  });

  it('is the groups where it asks for membership', async () => {
    expect(await read([['isMember']])).toEqual({ 'user.groups': [] });
  });

  it('is what they have set up where it asks for that', async () => {
    expect(await read([['hasAuthenticator']])).toEqual({ 'user.authenticators': [] });
  });

  it('is what is not there as well', async () => {
    expect(
      await read(
        [
          ['context', 'promptData', 'email'],
          ['context', 'notes', 'a'],
        ],
        { promptData: {} },
      ),
    ).toEqual({
      'context.promptData.email': null,
      'context.notes': null,
    });
  });

  it('is cut, and holds nothing that is named like a secret', async () => {
    const context = { promptData: { apiToken: 'sesame', about: 'x'.repeat(300) } };
    const found = await read(
      [['context', 'promptData', 'about'], ['context', 'promptData', 'apiToken'], ['context']],
      context,
    );
    expect(found['context.promptData.about']).toBe(`${'x'.repeat(100)}…`);
    expect(JSON.stringify(found)).not.toContain('sesame');
    expect(JSON.stringify(found.context).length).toBeLessThan(130);
  });

  it('is no more than fifty things', async () => {
    const context = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`key${n}`, n]));
    expect(
      Object.keys(
        await read(
          Object.keys(context).map((key) => ['context', key]),
          context,
        ),
      ),
    ).toHaveLength(50);
  });
});

it('logs a line for each call, cut and without what is named like a secret', async () => {
  const log = [['at', { a: [1], password: 'sesame' }, null], [], ['x'.repeat(400), 'y'.repeat(400)]];
  expect((await judged({ log })).log).toEqual([
    'at {"a":[1],"password":"[secret]"} null',
    '',
    `${'x'.repeat(400)} ${'y'.repeat(99)}`,
  ]);
});
