import type { Proof } from './outcome.js';

/**
 * How sure a session can be of its person (NIST SP 800-63B-4), from what was verified. Everything that can be
 * proved so far is one factor at the most.
 */
export function assuranceLevel(proofs: readonly Proof[]): number {
  return proofs.length === 0 ? 0 : 1;
}
