import { secondsAfter } from '../../kernel/clock.js';
import type { JsonObject } from '../../kernel/json.js';
import { verdict } from '../../flow/policy-kind.js';
import { denyMessageKey, notesKey, promptDataKey } from '../../flow/context-keys.js';
import { judge, judgeStored } from '../../../test/support/conditions.js';
import { person } from '../../../test/support/definitions.js';
import { NOW } from '../../../test/support/engine.js';

const yes = { variable: 'request.signedIn', operator: 'is_false' };
const no = { variable: 'request.signedIn', operator: 'is_true' };
const note = (name: string, value: JsonObject[string]) => ({ type: 'set', target: `notes.${name}`, value });
const noted = (name: string, value: string) => ({
  variable: 'context',
  parameter: `notes.${name}`,
  as: 'string',
  operator: 'eq',
  value,
});

describe('the actions of a condition', () => {
  it('pass at their end', async () => {
    expect(await judge([{ type: 'require', when: yes }])).toMatchObject({
      passing: true,
      messages: [],
      decidedBy: ['actions.0.when'],
    });
    expect(await judge([note('a', 1)])).toMatchObject({ passing: true, decidedBy: [] });
  });

  it('end where a requirement does not hold, with the message for it', async () => {
    const actions = [
      { type: 'require', when: { all: [yes, no, yes] } },
      { type: 'stop', passing: true },
    ];
    const judged = await judge(actions, { config: { failureMessage: 'Not today.' } });
    expect(judged).toMatchObject({
      passing: false,
      messages: ['Not today.'],
      decidedBy: ['actions.0.when.all.1'],
    });
    expect(judged.log).toEqual([
      'actions.0.when.all.0: true, request.signedIn is false',
      'actions.0.when.all.1: false, request.signedIn is false',
      'actions.0.when: false',
    ]);
  });

  it('say nothing where there is no message for it', async () => {
    expect((await judge([{ type: 'require', when: no }])).messages).toEqual([]);
  });

  it.each([
    ['any that does not hold', { any: [no, no] }, ['actions.0.when.any.0', 'actions.0.when.any.1']],
    ['none that does not hold', { none: [no, yes, no] }, ['actions.0.when.none.1']],
    [
      'all within none',
      { none: [{ all: [yes, yes] }] },
      ['actions.0.when.none.0.all.0', 'actions.0.when.none.0.all.1'],
    ],
    ['any within all', { all: [yes, { any: [no] }] }, ['actions.0.when.all.1.any.0']],
  ])('tell what decided: %s', async (_, when, decidedBy) => {
    expect(await judge([{ type: 'require', when }])).toMatchObject({ passing: false, decidedBy });
  });

  it('write what later ones read, and what they have written stays so', async () => {
    const judged = await judge([
      note('step', 'one'),
      { type: 'require', when: noted('step', 'one') },
      note('step', 'two'),
      { type: 'set', target: 'denyMessage', value: 'Come back.' },
      { type: 'require', when: noted('step', 'one') },
      note('step', 'three'),
    ]);
    expect(judged).toMatchObject({ passing: false, decidedBy: ['actions.4.when'] });
    expect(judged.changes.at(-1)).toEqual(denyMessageKey.to('Come back.'));
    expect(judged.changes.findLast(({ key }) => key === notesKey.name)?.value).toEqual({ step: 'two' });
  });

  it('write what variables are', async () => {
    const input = {
      user: person('ada', { groups: [{ id: '1', name: 'staff', superuser: false }] }),
      context: { promptData: { town: 'Bern' }, notes: { before: true } },
    };
    const { changes } = await judge(
      [
        note('at', { variable: 'request.time' }),
        note('groups', { variable: 'user.groups' }),
        note('from', { variable: 'request.clientIp' }),
        note('town', { variable: 'promptData', parameter: 'town' }),
        note('all', ['a', 1, true]),
        { type: 'set', target: 'promptData.name', value: { variable: 'user.username' } },
      ],
      { input },
    );
    expect(changes.findLast(({ key }) => key === notesKey.name)?.value).toEqual({
      before: true,
      at: NOW.toISOString(),
      groups: ['staff'],
      from: '192.0.2.1',
      town: 'Bern',
      all: ['a', 1, true],
    });
    expect(changes.at(-1)).toEqual(promptDataKey.to({ town: 'Bern', name: 'name-of-ada' }));
  });

  it('write beside what a called policy has written', async () => {
    const other = verdict(true, [], { changes: [notesKey.to({ theirs: 1 })] });
    const actions = [note('ours', 2), { type: 'require', when: { policy: 'other' } }, note('more', 3)];
    const { changes } = await judge(actions, { others: { other } });
    expect(changes.at(-1)).toEqual(notesKey.to({ theirs: 1, ours: 2, more: 3 }));
  });

  it('have no verdict where they write what may not be written', async () => {
    const input = { mayWrite: false };
    await expect(judge([note('a', 1)], { input })).rejects.toThrow('nothing can be written');
    const unreached = [
      { type: 'if', when: no, then: [note('a', 1)] },
      { ...note('b', 1), enabled: false },
    ];
    expect(await judge(unreached, { input })).toMatchObject({ passing: true, changes: [] });
  });

  it('have no verdict where a value does not fit its target', async () => {
    const actions = [
      { type: 'set', target: 'denyMessage', value: { variable: 'context', parameter: 'notes' } },
    ];
    await expect(judge(actions, { input: { context: { notes: { a: 1 } } } })).rejects.toThrow('does not fit');
  });

  it('take a missing value to be written as missing values are taken', async () => {
    const actions = [note('name', { variable: 'user.username' })];
    const config = { failureMessage: 'Who are you?' };
    expect(await judge(actions, { config })).toMatchObject({
      passing: false,
      messages: ['Who are you?'],
      decidedBy: ['actions.0'],
    });
    expect(await judge(actions, { config: { missing: 'FALSE' } })).toMatchObject({
      passing: true,
      changes: [],
    });
  });

  it('branch, and go on after the branch', async () => {
    const choice = (when: JsonObject) => [
      { type: 'if', when, then: [note('way', 'then')], else: [note('way', 'else')] },
      { type: 'require', when: noted('way', 'then') },
    ];
    expect((await judge(choice(yes))).passing).toBe(true);
    expect((await judge(choice(no))).passing).toBe(false);
    expect((await judge([{ type: 'if', when: no }])).passing).toBe(true);
  });

  it('end from within a branch', async () => {
    const within = [{ type: 'require', when: no }];
    const actions = [
      { type: 'if', when: yes, then: [{ type: 'if', when: no, else: within }] },
      { type: 'stop', passing: true },
    ];
    expect(await judge(actions)).toMatchObject({
      passing: false,
      decidedBy: ['actions.0.then.0.else.0.when'],
    });
  });

  it.each([true, false])('stop with a message: passing is %s', async (passing) => {
    const actions = [
      { type: 'stop', passing, message: 'That is it.' },
      { type: 'stop', passing: !passing },
    ];
    expect(await judge(actions, { config: { failureMessage: 'Another.' } })).toMatchObject({
      passing,
      messages: ['That is it.'],
      decidedBy: ['actions.0'],
    });
  });

  it('are skipped where they are disabled', async () => {
    const actions = [
      { type: 'require', enabled: false, when: no },
      { type: 'stop', enabled: false, passing: false },
      { type: 'if', enabled: false, when: yes, then: [{ type: 'stop', passing: false }] },
      { ...note('a', 1), enabled: false },
    ];
    expect(await judge(actions)).toMatchObject({ passing: true, changes: [], log: [] });
  });

  it('are not done where the document is not right any more', async () => {
    const stop = { type: 'stop', passing: true };
    for (const actions of [
      [],
      [stop, { type: 'jump' }],
      [stop, { type: 'require', when: { variable: 'gone', operator: 'is_set' } }],
    ]) {
      await expect(judgeStored({ actions })).rejects.toThrow('wrongly configured');
    }
    await expect(judgeStored({ actions: [stop], missing: 'PASS' })).rejects.toThrow('wrongly configured');
    await expect(judgeStored({ actions: 'all' })).rejects.toThrow('wrongly configured');
  });
});

