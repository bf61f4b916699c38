import bcrypt from 'bcrypt';
import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';

import { Refusal } from '../kernel/refusal.js';
import type { Secret } from '../kernel/secret.js';
import type { KeyRing } from './key-ring.js';

const SCHEME = 'bcrypt-hmac-sha256';
const COST = 12;
/** How many may wait: at a cost of 12 a core checks about four a second. */
const LONGEST_QUEUE = 64;

export interface HashVerdict {
  readonly valid: boolean;
  /** Set where the password is right and its hash is of an outdated kind. */
  readonly rehashed: string | null;
}

/**
 * Hashes passwords with bcrypt, off the main thread and a few at a time. A password is first put through a keyed
 * SHA-256, so that bcrypt never cuts it at 72 bytes, and a stolen table is of no use without the key. Stored form:
 * `scheme:key id:bcrypt's own text`.
 */
export class PasswordHasher {
  readonly #queue = new PQueue({ concurrency: availableParallelism() });
  readonly #decoy: Promise<string>;

  constructor(
    private readonly keys: KeyRing,
    private readonly cost = COST,
  ) {
    // What nobody's password is compared with, at the same cost as anybody's.
    this.#decoy = bcrypt.hash(this.#prepare('', keys.writingKeyId), cost);
  }

  /** Throws the refusal UNAVAILABLE where too many are waiting already. */
  expectCapacity(): void {
    if (this.#queue.size < LONGEST_QUEUE) return;
    const message = 'Too many passwords are being checked at the moment. Try again in a while.';
    throw new Refusal('UNAVAILABLE', message);
  }

  async hash(password: Secret): Promise<string> {
    const keyId = this.keys.writingKeyId;
    const prepared = this.#prepare(password.reveal(), keyId);
    return `${SCHEME}:${keyId}:${await this.#queued(() => bcrypt.hash(prepared, this.cost))}`;
  }

  /** Compares with a stored hash; without one, does the same work in vain. */
  async verify(password: Secret, stored: string | null): Promise<HashVerdict> {
    const parts = stored === null ? undefined : parse(stored);
    const keyId = parts && this.keys.has(parts.keyId) ? parts.keyId : this.keys.writingKeyId;
    const prepared = this.#prepare(password.reveal(), keyId);
    const against = parts?.keyId === keyId ? parts.hash : await this.#decoy;
    const equal = await this.#queued(() => bcrypt.compare(prepared, against));
    const valid = equal && against === parts?.hash;
    return { valid, rehashed: valid && this.#isOutdated(parts) ? await this.hash(password) : null };
  }

  /** Exact but for Unicode's normal form C: the same characters, however they were typed, are the same password. */
  #prepare(password: string, keyId: string): string {
    return this.keys.mac('password', password.normalize('NFC'), keyId);
  }

  #isOutdated({ keyId, hash }: StoredHash): boolean {
    return keyId !== this.keys.writingKeyId || bcrypt.getRounds(hash) < this.cost;
  }

  async #queued(work: () => Promise<string>): Promise<string>;
  async #queued(work: () => Promise<boolean>): Promise<boolean>;
  async #queued(work: () => Promise<string | boolean>): Promise<string | boolean> {
    this.expectCapacity();
    return this.#queue.add(work);
  }
}

interface StoredHash {
  readonly keyId: string;
  readonly hash: string;
}

function parse(stored: string): StoredHash | undefined {
  const [scheme, keyId, hash] = stored.split(':');
  return scheme === SCHEME && keyId !== undefined && hash !== undefined ? { keyId, hash } : undefined;
}
