import { policy } from '../../test/support/definitions.js';
import { fakePolicies } from '../../test/support/engine.js';
import { passwordsRemembered } from './passwords-remembered.js';

describe('how many passwords are remembered', () => {
  const counting = { ...fakePolicies({}), passwordsRemembered: () => 3 };
  const kinds = new Map([
    ['fake', counting],
    ['other', { ...counting, passwordsRemembered: () => 7 }],
    ['silent', fakePolicies({})],
  ]);

  it('is as many as the policy wants that wants most', () => {
    const policies = [policy('one'), policy('two', 'other'), policy('three', 'silent')];
    expect(passwordsRemembered(kinds, policies)).toBe(7);
    expect(passwordsRemembered(kinds, policies.slice(0, 1))).toBe(3);
  });

  it('is none where no policy compares with them, or its kind is not in this installation', () => {
    expect(passwordsRemembered(kinds, [])).toBe(0);
    expect(passwordsRemembered(kinds, [policy('three', 'silent'), policy('four', 'gone')])).toBe(0);
  });
});
