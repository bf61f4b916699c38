import type { FlowDefinition, PolicyBindingDefinition, StageBindingDefinition } from './definition.js';
import { flowDiagram } from './diagram.js';

const policyBinding = (
  id: string,
  changes: Partial<PolicyBindingDefinition> = {},
): PolicyBindingDefinition => ({
  id,
  version: 1,
  target: { type: 'flow', flowId: 'flow' },
  subject: { type: 'user', userId: id },
  order: 10,
  enabled: true,
  negate: false,
  timeoutSeconds: 30,
  failureResult: false,
  expiresAt: null,
  ...changes,
});

const stageBinding = (
  name: string,
  changes: Partial<StageBindingDefinition> = {},
): StageBindingDefinition => ({
  id: name,
  version: 1,
  flowId: 'flow',
  stage: { id: name, version: 1, name, kind: 'dummy', config: {} },
  order: 0,
  evaluateOnPlan: false,
  reEvaluatePolicies: true,
  invalidResponseAction: 'RETRY',
  policyEngineMode: 'ANY',
  policyBindings: [],
  ...changes,
});

const flow = (changes: Partial<FlowDefinition>): FlowDefinition => ({
  id: 'flow',
  version: 1,
  slug: 'flow',
  name: 'Sign in',
  currentVersion: 1,
  title: '',
  designation: 'AUTHENTICATION',
  layout: 'STACKED',
  backgroundUrl: null,
  deniedAction: 'MESSAGE',
  authentication: 'NONE',
  policyEngineMode: 'ANY',
  policyBindings: [],
  stageBindings: [],
  ...changes,
});

const labels = new Map(['one', 'two'].map((name) => [name, { kind: 'Policy (expression)', name }] as const));

describe('the diagram of a flow', () => {
  it('leads from the start of an empty flow to its end', () => {
    expect(flowDiagram(flow({}), labels).split('\n')).toEqual([
      'graph TD',
      'flow_start[["Flow<br/>Sign in"]]',
      'done[["End of the flow"]]',
      'flow_start --> done',
    ]);
  });

  it('leads around a stage whose policy denies it', () => {
    const guarded = stageBinding('dummy2', { policyBindings: [policyBinding('one')] });
    expect(
      flowDiagram(flow({ stageBindings: [stageBinding('dummy1'), guarded] }), labels).split('\n'),
    ).toEqual([
      'graph TD',
      'flow_start[["Flow<br/>Sign in"]]',
      'done[["End of the flow"]]',
      'stage_0(["Stage (dummy)<br/>dummy1"])',
      'stage_1(["Stage (dummy)<br/>dummy2"])',
      'stage_1_policy_0{{"Policy (expression)<br/>one<br/>on run"}}',
      'flow_start --> stage_0',
      'stage_0 --> stage_1_policy_0',
      'stage_1_policy_0 -- "Policy passed" --> stage_1',
      'stage_1 --> done',
      'stage_1_policy_0 -- "Policy denied" --> done',
    ]);
  });

  it('draws the requirement and the policies of the flow before its start', () => {
    const text = flowDiagram(
      flow({ authentication: 'REQUIRE_SUPERUSER', policyBindings: [policyBinding('one', { negate: true })] }),
      labels,
    );
    expect(text).toContain('flow_auth_requirement -- "Requirement not fulfilled" --> done');
    expect(text).toContain('flow_policy_0{{"Policy (expression)<br/>one<br/>negated"}}');
    expect(text).toContain('flow_policy_0 -- "Policy denied" --> done');
  });

  it('marks a disabled binding, which decides nothing', () => {
    const disabled = stageBinding('dummy1', { policyBindings: [policyBinding('two', { enabled: false })] });
    const text = flowDiagram(flow({ stageBindings: [disabled] }), labels);
    expect(text).toContain(
      'stage_0_policy_0{{"Policy (expression)<br/>two<br/>on run, disabled"}}:::disabled',
    );
    expect(text).toContain('flow_start --> stage_0');
    expect(text).not.toContain('stage_0_policy_0 --');
    expect(text).toContain('classDef disabled');
  });

  it('says until when a binding counts, where it expires', () => {
    const expiresAt = new Date('2030-01-01T12:00:00Z');
    const guarded = stageBinding('dummy1', { policyBindings: [policyBinding('two', { expiresAt })] });
    const text = flowDiagram(
      flow({ policyBindings: [policyBinding('one', { expiresAt })], stageBindings: [guarded] }),
      labels,
    );
    const until = 'until 2030-01-01T12#58;00#58;00.000Z';
    expect(text).toContain(`flow_policy_0{{"Policy (expression)<br/>one<br/>${until}"}}`);
    expect(text).toContain(`stage_0_policy_0{{"Policy (expression)<br/>two<br/>on run, ${until}"}}`);
  });

  it('writes what Mermaid would read as markup by its number', () => {
    expect(flowDiagram(flow({ name: 'a"] --> done; <b>' }), labels)).toContain(
      'flow_start[["Flow<br/>a#34;#93; --#62; done#59; #60;b#62;"]]',
    );
  });
});
