import type { AuthenticationRequirement } from './definition.js';
import type { Viewer } from './stage-kind.js';

export interface RequirementFacts {
  readonly viewer: Viewer | null;
  /** Whether the execution was opened with a flow token. */
  readonly restored: boolean;
  /** Whether another flow has led to this one. */
  readonly redirected: boolean;
}

/** Whether a flow's authentication requirement is met by the request; the pending user plays no part in it. */
export function meetsRequirement(requirement: AuthenticationRequirement, facts: RequirementFacts): boolean {
  switch (requirement) {
    case 'NONE':
      return true;
    case 'REQUIRE_AUTHENTICATED':
      return facts.viewer !== null;
    case 'REQUIRE_UNAUTHENTICATED':
      return facts.viewer === null;
    case 'REQUIRE_SUPERUSER':
      return facts.viewer?.user.superuser === true;
    case 'REQUIRE_REDIRECT':
      return facts.redirected;
    case 'REQUIRE_TOKEN':
      return facts.restored;
  }
}

/** Whether only people who are signed in can meet a requirement. */
export function asksForViewer(requirement: AuthenticationRequirement): boolean {
  return requirement === 'REQUIRE_AUTHENTICATED' || requirement === 'REQUIRE_SUPERUSER';
}
