import { bound, catalogueOf, flow, person, placed, policy, stage } from '../../test/support/definitions.js';
import {
  about,
  begin,
  engineOf,
  fakePolicies,
  fakeStage,
  fails,
  says,
  visitOf,
} from '../../test/support/engine.js';
import { Context } from './context.js';
import { notesKey, promptDataKey } from './context-keys.js';
import type { FlowDefinition, PolicyDefinition, StageBindingDefinition } from './definition.js';
import type { RecordEvent } from './effect.js';
import type { Stepped } from './engine.js';
import { ask, pass } from './outcome.js';
import { verdict } from './policy-kind.js';
import type { PolicyInput } from './policy-kind.js';
import type { Judgement } from './stage-kind.js';

const asked: PolicyInput[] = [];
const kind = fakePolicies({
  yes: says(true, 'fine'),
  no: says(false, 'too short'),
  field: () => verdict(false, ['not this one'], { field: 'password', judgesPassword: true }),
  broken: fails('division by zero'),
  caller: async (_input, run) => run.call('yes'),
  failing: async (_input, run) => run.call('broken'),
  look: (input) => {
    asked.push(input);
    return verdict(true);
  },
  records: () =>
    verdict(true, [], {
      events: [
        {
          name: 'foo',
          details: {
            bar: 'baz',
            policy: 'another',
            flow: 'another',
            password: 'hunter2',
            deep: [{ apiKey: 'k', list: [1, 'two'], token: 7 }],
            long: 'x'.repeat(600),
          },
        },
      ],
    }),
});

const judgements: Judgement[] = [];
/** Has its answer judged by the policies that the answer names. */
const judged = fakeStage('judged', {
  present: async () => ask({}),
  async answer(run, { policies }) {
    const ids = Array.isArray(policies) ? policies.map(String) : [];
    judgements.push(await run.judge(ids, [promptDataKey.to({ typed: 'abc' })]));
    return pass();
  },
});
const identify = fakeStage('identify', { present: async () => about('ada') });
const parts = engineOf({ policies: kind, stages: [judged, identify], people: [person('ada')] });

const eventsOf = ({ effects }: Stepped): RecordEvent[] =>
  effects.flatMap((effect) => (effect.type === 'recordEvent' ? [effect] : []));
const logged = (name: string): PolicyDefinition => ({ ...policy(name), executionLogging: true });
const guarded = (...policies: readonly PolicyDefinition[]): StageBindingDefinition =>
  placed(stage('guarded', 'identify'), {
    policyBindings: policies.map((one, order) => bound(one, { order })),
  });
const run = (under: FlowDefinition) => begin(parts, visitOf(catalogueOf(under)));

beforeEach(() => {
  asked.splice(0);
  judgements.splice(0);
});

/** What the named policies say to an answer of a flow that knows these policies. */
async function judge(...names: readonly string[]): Promise<{ judgement: Judgement | undefined } & Stepped> {
  const knows = ['yes', 'no', 'field', 'broken', 'look'].map((name) =>
    bound(policy(name), { enabled: false }),
  );
  const under = flow([placed(stage('form', 'judged'))], { policyBindings: knows });
  const policies = names.map((name) => `policy-${name}`);
  const visit = visitOf(catalogueOf(under));
  const stepped = await begin(parts, visit, { responses: [{ kind: 'judged', data: { policies } }] });
  return { ...stepped, judgement: judgements[0] };
}

describe('policies about an answer', () => {
  it('all have to find it good enough, and then all are heard', async () => {
    expect((await judge('yes', 'yes')).judgement).toEqual({
      passing: true,
      broken: false,
      messages: [
        { text: 'fine', field: null },
        { text: 'fine', field: null },
      ],
      judgedPasswords: [],
    });
  });

  it('are heard where they do not pass, each with the field that it is about', async () => {
    expect((await judge('yes', 'no', 'field')).judgement).toEqual({
      passing: false,
      broken: false,
      messages: [
        { text: 'too short', field: null },
        { text: 'not this one', field: 'password' },
      ],
      judgedPasswords: [],
    });
  });

  it('are none where none is named, and let it pass', async () => {
    expect((await judge()).judgement).toMatchObject({ passing: true, broken: false, messages: [] });
  });

  it('are told what the answer would change, and may write nothing themselves', async () => {
    const { execution } = await judge('look');
    expect(asked).toMatchObject([{ context: { promptData: { typed: 'abc' } }, mayWrite: false }]);
    expect(execution.context.get(promptDataKey)).toBeUndefined();
  });

  it.each(['broken', 'deleted'])('let nothing pass where one of them is %s', async (name) => {
    const { judgement, ...stepped } = await judge('yes', name);
    expect(judgement).toMatchObject({ passing: false, broken: true, messages: [] });
    expect(eventsOf(stepped)).toMatchObject([{ action: 'POLICY_ERROR' }]);
  });
});