describe('what a condition has read', () => {
  const is = (variable: string, parameter?: string) => ({
    type: 'require',
    when: { any: [{ variable, ...(parameter !== undefined && { parameter }), operator: 'is_set' }, yes] },
  });

  it('is told with the verdict, as far as it was read', async () => {
    const user = person('ada', { groups: [{ id: '1', name: 'staff', superuser: false }] });
    const actions = [is('user.username'), is('user.email'), is('user.groups'), is('user.createdAt')];
    expect((await judge(actions, { input: { user } })).read).toEqual({
      'user.username': 'name-of-ada',
      'user.email': null,
      'request.signedIn': false,
      'user.groups': '["staff"]',
      'user.createdAt': user.createdAt.toISOString(),
    });
  });

  it('is cut, and holds nothing that is called like a secret', async () => {
    const context = {
      notes: {
        long: 'x'.repeat(1000),
        apiToken: 'hidden-1',
        within: { password: 'hidden-2', 'one.otp': 'hidden-3' },
      },
      promptData: { secretWord: 'hidden-4' },
    };
    const actions = [
      is('context', 'notes.long'),
      is('context', 'notes.apiToken'),
      is('context', 'notes.within'),
      is('context', 'notes.within.one.otp'),
      is('context', 'notes'),
      is('promptData', 'secretWord'),
    ];
    const { read, log } = await judge(actions, { input: { context } });
    expect(read['context.notes.long']).toBe('x'.repeat(100));
    expect(read['context.notes.apiToken']).toBe('[secret]');
    expect(JSON.stringify({ read, log })).not.toContain('hidden');
  });

  it('is asked of services when it is wanted, and once', async () => {
    const asked: string[] = [];
    const services = {
      passwordHistory: {
        changedAt: async () => {
          asked.push('passwordHistory');
          return secondsAfter(NOW, -60);
        },
        isOneOfLast: async () => false,
      },
      auditLog: {
        lastLogins: async () => {
          asked.push('auditLog');
          return [];
        },
        count: async () => 0,
      },
      reputations: {
        score: async ({ address, name }: { address: string | null; name: { identifier: string } | null }) => {
          asked.push(`reputations ${address} ${name?.identifier}`);
          return -3;
        },
      },
    };
    const input = { user: person('ada') };
    const score = (variable: string) => ({ type: 'require', when: { variable, operator: 'eq', value: -3 } });
    const actions = [
      { type: 'require', when: { variable: 'user.hasPassword', operator: 'is_true' } },
      {
        type: 'require',
        when: { variable: 'user.passwordChangedAt', operator: 'within_last', value: 'PT1M' },
      },
      score('reputation.both'),
      score('reputation.both'),
      score('reputation.name'),
      score('reputation.address'),
    ];
    expect((await judge(actions, { input, services })).passing).toBe(true);
    expect(asked).toEqual([
      'passwordHistory',
      'reputations 192.0.2.1 name-of-ada',
      'reputations null name-of-ada',
      'reputations 192.0.2.1 undefined',
    ]);
  });

  it('is nothing where there is nobody to ask about', async () => {
    const about = [
      'user.hasPassword',
      'user.passwordChangedAt',
      'user.lastLogin',
      'user.groups',
      'viewer.id',
      'reputation.name',
    ];
    for (const variable of about) {
      const when = { variable, operator: 'is_not_set' };
      expect((await judge([{ type: 'require', when }])).passing).toBe(true);
    }
  });

  it('is the reputation of what was typed, where nobody is called so', async () => {
    const score = async ({ name }: { name: { identifier: string; known: boolean } | null }) =>
      name?.identifier === 'typed@example.org' && !name.known ? -9 : 0;
    const when = { variable: 'reputation.name', operator: 'eq', value: -9 };
    const context = { pendingUser: { id: null, identifier: ' Typed@example.org' } };
    const given = { input: { context }, services: { reputations: { score } } };
    expect((await judge([{ type: 'require', when }], given)).passing).toBe(true);
  });
});
