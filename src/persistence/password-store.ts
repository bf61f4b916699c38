import { Secret } from '../kernel/secret.js';
import { builtInPasswordRule, lengthProblem, passwordProblem } from '../flow/password-rule.js';
import type { PasswordStrength } from '../flow/services/password-strength.js';
import type { Passwords, PasswordVerdict } from '../flow/services/passwords.js';
import { NOBODY } from '../flow/services/users.js';
import type { PasswordHasher } from '../identity/password-hasher.js';
import type { Sql } from './tables.js';

export class SqlPasswords implements Passwords {
  constructor(
    private readonly db: Sql,
    private readonly hasher: PasswordHasher,
    private readonly strength: PasswordStrength,
  ) {}

  expectCapacity(): void {
    this.hasher.expectCapacity();
  }

  async verify(userId: string | null, password: Secret): Promise<PasswordVerdict> {
    // Nobody's password is looked up like anybody's, so that the two take the same time.
    const row = await this.db
      .selectFrom('password as p')
      .innerJoin('user_account as u', 'u.id', 'p.user_id')
      .select(['p.hash', 'p.compromised_at', 'u.active'])
      .where('p.user_id', '=', userId ?? NOBODY)
      .executeTakeFirst();
    const verdict = await this.hasher.verify(password, row?.hash ?? null);
    const right = verdict.valid && row?.active === true;
    const compromised = right && row.compromised_at !== null;
    const { rehashed } = verdict;
    return {
      valid: right && !compromised,
      compromised,
      rehash:
        right && !compromised && rehashed !== null
          ? { from: new Secret(row.hash), to: new Secret(rehashed) }
          : null,
    };
  }

  async isCompromised(userId: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('password')
      .select('compromised_at')
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row !== undefined && row.compromised_at !== null;
  }

  async hash(password: Secret): Promise<Secret> {
    const problem = lengthProblem(password);
    if (problem) throw new Error(`a password that is ${problem.code} must not be stored`);
    return new Secret(await this.hasher.hash(password));
  }

  problem(password: Secret, contextWords: readonly string[]): ReturnType<Passwords['problem']> {
    return passwordProblem(password, contextWords, builtInPasswordRule, this.strength);
  }
}
