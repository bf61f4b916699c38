import type { Clock } from '../kernel/clock.js';
import { Refusal } from '../kernel/refusal.js';
import type { ExecutionChanges, Watch } from '../flow/execution-changes.js';
import type { Listening, Notifications } from './notifications.js';
import { isId, moment } from './tables.js';
import type { Sql } from './tables.js';
import { isDatabaseUnavailable } from './unavailable.js';

/** So many watches of one process are looked after by one query, and told at once in a blink. */
const MOST_WATCHES = 1000;

export interface ExecutionChangesParts {
  readonly sql: Sql;
  readonly clock: Clock;
  /** What processes tell each other; undefined where there can be only one. */
  readonly notifications: Notifications | undefined;
  /** Does the work at once, and again and again with pauses of a few seconds, until it is stopped. */
  repeat(work: () => Promise<void>): () => Promise<void>;
  report(error: unknown): void;
}

/**
 * Tells watchers at once what this process has changed, and what others say that they have changed. Every few seconds
 * it looks for itself at all that is watched, in one query: a notification can be lost, and nobody announces that an
 * execution expires. While nobody watches, it neither listens nor looks.
 */
export class SqlExecutionChanges implements ExecutionChanges {
  readonly #watches = new Map<string, Set<LocalWatch>>();
  #count = 0;
  /** The version of each watched execution when it was last looked at. */
  #versions = new Map<string, number>();
  #endLookout: (() => Promise<void>) | undefined;
  #ending: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: ExecutionChangesParts) {}

  /** To be told after a change was committed. Nobody has to wait for what follows from it. */
  announce(executionId: string): void {
    this.#tell(executionId);
    this.parts.notifications?.say(executionId);
  }

  watch(executionId: string): Watch {
    if (this.#count >= MOST_WATCHES) {
      throw new Refusal('UNAVAILABLE', 'Too many executions are followed at the moment. Try again later.');
    }
    const id = executionId.toLowerCase();
    const watches = this.#watches.get(id) ?? new Set();
    const watch = new LocalWatch(
      () => this.#versions.delete(id),
      () => this.#leave(id, watch),
    );
    this.#watches.set(id, watches.add(watch));
    this.#count += 1;
    this.#endLookout ??= this.#keepLookout();
    return watch;
  }

  /** Ends every watch, and settles once everything has been announced. */
  async close(): Promise<void> {
    for (const watch of [...this.#watches.values()].flatMap((watches) => [...watches])) watch.stop();
    await this.#ending;
    await this.parts.notifications?.close();
  }

  #tell(executionId: string): void {
    for (const watch of this.#watches.get(executionId) ?? []) watch.tell();
  }

  #leave(id: string, watch: LocalWatch): void {
    const watches = this.#watches.get(id);
    if (watches?.delete(watch) !== true) return;
    this.#count -= 1;
    if (watches.size === 0) this.#watches.delete(id);
    if (this.#count > 0) return;
    this.#ending = Promise.all([this.#ending, this.#endLookout?.()]);
    this.#endLookout = undefined;
  }

  /** Listens and looks until it is ended. What is listened with may break; the next look begins by mending it. */
  #keepLookout(): () => Promise<void> {
    let listening: Listening | undefined;
    const stop = this.parts.repeat(async () => {
      // Looking comes second: what was said before anybody listened is seen then.
      listening ??= await this.#listen(() => (listening = undefined));
      await this.#look();
    });
    return async () => {
      await stop();
      await listening?.close();
    };
  }

  async #listen(lost: () => void): Promise<Listening | undefined> {
    try {
      return await this.parts.notifications?.listen((executionId) => this.#tell(executionId), lost);
    } catch (error) {
      this.parts.report(error);
      return undefined;
    }
  }

  async #look(): Promise<void> {
    const ids = [...this.#watches.keys()].filter(isId);
    if (ids.length === 0) return;
    const rows = await this.parts.sql
      .selectFrom('execution')
      .select(['id', 'version', 'expires_at'])
      .where('id', 'in', ids)
      .execute();
    const now = this.parts.clock.now();
    const before = this.#versions;
    this.#versions = new Map(rows.map(({ id, version }) => [id, version]));
    const unchanged = rows.filter(
      (row) => before.get(row.id) === row.version && moment(row.expires_at) > now,
    );
    const quiet = new Set(unchanged.map(({ id }) => id));
    for (const id of ids) if (!quiet.has(id)) this.#tell(id);
  }
}

/** What is told while nobody asks is kept, once, until somebody does. */
class LocalWatch implements Watch {
  #told = false;
  #stopped = false;
  #wake: () => void = () => undefined;

  constructor(
    /** Has the next look tell it, whatever it finds. */
    private readonly tellAgain: () => void,
    private readonly leave: () => void,
  ) {}

  tell(): void {
    this.#told = true;
    this.#wake();
  }

  async changed(): Promise<boolean> {
    if (!this.#told && !this.#stopped) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#told = false;
    return !this.#stopped;
  }

  missed(error: unknown): boolean {
    if (!isDatabaseUnavailable(error)) return false;
    this.tellAgain();
    return true;
  }

  stop(): void {
    this.#stopped = true;
    this.leave();
    this.#wake();
  }
}
