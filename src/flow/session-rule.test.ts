import type { TrailEntry } from './execution.js';
import { mayOpenSession } from './session-rule.js';

const planned = ['identify', 'prove', 'login', 'after'];

function passed(bindingId: string, userId: string | null, proofs: TrailEntry['proofs'] = []): TrailEntry {
  return { bindingId, outcome: 'passed', userId, proofs };
}
const identified = passed('identify', 'ada');
const proven = passed('prove', 'ada', ['pwd']);

describe('a session', () => {
  it('may be opened once all that was planned before is settled and something proves the person', () => {
    expect(mayOpenSession(planned, 'login', [identified, proven], 'ada')).toBe(true);
  });

  it('may be opened where a policy has left a stage out', () => {
    const skipped: TrailEntry = { bindingId: 'identify', outcome: 'skipped', userId: null, proofs: [] };
    expect(mayOpenSession(planned, 'login', [skipped, proven], 'ada')).toBe(true);
  });

  it.each([
    ['nothing happened', []],
    ['a stage is missing', [identified]],
    ['another stage is missing', [proven]],
    ['nothing was proved', [identified, passed('prove', 'ada')]],
  ])('may not be opened where %s', (_name, trail) => {
    expect(mayOpenSession(planned, 'login', trail, 'ada')).toBe(false);
  });

  it('may not be opened for somebody about whom nothing was proved', () => {
    expect(mayOpenSession(planned, 'login', [identified, proven], 'eve')).toBe(false);
    expect(mayOpenSession(planned, 'login', [identified, passed('prove', null, ['pwd'])], 'ada')).toBe(false);
  });

  it('may not be opened by a stage that was not planned', () => {
    expect(mayOpenSession(planned, 'smuggled', [identified, proven], 'ada')).toBe(false);
    expect(mayOpenSession([], 'login', [identified, proven], 'ada')).toBe(false);
  });

  it('does not wait for stages that come after it', () => {
    expect(mayOpenSession(planned, 'after', [identified, proven], 'ada')).toBe(false);
    expect(mayOpenSession(planned, 'after', [identified, proven, passed('login', 'ada')], 'ada')).toBe(true);
  });
});
