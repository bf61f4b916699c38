import type { z } from 'zod';

import type { Json, JsonObject } from '../kernel/json.js';

/**
 * One typed entry of an execution's context. The codec both checks what is read back from storage and says
 * what may be written; values are JSON. The value of a secret key is encrypted at rest and never shown to a
 * policy.
 */
export class ContextKey<T extends Json> {
  constructor(
    readonly name: string,
    private readonly codec: z.ZodType<T>,
    readonly secret: boolean,
  ) {}

  to(value: T): ContextChange {
    return { key: this.name, secret: this.secret, value: this.codec.parse(value) };
  }

  cleared(): ContextChange {
    return { key: this.name, secret: this.secret, value: undefined };
  }

  /** The value, or undefined where the key is not set. Throws where what is stored is not what the key holds. */
  read(stored: Json | undefined): T | undefined {
    return stored === undefined ? undefined : this.codec.parse(stored);
  }

  /** Whether `read` would take it. */
  accepts(stored: Json | undefined): boolean {
    return stored === undefined || this.codec.safeParse(stored).success;
  }
}

export function contextKey<T extends Json>(name: string, codec: z.ZodType<T>): ContextKey<T> {
  return new ContextKey(name, codec, false);
}

export function secretContextKey<T extends Json>(name: string, codec: z.ZodType<T>): ContextKey<T> {
  return new ContextKey(name, codec, true);
}

export interface ContextChange {
  readonly key: string;
  readonly secret: boolean;
  readonly value: Json | undefined;
}

/** What an execution has learnt so far. Immutable: changes make a new one. */
export class Context {
  static readonly empty = new Context({}, {});

  constructor(
    readonly open: JsonObject,
    readonly secret: JsonObject,
  ) {}

  get<T extends Json>(key: ContextKey<T>): T | undefined {
    return key.read(own(key.secret ? this.secret : this.open, key.name));
  }

  with(changes: readonly ContextChange[]): Context {
    if (changes.length === 0) return this;
    const open = new Map(Object.entries(this.open));
    const secret = new Map(Object.entries(this.secret));
    for (const change of changes) {
      const entries = change.secret ? secret : open;
      if (change.value === undefined) entries.delete(change.key);
      else entries.set(change.key, change.value);
    }
    return new Context(Object.fromEntries(open), Object.fromEntries(secret));
  }
}

function own(entries: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}
