import { promptFieldKey } from '../flow/definition-rules.js';
import { verdict } from '../flow/policy-kind.js';
import type { PolicyVerdict } from '../flow/policy-kind.js';

/** Where a policy about new passwords finds the one that it judges. */
export const passwordField = promptFieldKey
  .default('password')
  .describe('The key of the prompt field that the password is typed into. Default: password.');

/** Nothing was typed, or the policy is asked where nothing is: there is nothing to find good. */
export function noPassword(field: string): PolicyVerdict {
  return verdict(false, ['Please choose a password.'], { field, read: { field, length: null } });
}
