import type { PolicyKindDefinition } from './define.js';
import { conditionPolicy } from './condition/policy.js';
import { dummyPolicy } from './dummy/policy.js';
import { eventMatcherPolicy } from './event-matcher/policy.js';
import { expressionPolicy } from './expression/policy.js';
import { geoipPolicy } from './geoip/policy.js';
import { passwordExpiryPolicy } from './password-expiry/policy.js';
import { passwordPolicy } from './password/policy.js';
import { reputationPolicy } from './reputation/policy.js';
import { uniquePasswordPolicy } from './unique-password/policy.js';

/** Every policy kind there is. Schema, contract tests and the README's table follow from this list. */
export const policyKinds: readonly PolicyKindDefinition[] = [
  conditionPolicy,
  expressionPolicy,
  passwordPolicy,
  passwordExpiryPolicy,
  uniquePasswordPolicy,
  reputationPolicy,
  geoipPolicy,
  eventMatcherPolicy,
  dummyPolicy,
];
