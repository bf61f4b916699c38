import { flow, placed, stage } from '../../test/support/definitions.js';
import type { StageBindingDefinition } from './definition.js';
import { planFlow } from './planner.js';
import type { PolicyDecision } from './policy-engine.js';

const first = placed(stage('first', 'a'));
const second = placed(stage('second', 'b'), {
  evaluateOnPlan: true,
  invalidResponseAction: 'RESTART',
});
const third = placed(stage('third', 'c'), { evaluateOnPlan: true, reEvaluatePolicies: false });

const decision = (also: Partial<PolicyDecision>): PolicyDecision => ({
  passing: true,
  broken: false,
  messages: [],
  evaluations: [],
  changes: [],
  ...also,
});

describe('planning', () => {
  it('keeps every stage in order, with what it has to remember of its place', async () => {
    const plan = await planFlow(flow([first, second, third]), async () => decision({}));
    expect(plan).toEqual({
      type: 'planned',
      removed: [],
      stages: [
        {
          bindingId: 'place-first',
          stageId: 'stage-first',
          reEvaluatePolicies: true,
          invalidResponseAction: 'RETRY',
          builtIn: null,
        },
        {
          bindingId: 'place-second',
          stageId: 'stage-second',
          reEvaluatePolicies: true,
          invalidResponseAction: 'RESTART',
          builtIn: null,
        },
        {
          bindingId: 'place-third',
          stageId: 'stage-third',
          reEvaluatePolicies: false,
          invalidResponseAction: 'RETRY',
          builtIn: null,
        },
      ],
    });
  });

  it('asks only the policies that decide on the plan', async () => {
    const asked: string[] = [];
    await planFlow(flow([first, second, third]), async (binding: StageBindingDefinition) => {
      asked.push(binding.id);
      return decision({});
    });
    expect(asked).toEqual(['place-second', 'place-third']);
  });

  it('leaves out what a policy removes, and says what the policy said', async () => {
    const plan = await planFlow(flow([first, second, third]), async (binding) =>
      decision({ passing: binding !== second, messages: ['not today'] }),
    );
    expect(plan).toMatchObject({
      stages: [{ bindingId: 'place-first' }, { bindingId: 'place-third' }],
      removed: [{ binding: { id: 'place-second' }, messages: ['not today'] }],
    });
  });

  it('makes no plan where a policy ended in an error: nobody knows whether its stage applies', async () => {
    const plan = await planFlow(flow([first, second]), async () =>
      decision({ passing: false, broken: true }),
    );
    expect(plan).toEqual({ type: 'broken' });
  });

  it('keeps a stage whose failed policy counts as passed', async () => {
    const plan = await planFlow(flow([second]), async () => decision({ passing: true, broken: true }));
    expect(plan).toMatchObject({ stages: [{ bindingId: 'place-second' }], removed: [] });
  });
});
