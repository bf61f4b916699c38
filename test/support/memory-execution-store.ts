import type { Effect } from '../../src/flow/effect.js';
import type { Execution } from '../../src/flow/execution.js';
import type {
  AnswerRecord,
  Claim,
  ClaimedExecution,
  ClaimRequest,
  Commit,
  ExecutionAddress,
  ExecutionStore,
  GivenResult,
} from '../../src/flow/execution-store.js';

interface Kept {
  readonly ownerHash: string;
  readonly execution: Execution;
  readonly version: number;
  readonly claim: string | null;
  readonly given: ReadonlyMap<string, GivenResult>;
}

/** Keeps executions and what their commits asked for; requests come one at a time, so claims never lapse. */
export class MemoryExecutionStore implements ExecutionStore {
  /** The effects of every commit so far, in order. */
  readonly effects: Effect[] = [];
  readonly #kept = new Map<string, Kept>();
  #claims = 0;

  async insert({ execution, effects }: Commit, ownerHash: string): Promise<void> {
    this.#kept.set(execution.id, { ownerHash, execution, version: 1, claim: null, given: new Map() });
    this.effects.push(...effects);
  }

  async find(address: ExecutionAddress): Promise<Execution | undefined> {
    return this.#owned(address)?.execution;
  }

  async claim({ answer, now, ...address }: ClaimRequest): Promise<Claim> {
    const kept = this.#owned(address);
    if (!kept) return { type: 'unknown' };
    const { execution, version } = kept;
    const given = kept.given.get(keyOf(answer));
    if (given) return { type: 'answered', execution, given };
    const current = execution.step.type === 'challenge' && execution.step.id === answer.challengeId;
    if (!current) return { type: 'stale', execution };
    if (execution.expiresAt <= now) return { type: 'expired', execution };
    if (kept.claim !== null) return { type: 'busy' };
    const claim = `claim-${(this.#claims += 1)}`;
    this.#kept.set(execution.id, { ...kept, claim });
    return { type: 'claimed', claimed: { execution, version, claim } };
  }

  async commit(
    claimed: ClaimedExecution,
    { execution, effects }: Commit,
    answer: AnswerRecord,
    result: GivenResult,
  ): Promise<boolean> {
    const kept = this.#kept.get(execution.id);
    if (kept?.claim !== claimed.claim || kept.version !== claimed.version) return false;
    const given = new Map([...kept.given, [keyOf(answer), result]]);
    this.#kept.set(execution.id, { ...kept, execution, version: kept.version + 1, claim: null, given });
    this.effects.push(...effects);
    return true;
  }

  async release({ execution, claim }: ClaimedExecution): Promise<void> {
    const kept = this.#kept.get(execution.id);
    if (kept?.claim === claim) this.#kept.set(execution.id, { ...kept, claim: null });
  }

  async replace(
    address: ExecutionAddress,
    change: (execution: Execution) => Commit | undefined,
  ): Promise<Execution | undefined> {
    const kept = this.#owned(address);
    if (!kept) return undefined;
    const commit = change(kept.execution);
    if (!commit) return kept.execution;
    const { execution, effects } = commit;
    this.#kept.set(execution.id, { ...kept, execution, version: kept.version + 1, claim: null });
    this.effects.push(...effects);
    return execution;
  }

  #owned({ executionId, ownerHash, client }: ExecutionAddress): Kept | undefined {
    const kept = this.#kept.get(executionId);
    return kept?.ownerHash === ownerHash && kept.execution.client === client ? kept : undefined;
  }
}

function keyOf({ challengeId, mac }: AnswerRecord): string {
  return `${challengeId} ${mac}`;
}
