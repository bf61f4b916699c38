import pg from 'pg';

import { Batches } from './batches.js';

/** One channel of the database; what is said on it are the ids of executions that have changed. */
const CHANNEL = 'stagedoor_execution';

/** A connection that listens. */
export interface Listening {
  close(): Promise<void>;
}

/**
 * What processes on one PostgreSQL server tell each other beside the tables. Nothing of it is kept: who does not
 * listen at that moment has missed it.
 */
export class Notifications {
  /**
   * A statement of its own after the transaction that it is about, and only one at a time: PostgreSQL lets
   * transactions that notify commit one after the other, whatever else they have done and in whatever database.
   */
  readonly #unsaid: Batches;

  constructor(
    private readonly pool: pg.Pool,
    report: (error: unknown) => void,
  ) {
    const statement = 'select pg_notify($1, said) from unnest($2::text[]) as said';
    this.#unsaid = new Batches((texts) => pool.query(statement, [CHANNEL, texts]), report);
  }

  /** Says something to every process that listens, this one included. Nobody waits for it, and it fails for nobody. */
  say(text: string): void {
    this.#unsaid.add(text);
  }

  /** Opens a connection that listens, and resolves once it does. `lost` is told when it does no longer. */
  async listen(hear: (text: string) => void, lost: () => void): Promise<Listening> {
    const client = new pg.Client(this.pool.options);
    // An error without a listener would end the process; the end of the connection, which follows, is what counts.
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => hear(payload ?? ''));
    client.on('end', lost);
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      await client.end();
      throw error;
    }
    return { close: () => client.end() };
  }

  /** Settles once everything has been said. */
  close(): Promise<void> {
    return this.#unsaid.settled();
  }
}
