import { INSTALLATION, bound, flow, placed, policy, stage } from '../../test/support/definitions.js';
import { Catalogue } from './catalogue.js';

const guard = policy('guard');
const other = policy('other');
const caller = { ...policy('caller'), calls: ['policy-other', 'policy-guard'] };
const atStage = bound(guard, {
  id: 'at-stage',
  target: { type: 'stageBinding', stageBindingId: 'place-one' },
});
const one = placed(stage('one', 'a'), { policyBindings: [atStage] });
const two = placed(stage('two', 'b'));
const atFlow = bound(guard, { id: 'at-flow' });
const first = flow([one, two], { policyBindings: [atFlow, bound({ type: 'user', userId: 'ada' })] });
const second = flow([], { id: 'second', slug: 'second', designation: 'AUTHENTICATION' });
const third = flow([], { id: 'third', slug: 'third', designation: 'AUTHENTICATION' });
const catalogue = new Catalogue({
  version: 7,
  installation: INSTALLATION,
  flows: [first, second, third],
  stages: [one.stage, two.stage],
  policies: [caller, guard, other],
  promptFields: [],
  defaultFlows: new Map([['AUTHENTICATION', 'missing']]),
  referringStages: new Map([['policy-guard', ['stage-one', 'stage-two']]]),
});

describe('a catalogue', () => {
  it('finds each definition by its id, and flows by their slug', () => {
    expect(catalogue.version).toBe(7);
    expect(catalogue.flow('flow-under-test')).toBe(first);
    expect(catalogue.flowBySlug('second')).toBe(second);
    expect(catalogue.stage('stage-two')).toBe(two.stage);
    expect(catalogue.policy('policy-guard')).toBe(guard);
    expect(catalogue.stageBinding('place-one')).toBe(one);
    expect(catalogue.policyBinding('at-flow')).toBe(atFlow);
    expect(catalogue.policyBinding('at-stage')).toBe(atStage);
  });

  it('finds nothing under an id of something else, or of nothing', () => {
    for (const id of ['place-one', 'second ', '', '__proto__', 'constructor']) {
      expect(catalogue.flow(id)).toBeUndefined();
      expect(catalogue.stage(id)).toBeUndefined();
      expect(catalogue.policy(id)).toBeUndefined();
      expect(catalogue.promptField(id)).toBeUndefined();
    }
  });

  it('lists the flows of a designation in the order of all flows', () => {
    expect(catalogue.flowsFor('AUTHENTICATION')).toEqual([second, third]);
    expect(catalogue.flowsFor('RECOVERY')).toEqual([]);
  });

  it('counts where a policy is used: bound to flows and to stages, and judging answers to stages', () => {
    expect(catalogue.usesOfPolicy('policy-guard')).toBe(4);
    expect(catalogue.usesOfPolicy('policy-other')).toBe(0);
  });

  it('knows which policies call which, by name', () => {
    expect(catalogue.policiesCalledBy(caller)).toEqual([guard, other]);
    expect(catalogue.policiesThatCall(guard)).toEqual([caller]);
    expect([catalogue.policiesCalledBy(guard), catalogue.policiesThatCall(caller)]).toEqual([[], []]);
  });
});
