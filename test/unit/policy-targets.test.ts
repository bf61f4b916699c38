import { bound, catalogueOf, flow, placed, policy, stage } from '../support/definitions.js';
import { begin, engineOf, fakePolicies, fakeStage, visitOf } from '../support/engine.js';
import { denyStage } from '../../src/stages/deny/stage.js';
import { redirectStage } from '../../src/stages/redirect/stage.js';
import { redirectTargetKey } from '../../src/flow/context-keys.js';
import type { FlowDefinition } from '../../src/flow/definition.js';
import { ask } from '../../src/flow/outcome.js';
import { verdict } from '../../src/flow/policy-kind.js';
import { policyWrite } from '../../src/flow/policy-writes.js';

const writes = (target: string, value: string) => () =>
  verdict(true, [], { changes: [policyWrite({}, target, value)] });
const kind = fakePolicies({
  toOther: writes('redirectTarget', 'flow:other'),
  toSite: writes('redirectTarget', '/welcome'),
  toEvil: writes('redirectTarget', 'https://evil.example'),
  why: writes('denyMessage', 'Your account is too new.'),
});
const question = fakeStage('question', { present: async () => ask({}) });
const plain = engineOf({ policies: kind, stages: [redirectStage, denyStage, question] });
const parts = {
  ...plain,
  services: {
    ...plain.services,
    destinations: { acceptable: (address: string) => (address.startsWith('/') ? address : undefined) },
  },
};

const elsewhere = 'https://www.example.com/help';
const redirect = (name: string, config: object, ...policies: readonly string[]) =>
  placed(stage(name, 'redirect', { url: null, flowId: null, ...config }), {
    policyBindings: policies.map((name, order) => bound(policy(name), { order })),
  });
const other = flow([placed(stage('in the other', 'question'))], { id: 'other', slug: 'other' });
const run = async (under: FlowDefinition) =>
  (await begin(parts, visitOf(catalogueOf(under, other)))).execution;

describe('a policy on a redirect stage', () => {
  it('says which flow to go on with', async () => {
    const execution = await run(flow([redirect('lead on', { url: elsewhere }, 'toOther')]));
    expect(execution).toMatchObject({ flowId: 'other', step: { stageName: 'in the other' } });
  });

  it.each([true, false])(
    'says so once: it is forgotten in the other flow and after it, with keepContext %s',
    async (keepContext) => {
      const back = flow([redirect('lead out', { url: elsewhere }), placed(stage('last', 'question'))], {
        id: 'other',
        slug: 'other',
      });
      const under = flow([
        redirect(
          'lead on',
          { flowId: 'b4c1b1a0-0000-4000-8000-000000000000', keepContext, returns: true },
          'toOther',
        ),
      ]);
      const { execution } = await begin(parts, visitOf(catalogueOf(under, back)));
      expect(execution).toMatchObject({ flowId: 'other', step: { data: { to: elsewhere } } });
      expect(execution.context.get(redirectTargetKey)).toBeUndefined();
      expect(JSON.stringify(execution.outer)).not.toContain('redirectTarget');
    },
  );

  it('says which address to go to, unless nobody may be sent there', async () => {
    const to = async (name: string) =>
      (await run(flow([redirect('lead on', { url: elsewhere }, name)]))).step;
    expect(await to('toSite')).toMatchObject({ type: 'challenge', data: { to: '/welcome' } });
    expect(await to('toEvil')).toMatchObject({ type: 'denied', code: 'CONFIGURATION_ERROR' });
  });
});

describe('a policy on a deny stage', () => {
  it('says why in place of the stage', async () => {
    const denied = placed(stage('no', 'deny', { message: 'No.' }), {
      policyBindings: [bound(policy('why'))],
    });
    expect((await run(flow([denied]))).step).toMatchObject({
      type: 'denied',
      code: 'STAGE_DENIED',
      message: 'Your account is too new.',
    });
  });
});
