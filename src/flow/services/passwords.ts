import type { FieldProblem } from '../../kernel/refusal.js';
import type { Secret } from '../../kernel/secret.js';

export interface PasswordVerdict {
  /** Whether it proves who somebody is. */
  readonly valid: boolean;
  /** Whether it would, had not become known that others know it: it is the right one, and proves nothing. */
  readonly compromised: boolean;
  /** Set where the right password is stored under an outdated scheme, key or cost: what to store instead. */
  readonly rehash: { readonly from: Secret; readonly to: Secret } | null;
}

export interface Passwords {
  /** Throws the refusal UNAVAILABLE where too many passwords wait to be checked. */
  expectCapacity(): void;
  /**
   * Whether this is the person's password. Nobody (null), a person without a password and a disabled person
   * cost the same time as a wrong password, and are answered alike.
   */
  verify(userId: string | null, password: Secret): Promise<PasswordVerdict>;
  /** Whether it is known that others know the person's password. */
  isCompromised(userId: string): Promise<boolean>;
  /** What to store for a new password. Throws where it is shorter or longer than any may be, whoever has judged it. */
  hash(password: Secret): Promise<Secret>;
  /**
   * What is wrong with a new password by the rule that is built in, or undefined. `contextWords` must not be what it
   * consists of.
   */
  problem(password: Secret, contextWords: readonly string[]): Promise<Omit<FieldProblem, 'path'> | undefined>;
}
