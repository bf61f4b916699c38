import type { Execution } from '../flow/execution.js';
import type {
  AnswerRecord,
  Claim,
  ClaimedExecution,
  ClaimRequest,
  Commit,
  ExecutionAddress,
  ExecutionStore,
  GivenResult,
} from '../flow/execution-store.js';

/**
 * Announces which executions have changed, and that there is mail to send, once that is committed. Nobody can have
 * followed an execution that is new.
 */
export class AnnouncingExecutionStore implements ExecutionStore {
  constructor(
    private readonly store: ExecutionStore,
    private readonly changes: { announce(executionId: string): void },
    private readonly mail: { wake(): void },
  ) {}

  async insert(commit: Commit, ownerHash: string): Promise<void> {
    await this.store.insert(commit, ownerHash);
    this.#announceEffects(commit);
  }

  find(address: ExecutionAddress): Promise<Execution | undefined> {
    return this.store.find(address);
  }

  claim(request: ClaimRequest): Promise<Claim> {
    return this.store.claim(request);
  }

  async commit(
    claimed: ClaimedExecution,
    commit: Commit,
    answer: AnswerRecord,
    given: GivenResult,
  ): Promise<boolean> {
    const written = await this.store.commit(claimed, commit, answer, given);
    if (!written) return false;
    this.changes.announce(commit.execution.id);
    this.#announceEffects(commit);
    return true;
  }

  release(claimed: ClaimedExecution): Promise<void> {
    return this.store.release(claimed);
  }

  async replace(
    address: ExecutionAddress,
    change: (execution: Execution) => Commit | undefined,
  ): Promise<Execution | undefined> {
    const attempt: { commit?: Commit | undefined } = {};
    const execution = await this.store.replace(address, (before) => (attempt.commit = change(before)));
    if (execution && attempt.commit) {
      this.changes.announce(execution.id);
      this.#announceEffects(attempt.commit);
    }
    return execution;
  }

  /** There are messages to send; and what waits for a link has changed when that was confirmed. */
  #announceEffects({ effects }: Commit): void {
    if (effects.some(({ type }) => type === 'sendMail' || type === 'sendText')) this.mail.wake();
    for (const effect of effects) {
      if (effect.type === 'confirmMailLink') this.changes.announce(effect.executionId);
    }
  }
}
