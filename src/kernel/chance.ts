import type { Secret } from './secret.js';

/** Where identifiers and secrets come from. Handed in, like time. */
export interface Chance {
  /** A UUID: unique, but not a secret. */
  id(): string;
  /** 256 bits from the operating system's generator, as base64url. */
  token(): Secret;
}
