import type { JsonObject } from '../kernel/json.js';
import { stageKinds } from '../stages/list.js';
import { subjectsOf, withSubjects } from './subjects.js';

/** The names that are other people's stand where they must be changed, the others where they must not. */
const documentOf = (group: string, other: string, user: string): JsonObject => ({
  stagedoor: 1,
  name: 'staff',
  entries: [
    { group, state: 'created' },
    { group: other, state: 'created' },
    { promptField: 'staff', label: 'staff', key: 'staff', type: 'TEXT' },
    {
      policy: 'staff',
      kind: 'expression',
      config: { expression: 'staff', group: 'staff', ref: 'group:staff' },
    },
    {
      stage: 'staff',
      kind: 'user-write',
      config: { groupId: { ref: `group:${group}` }, path: 'group:staff' },
    },
    { stage: 'unknown', kind: 'not a kind' },
    {
      flow: 'staff',
      title: 'staff',
      policies: [
        { group, order: 0 },
        { user, order: 1 },
        { policy: 'staff', order: 2 },
      ],
      stages: [
        {
          stage: 'staff',
          order: 0,
          policies: [
            { group: other, order: 0 },
            { user, order: 1 },
          ],
        },
      ],
    },
  ],
});

const document = documentOf('staff', 'others', 'ada');

describe('the groups and the people in a document', () => {
  it('are those of its entries, its guards and what its stages name', () => {
    expect(subjectsOf(document, stageKinds)).toEqual({
      groups: new Set(['staff', 'others']),
      users: new Set(['ada']),
    });
    const stage = { stage: 's', kind: 'user-write', config: { groupId: { ref: 'group:joined' } } };
    expect(subjectsOf({ entries: [stage] }, stageKinds).groups).toEqual(new Set(['joined']));
    expect(subjectsOf({ entries: [] }, stageKinds)).toEqual({ groups: new Set(), users: new Set() });
  });

  it('can be called otherwise, and nothing else is changed by that', () => {
    const names = { group: (name: string) => `the ${name}`, user: (name: string) => `${name} herself` };
    expect(withSubjects(document, stageKinds, names)).toEqual(
      documentOf('the staff', 'the others', 'ada herself'),
    );
    expect(JSON.stringify(withSubjects(document, stageKinds, { group: String, user: String }))).toBe(
      JSON.stringify(document),
    );
  });
});
