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

/** Announces which executions have changed, once that is committed. Nobody can have followed one that is new. */
export class AnnouncingExecutionStore implements ExecutionStore {
  constructor(
    private readonly store: ExecutionStore,
    private readonly changes: { announce(executionId: string): void },
  ) {}

  async insert(commit: Commit, ownerHash: string): Promise<void> {
    await this.store.insert(commit, ownerHash);
    this.#announceConfirmed(commit);
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
    this.#announceConfirmed(commit);
    return true;
  }

  release(claimed: ClaimedExecution): Promise<void> {
    return this.store.release(claimed);
  }

  async replace(
    address: ExecutionAddress,
    change: (execution: Execution) => Commit | undefined,
  ): Promise<Execution | undefined> {
    const attempt = { changed: false };
    const execution = await this.store.replace(address, (before) => {
      const commit = change(before);
      attempt.changed = commit !== undefined;
      return commit;
    });
    if (execution && attempt.changed) this.changes.announce(execution.id);
    return execution;
  }

  /** Executions that wait for a link to be confirmed have changed when it was. */
  #announceConfirmed({ effects }: Commit): void {
    for (const effect of effects) {
      if (effect.type === 'confirmMailLink') this.changes.announce(effect.executionId);
    }
  }
}