describe('what is recorded of policies', () => {
  it('is an error, with its reason and whom it was about', async () => {
    const under = flow([placed(stage('who', 'identify')), guarded(policy('broken'))]);
    const stepped = await run(under);
    expect(stepped.execution.step).toMatchObject({ type: 'denied' });
    expect(stepped.execution.step).not.toMatchObject({ message: expect.stringContaining('division') });
    expect(eventsOf(stepped)).toEqual([
      {
        type: 'recordEvent',
        action: 'POLICY_ERROR',
        userId: 'ada',
        details: {
          bindingId: 'binding-broken',
          policy: 'broken',
          reason: 'division by zero',
          flow: 'under-test',
        },
      },
    ]);
  });

  it('is each evaluation of one that asks for it, with what it was told, and no other', async () => {
    const under = flow([placed(stage('who', 'identify')), guarded(logged('no'), policy('yes'))]);
    expect(eventsOf(await run(under))).toMatchObject([
      {
        action: 'POLICY_EVALUATED',
        userId: 'ada',
        details: {
          policy: 'no',
          passing: false,
          messages: ['too short'],
          flow: 'under-test',
          input: { user: { id: 'ada' }, request: { clientIp: '192.0.2.1' } },
        },
      },
    ]);
  });

  it('is what was known then, with what is named like a secret masked, however deep', async () => {
    const under = flow([guarded(logged('yes'))]);
    const context = Context.empty.with([
      notesKey.to({ list: [1, ['a']], password: 'hunter2', deep: { userToken: 't', plain: 'p' } }),
    ]);
    const stepped = await begin(parts, visitOf(catalogueOf(under)), { context });
    expect(eventsOf(stepped).map(({ details }) => details.input)).toMatchObject([
      {
        context: {
          notes: { list: [1, ['a']], password: '[secret]', deep: { userToken: '[secret]', plain: 'p' } },
        },
      },
    ]);
    expect(JSON.stringify(eventsOf(stepped))).not.toContain('hunter2');
  });

  it('is nobody where nobody is known', async () => {
    const under = flow([placed(stage('who', 'identify'))], { policyBindings: [bound(logged('yes'))] });
    expect(eventsOf(await run(under))).toMatchObject([
      {
        action: 'POLICY_EVALUATED',
        userId: null,
        details: { input: { request: { clientIp: '192.0.2.1' } } },
      },
    ]);
  });

  it('is each evaluation by way of another policy as well, and an error once', async () => {
    const known = [logged('yes'), logged('broken')].map((one) => bound(one, { enabled: false }));
    const called = flow([guarded(policy('caller'))], { policyBindings: known });
    expect(eventsOf(await run(called))).toMatchObject([
      { action: 'POLICY_EVALUATED', details: { policy: 'yes', passing: true, messages: ['fine'] } },
    ]);
    const failed = flow([guarded(logged('failing'))], { policyBindings: known });
    expect(eventsOf(await run(failed))).toMatchObject([
      { action: 'POLICY_ERROR', details: { policy: 'failing', reason: 'division by zero' } },
    ]);
  });

  it('is what a policy wants, under its own name, with secrets masked and long texts cut', async () => {
    expect(eventsOf(await run(flow([guarded(policy('records'))])))).toEqual([
      {
        type: 'recordEvent',
        action: 'CUSTOM:foo',
        userId: null,
        details: {
          policy: 'records',
          flow: 'under-test',
          bar: 'baz',
          password: '[secret]',
          deep: [{ apiKey: '[secret]', list: [1, 'two'], token: '[secret]' }],
          long: 'x'.repeat(500),
        },
      },
    ]);
  });
});

describe('nobody is asked', () => {
  it('where nothing is bound, and nothing is written down about it', async () => {
    const { trace } = await run(flow([placed(stage('who', 'identify'))]));
    expect(trace.filter(({ type }) => type === 'policy')).toEqual([]);
  });
});
