import type { Actor } from './change.js';

/** That somebody has agreed to something. */
export interface Consent {
  readonly id: string;
  readonly userId: string;
  /** What the stage is called that asked. */
  readonly stageName: string;
  /** The ids of what was agreed to. */
  readonly permissions: readonly string[];
  readonly grantedAt: Date;
  /** Null for good. */
  readonly expiresAt: Date | null;
}

/** Lists and revokes what people have agreed to. What has expired is not there any more. */
export interface ConsentRecords {
  /** The consents of each of these people, the newest first. */
  ofUsers(userIds: readonly string[], now: Date): Promise<Consent[][]>;
  byId(id: string, now: Date): Promise<Consent | undefined>;
  /**
   * Revokes a consent, and records that. Refuses as NOT_FOUND where it is not there, and as FORBIDDEN where its person is
   * somebody else, who may do more than whoever revokes it.
   */
  revoke(id: string, by: Actor): Promise<void>;
}
