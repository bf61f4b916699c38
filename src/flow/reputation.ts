import { canonical } from '../kernel/text.js';
import type { FlowUser } from './services/users.js';

/** Under what name a person's behaviour is noted. */
export interface ReputationName {
  /** The account's username, or what was typed where there is no account; in canonical form. */
  readonly identifier: string;
  /** Whether it is the name of an account. What is not may be anything, a password typed into the wrong field too. */
  readonly known: boolean;
}

/** The same for every name by which an account can be called. */
export function reputationName(user: FlowUser | null | undefined, typed: string): ReputationName {
  return { identifier: canonical(user?.username ?? typed), known: user != null };
}
