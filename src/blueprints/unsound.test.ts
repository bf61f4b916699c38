import fc from 'fast-check';

import { errorAt } from './problem.js';
import { problemsOfOthers, unsoundNames } from './unsound.js';

const group = (name: string, index: number, parents: readonly string[] = []) => ({
  path: ['entries', index],
  value: { group: name, parents },
});
const problemIn = (index: number) => errorAt(['entries', index, 'kind'], 'UNKNOWN_KIND', 'There is none.');

describe('what is wrong with the entries that are sound by themselves', () => {
  it('is told of those that mention nothing unsound', () => {
    const entries = [group('apart', 0), group('staff-of-one', 1), group('b', 3, ['staff'])];
    const problems = [problemIn(0), problemIn(1), problemIn(3)];
    expect(problemsOfOthers(['staff'], entries, problems)).toEqual([problemIn(0), problemIn(1)]);
  });

  it('is never told of one that mentions something unsound, whatever that is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string(), (name, other) => {
        expect(problemsOfOthers([other, name], [group('b', 0, [name])], [problemIn(0)])).toEqual([]);
      }),
    );
  });
});

describe('the names of unsound entries', () => {
  it('are all that such an entry is called by', () => {
    expect(unsoundNames([{ invitation: 'i', flow: 'f', stage: 5 }], ['invitation', 'flow', 'stage'])).toEqual(
      ['i', 'f'],
    );
  });

  it('are not known where one of them has none', () => {
    expect(unsoundNames([{ group: 'g' }, { group: { $parameter: 'name' } }], ['group'])).toBeNull();
    expect(unsoundNames([null], ['group'])).toBeNull();
  });
});
