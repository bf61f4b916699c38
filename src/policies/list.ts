import type { PolicyKindDefinition } from './define.js';
import { dummyPolicy } from './dummy/policy.js';
import { expressionPolicy } from './expression/policy.js';
import { passwordExpiryPolicy } from './password-expiry/policy.js';
import { passwordPolicy } from './password/policy.js';
import { uniquePasswordPolicy } from './unique-password/policy.js';

/** Every policy kind there is. Schema, contract tests and the README's table follow from this list. */
export const policyKinds: readonly PolicyKindDefinition[] = [
  expressionPolicy,
  passwordPolicy,
  passwordExpiryPolicy,
  uniquePasswordPolicy,
  dummyPolicy,
];
