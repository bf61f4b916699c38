import type { ServerDatabase } from '../server-database.js';

/** The rows of one table's next game, as PostgreSQL reads them, and what of the last game goes. */
export interface DealtRows {
  readonly flowId: string;
  readonly oldStageIds: readonly string[];
  readonly stages: readonly object[];
  readonly places: readonly object[];
  readonly guards: readonly object[];
  readonly policies: readonly object[];
  readonly username: string;
}

/**
 * Lays out the flows of the next games, several at once and in one statement: over GraphQL that would take longer than
 * the games, and each change of the definitions makes both nodes read all of them again.
 */
export class Dealer {
  #waiting: { readonly rows: DealtRows; readonly settle: (result: Promise<void>) => void }[] = [];

  constructor(
    private readonly database: ServerDatabase,
    private tables: number,
  ) {}

  /** Settles once half of the tables, or all that are left, have waited for their rows and have got them. */
  deal(rows: DealtRows): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ rows, settle: resolve });
      this.#dealWhenEnough();
    });
  }

  /** Nobody waits any longer for a table at which no more games are played. */
  leave(): void {
    this.tables -= 1;
    this.#dealWhenEnough();
  }

  #dealWhenEnough(): void {
    if (this.#waiting.length === 0 || this.#waiting.length < Math.ceil(this.tables / 2)) return;
    const served = this.#waiting;
    this.#waiting = [];
    const dealt = this.#write(served.map(({ rows }) => rows));
    for (const { settle } of served) settle(dealt);
  }

  async #write(rows: readonly DealtRows[]): Promise<void> {
    await this.database.query(DEAL, [
      rows.map(({ flowId }) => flowId),
      rows.flatMap(({ oldStageIds }) => oldStageIds),
      JSON.stringify(rows.flatMap(({ stages }) => stages)),
      JSON.stringify(rows.flatMap(({ places }) => places)),
      JSON.stringify(rows.flatMap(({ guards }) => guards)),
      JSON.stringify(rows.flatMap(({ policies }) => policies)),
      rows.map(({ username }) => username),
    ]);
  }
}

/** Policy bindings go with the place that they guard. The new number makes both nodes read the definitions again. */
const DEAL = `with
  numbered as (update catalogue_version set version = version + 1),
  emptied as (delete from flow_stage_binding where flow_id = any($1::uuid[])),
  opened as (delete from policy_binding where flow_id = any($1::uuid[])),
  removed as (delete from stage where id = any($2::uuid[])),
  staged as (insert into stage (id, name, kind, config)
    select * from jsonb_to_recordset($3) as s(id uuid, name text, kind text, config jsonb)),
  placed as (insert into flow_stage_binding
      (id, flow_id, stage_id, "order", evaluate_on_plan, re_evaluate_policies, invalid_response_action, policy_engine_mode)
    select * from jsonb_to_recordset($4) as p(id uuid, flow_id uuid, stage_id uuid, "order" int, evaluate_on_plan boolean,
      re_evaluate_policies boolean, invalid_response_action text, policy_engine_mode text)),
  guarded as (insert into policy_binding
      (id, flow_id, stage_binding_id, policy_id, enabled, negate, failure_result, "order", timeout_seconds)
    select g.*, 0, 30 from jsonb_to_recordset($5) as g(id uuid, flow_id uuid, stage_binding_id uuid, policy_id uuid,
      enabled boolean, negate boolean, failure_result boolean)),
  swayed as (update policy set config = p.config
    from jsonb_to_recordset($6) as p(id uuid, config jsonb) where policy.id = p.id),
  housed as (insert into user_account (id, username, name, active, created_at)
    select gen_random_uuid(), username, '', true, now() from unnest($7::text[]) as username returning id, username)
  insert into user_identifier (canonical, user_id, is_username, is_email) select username, id, true, false from housed`;
