import type { ServerDatabase } from '../server-database.js';

/** What the database holds of one execution, and of the people of its game. */
export interface Records {
  readonly challengeId: string | null;
  readonly planned: readonly string[];
  readonly trail: readonly {
    readonly bindingId: string;
    readonly outcome: string;
    readonly proofs: readonly string[];
  }[];
  readonly answers: number;
  /** The usernames of those for whom it has opened sessions that are still there. */
  readonly sessions: readonly string[];
  readonly accounts: readonly { readonly name: string; readonly active: boolean }[];
}

interface StoredWalk extends Pick<Records, 'trail'> {
  readonly planned: readonly string[] | null;
  readonly plan: readonly (readonly [bindingId: string, ...unknown[]])[];
}

const RECORDS = `select e.challenge_id as "challengeId", e.state,
    (select count(*)::int from execution_answer a where a.execution_id = e.id) as answers, p.sessions, p.accounts
  from execution e, (
    select json_agg(json_build_object('name', i.canonical, 'active', u.active) order by i.canonical) as accounts,
      coalesce(json_agg(u.username) filter (where s.id is not null), '[]') as sessions
    from user_identifier i join user_account u on u.id = i.user_id
      left join session s on s.user_id = u.id and s.execution_id = $1
    where i.canonical = any($2)
  ) p where e.id = $1`;

export async function recordsOf(
  database: ServerDatabase,
  executionId: string,
  usernames: readonly string[],
): Promise<Records> {
  const [{ state, ...records }] = await database.query(RECORDS, [executionId, usernames]);
  return { ...records, ...walked(state) };
}

/** What was planned is kept only where it cannot be told from what is settled and what is still to come. */
function walked({ planned, trail, plan }: StoredWalk): Pick<Records, 'planned' | 'trail'> {
  return {
    trail,
    planned: planned ?? [...trail.map(({ bindingId }) => bindingId), ...plan.map(([id]) => id)],
  };
}

/** How often what can only happen by a flow has happened, whatever has become of it. */
export async function totalsOf(
  database: ServerDatabase,
): Promise<{ readonly writes: number; readonly logins: number; readonly sessions: number }> {
  const [totals] = await database.query(`select
    (select count(*)::int from event where action = 'USER_WRITTEN') as writes,
    (select count(*)::int from event where action = 'LOGIN') as logins,
    (select count(*)::int from session) as sessions`);
  return totals;
}

/** As if its time were over. */
export async function expire(database: ServerDatabase, executionId: string): Promise<void> {
  await database.query(`update execution set expires_at = now() - interval '1 second' where id = $1`, [
    executionId,
  ]);
}

/** There is no mutation for this yet. */
export async function enable(database: ServerDatabase, username: string, active: boolean): Promise<void> {
  await database.query(
    `update user_account set active = $2 where id = (select user_id from user_identifier where canonical = $1)`,
    [username, active],
  );
}
