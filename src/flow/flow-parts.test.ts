import { INSTALLATION, bound, flow, placed, policy, stage } from '../../test/support/definitions.js';
import { Catalogue } from './catalogue.js';
import type { FlowDefinition } from './definition.js';
import { flowParts, stateOf } from './flow-parts.js';
import type { PromptFieldDefinition } from './prompt-field.js';

const called = policy('called');
const guard = { ...policy('guard'), calls: [called.id] };
const judge = policy('judge');
const embedded = stage('embedded', 'password');
const shown = stage('shown', 'identification');
const linked = flow([], { id: 'linked', slug: 'linked' });
const place = placed(shown, { policyBindings: [bound(guard)] });
const whole = flow([place], { policyBindings: [bound({ type: 'group', groupId: 'friends' })] });
const field: PromptFieldDefinition = {
  ...{ id: 'field', version: 1, name: 'field', key: 'k', label: '', type: 'TEXT', required: true },
  ...{ placeholder: '', initialValue: '', order: 0, helpText: '', choices: [] },
  ...{ labelExpression: null, placeholderExpression: null },
  ...{ initialValueExpression: null, choicesExpression: null },
};

interface Parts {
  readonly flow: FlowDefinition;
  readonly linked: FlowDefinition;
  readonly embedded: typeof embedded;
  readonly called: typeof called;
  readonly judge: typeof judge;
  readonly field: PromptFieldDefinition;
}

const parts: Parts = { flow: whole, linked, embedded, called, judge, field };

function partsOf(changes: Partial<Parts> = {}): ReturnType<typeof flowParts> {
  const now = { ...parts, ...changes };
  const catalogue = new Catalogue({
    installation: INSTALLATION,
    version: 1,
    flows: [now.flow, now.linked],
    stages: [shown, now.embedded],
    policies: [guard, now.called, now.judge],
    promptFields: [now.field],
    defaultFlows: new Map(),
    referringStages: new Map([
      [now.embedded.id, [shown.id]],
      // A stage that shows itself by way of another one has an end all the same.
      [shown.id, [now.embedded.id]],
      [now.field.id, [now.embedded.id]],
      [now.judge.id, [shown.id]],
      [now.linked.id, [shown.id]],
      ['friends', [shown.id]],
    ]),
  });
  return flowParts(now.flow, catalogue);
}

const stateAfter = (changes: Partial<Parts> = {}): string => stateOf(partsOf(changes));

const again = <T extends { readonly version: number }>(object: T): T => ({
  ...object,
  version: object.version + 1,
});

describe('the state of a flow', () => {
  it.each<[string, Partial<Parts>]>([
    ['the flow', { flow: again(whole) }],
    ['a place in it', { flow: { ...whole, stageBindings: [again(place)] } }],
    ['a stage', { flow: { ...whole, stageBindings: [{ ...place, stage: again(shown) }] } }],
    ['what guards it', { flow: { ...whole, policyBindings: whole.policyBindings.map(again) } }],
    [
      'what guards a place',
      { flow: { ...whole, stageBindings: [{ ...place, policyBindings: place.policyBindings.map(again) }] } },
    ],
    ['its guards, by one that is gone', { flow: { ...whole, policyBindings: [] } }],
    ['a policy that another one calls', { called: again(called) }],
    ['a policy that a stage names', { judge: again(judge) }],
    ['a stage that another one shows', { embedded: again(embedded) }],
    ['a field of a form', { field: again(field) }],
    ['the slug of a flow that it leads to', { linked: { ...linked, slug: 'other' } }],
  ])('is another one after a change of %s', (_what, changes) => {
    expect(stateAfter(changes)).not.toBe(stateAfter());
  });

  it('is the same while nothing changes that is told of it', () => {
    expect(stateAfter({ linked: again(linked) })).toBe(stateAfter());
    expect(stateAfter()).toBe(stateAfter());
  });
});

describe('the parts of a flow', () => {
  it('are each there once, with what they are called', () => {
    const named = partsOf().flatMap(({ name }) => name ?? []);
    expect(named).toEqual([
      'flow:under-test',
      'policy:guard',
      'policy:called',
      'stage:shown',
      'stage:embedded',
      'promptField:field',
      'policy:judge',
      'flow:linked',
    ]);
  });
});
