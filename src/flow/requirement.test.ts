import { person, viewer } from '../../test/support/definitions.js';
import { authenticationRequirements } from './definition.js';
import type { AuthenticationRequirement } from './definition.js';
import { asksForViewer, meetsRequirement } from './requirement.js';
import type { RequirementFacts } from './requirement.js';

const nobody: RequirementFacts = { viewer: null, restored: false, redirected: false };
const visitors: Readonly<Record<string, RequirementFacts>> = {
  nobody,
  'somebody signed in': { ...nobody, viewer: viewer(person('ada')) },
  'a superuser': { ...nobody, viewer: viewer(person('root', { superuser: true })) },
  'somebody with a token': { ...nobody, restored: true },
  'somebody from another flow': { ...nobody, redirected: true },
};

const lets: Readonly<Record<AuthenticationRequirement, readonly string[]>> = {
  NONE: Object.keys(visitors),
  REQUIRE_AUTHENTICATED: ['somebody signed in', 'a superuser'],
  REQUIRE_UNAUTHENTICATED: ['nobody', 'somebody with a token', 'somebody from another flow'],
  REQUIRE_SUPERUSER: ['a superuser'],
  REQUIRE_REDIRECT: ['somebody from another flow'],
  REQUIRE_TOKEN: ['somebody with a token'],
};

describe("a flow's authentication requirement", () => {
  it.each(authenticationRequirements)('%s lets in exactly whom it names', (requirement) => {
    const admitted = Object.entries(visitors).filter(([, facts]) => meetsRequirement(requirement, facts));
    expect(admitted.map(([name]) => name)).toEqual(lets[requirement]);
  });

  it('asks for somebody who is signed in exactly where nobody else is let in', () => {
    const signedIn = ['somebody signed in', 'a superuser'];
    const asking = authenticationRequirements.filter(asksForViewer);
    expect(asking).toEqual(
      authenticationRequirements.filter((one) => lets[one].every((name) => signedIn.includes(name))),
    );
  });
});
