import { Context } from './context.js';
import { flowTokenKey } from './context-keys.js';
import type { Origin, TrailEntry } from './execution.js';
import { mayOpenSession } from './session-rule.js';

const all = ['identify', 'prove', 'login', 'after'];
const nowhere: Origin = { redirectedFrom: null, proven: [], loginBlocked: null };

function after(
  trail: readonly TrailEntry[],
  { planned = all, origin = nowhere, context = Context.empty } = {},
) {
  return { flowId: 'flow', flowVersion: 1, plan: [], planned, trail, loginBlocked: null, origin, context };
}
function passed(bindingId: string, userId: string | null, proofs: TrailEntry['proofs'] = []): TrailEntry {
  return { bindingId, outcome: 'passed', userId, proofs };
}
const identified = passed('identify', 'ada');
const proven = passed('prove', 'ada', ['pwd']);

describe('a session', () => {
  it('may be opened once all that was planned before is settled and something proves the person', () => {
    expect(mayOpenSession(after([identified, proven]), 'login', 'ada')).toBe(true);
  });

  it('may be opened where a policy has left a stage out', () => {
    const skipped: TrailEntry = { bindingId: 'identify', outcome: 'skipped', userId: null, proofs: [] };
    expect(mayOpenSession(after([skipped, proven]), 'login', 'ada')).toBe(true);
  });

  it.each([
    ['nothing happened', []],
    ['a stage is missing', [identified]],
    ['another stage is missing', [proven]],
    ['nothing was proved', [identified, passed('prove', 'ada')]],
  ])('may not be opened where %s', (_name, trail) => {
    expect(mayOpenSession(after(trail), 'login', 'ada')).toBe(false);
  });

  it('may not be opened for somebody about whom nothing was proved', () => {
    expect(mayOpenSession(after([identified, proven]), 'login', 'eve')).toBe(false);
    const ofNobody = after([identified, passed('prove', null, ['pwd'])]);
    expect(mayOpenSession(ofNobody, 'login', 'ada')).toBe(false);
  });

  it('may not be opened by a stage that was not planned', () => {
    expect(mayOpenSession(after([identified, proven]), 'smuggled', 'ada')).toBe(false);
    expect(mayOpenSession(after([identified, proven], { planned: [] }), 'login', 'ada')).toBe(false);
  });

  it('does not wait for stages that come after it', () => {
    expect(mayOpenSession(after([identified, proven]), 'after', 'ada')).toBe(false);
    expect(mayOpenSession(after([identified, proven, passed('login', 'ada')]), 'after', 'ada')).toBe(true);
  });

  it('may rest on what was proved in the flow that led here, but never on its stages', () => {
    const origin: Origin = { ...nowhere, proven: [{ userId: 'ada', proofs: ['pwd'] }] };
    expect(mayOpenSession(after([], { planned: ['login'], origin }), 'login', 'ada')).toBe(true);
    expect(mayOpenSession(after([], { planned: ['login'], origin }), 'login', 'eve')).toBe(false);
    expect(mayOpenSession(after([], { origin }), 'login', 'ada')).toBe(false);
  });

  it('may rest on a flow token that was made for this very person', () => {
    const token = { id: 'token', consumed: false, user: { id: 'ada', identifier: 'ada' } };
    const context = Context.empty.with([flowTokenKey.to(token)]);
    expect(mayOpenSession(after([], { planned: ['login'], context }), 'login', 'ada')).toBe(true);
    expect(mayOpenSession(after([], { planned: ['login'], context }), 'login', 'eve')).toBe(false);
  });
});
