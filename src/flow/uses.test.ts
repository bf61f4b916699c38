import { INSTALLATION, bound, flow, placed, policy, stage } from '../../test/support/definitions.js';
import { Catalogue } from './catalogue.js';
import { namedUse, usesOf } from './uses.js';
import type { Used } from './uses.js';

const guard = policy('guard');
const caller = { ...policy('caller'), calls: [guard.id] };
const atStage = bound(guard, {
  id: 'at-stage',
  target: { type: 'stageBinding', stageBindingId: 'place-asks' },
});
const asks = placed(stage('asks', 'a'), { policyBindings: [atStage] });
const atFlow = bound({ type: 'group', groupId: 'friends' }, { id: 'at-flow' });
const forAda = bound({ type: 'user', userId: 'ada' }, { id: 'for-ada' });
const first = flow([asks], { policyBindings: [atFlow, forAda], designation: 'RECOVERY' });
const write = stage('write', 'b');
const catalogue = new Catalogue({
  version: 1,
  installation: INSTALLATION,
  flows: [first],
  stages: [asks.stage, write],
  policies: [caller, guard],
  promptFields: [],
  defaultFlows: new Map([['RECOVERY', first.id]]),
  referringStages: new Map([
    [guard.id, ['stage-asks']],
    ['friends', ['stage-write']],
    ['stage-asks', ['stage-write']],
    ['flow-under-test', ['stage-write', 'stage-asks']],
    ['field', ['stage-asks']],
  ]),
});

const names = (type: Used['type'], id: string) =>
  usesOf(catalogue, { type, id }).map((use) => {
    const named = namedUse(catalogue, use);
    return `${named.type} ${named.name}`;
  });

describe('the uses of an object', () => {
  it('are its places, what asks it and what names it, each by what it is called', () => {
    expect(names('STAGE', 'stage-asks')).toEqual(['STAGE_BINDING under-test / asks', 'STAGE write']);
    expect(names('POLICY', guard.id)).toEqual([
      'POLICY_BINDING under-test / asks',
      'STAGE asks',
      'POLICY caller',
    ]);
    expect(names('GROUP', 'friends')).toEqual(['POLICY_BINDING under-test', 'STAGE write']);
    expect(names('USER', 'ada')).toEqual(['POLICY_BINDING under-test']);
    expect(names('PROMPT_FIELD', 'field')).toEqual(['STAGE asks']);
    expect(names('FLOW', first.id)).toEqual(['STAGE asks', 'STAGE write', 'SETTINGS defaultFlows.RECOVERY']);
  });

  it('are none of what nothing uses, or of what is not there', () => {
    const types: Used['type'][] = ['FLOW', 'STAGE', 'PROMPT_FIELD', 'POLICY', 'GROUP', 'USER'];
    for (const type of types) {
      for (const id of ['', 'nothing', '__proto__']) expect(names(type, id)).toEqual([]);
    }
    expect(names('POLICY', caller.id)).toEqual([]);
  });
});
