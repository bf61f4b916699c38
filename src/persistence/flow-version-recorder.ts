import { createHash } from 'node:crypto';

import { sql } from 'kysely';

import type { JsonObject } from '../kernel/json.js';
import type { Actor } from '../flow/change.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { FlowDefinition } from '../flow/definition.js';
import { flowParts, stateOf } from '../flow/flow-parts.js';
import type { DescribeFlow, FlowVersionReason } from '../flow/flow-versions.js';
import { readDefinitions } from './catalogue-store.js';
import { anyOf } from './tables.js';
import type { SqlTransaction } from './tables.js';

/** Few enough for the number of parameters that a statement can have. */
const BATCH = 500;

/** A flow that consists of something else than when it was described last. */
interface ChangedFlow {
  readonly flow: FlowDefinition;
  readonly parts: ReturnType<typeof flowParts>;
  readonly state: string;
  /** Of its newest version; null where there is none. */
  readonly fingerprint: string | null;
}

interface Description extends ChangedFlow {
  readonly document: JsonObject;
  readonly groupIds: ReadonlySet<string>;
  /** What the document amounts to now. */
  readonly amounts: string;
}

/** Makes versions of flows. */
export class FlowVersionRecorder {
  constructor(private readonly describe: DescribeFlow) {}

  /**
   * Makes a version of every flow that is not what its newest version says any more, in the transaction of what has
   * changed it and under the catalogue's lock; says of how many. Flows of which nothing has changed are not described.
   */
  async record(trx: SqlTransaction, by: Actor, reason: FlowVersionReason): Promise<number> {
    const catalogue = await readDefinitions(trx);
    const described = (await changedFlows(trx, catalogue)).map((flow) => this.#described(flow, catalogue));
    const changed = described.filter(({ amounts, fingerprint }) => amounts !== fingerprint);
    await insertVersions(trx, changed, by, reason);
    await noteStates(trx, described);
    return changed.length;
  }

  #described(changed: ChangedFlow, catalogue: Catalogue): Description {
    const groupIds = new Set<string>();
    const document = this.describe(changed.flow, catalogue, {
      group(id) {
        groupIds.add(id);
        return id;
      },
      user: (id) => id,
    });
    return { ...changed, document, groupIds, amounts: digest(JSON.stringify(document)) };
  }
}

async function changedFlows(trx: SqlTransaction, catalogue: Catalogue): Promise<ChangedFlow[]> {
  const rows = await trx
    .selectFrom('flow as f')
    .leftJoin('flow_version as v', (join) =>
      join.onRef('v.flow_id', '=', 'f.id').onRef('v.number', '=', 'f.current_version'),
    )
    .select(['f.id', 'f.described_state', 'v.fingerprint'])
    .execute();
  const known = new Map(rows.map((row) => [row.id, row]));
  return catalogue.flows.flatMap((flow) => {
    const parts = flowParts(flow, catalogue);
    const state = digest(stateOf(parts));
    const { described_state: before, fingerprint = null } = known.get(flow.id) ?? {};
    return before === state ? [] : [{ flow, parts, state, fingerprint }];
  });
}

async function insertVersions(
  trx: SqlTransaction,
  changed: readonly Description[],
  { userId, apiTokenId, now }: Actor,
  reason: FlowVersionReason,
): Promise<void> {
  const names = await namesOfGroups(
    trx,
    changed.flatMap(({ groupIds }) => [...groupIds]),
  );
  const rows = changed.map(({ flow, parts, document, amounts, groupIds }) => ({
    flow_id: flow.id,
    number: flow.currentVersion + 1,
    reason,
    document: JSON.stringify(document),
    fingerprint: amounts,
    objects: Object.fromEntries([
      ...parts.flatMap(({ id, name }): [string, string][] => (name === null ? [] : [[name, id]])),
      ...[...groupIds].map((id): [string, string] => [`group:${names.get(id) ?? id}`, id]),
    ]),
    author: userId,
    api_token_id: apiTokenId,
    created_at: now,
  }));
  for (let done = 0; done < rows.length; done += BATCH)
    await trx
      .insertInto('flow_version')
      .values(rows.slice(done, done + BATCH))
      .execute();
}

async function namesOfGroups(
  trx: SqlTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom('user_group')
    .select(['id', 'name'])
    .where('id', '=', anyOf([...new Set(ids)]))
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** So that what has been described, and was found to be the same, is not described again with the next edit. */
async function noteStates(trx: SqlTransaction, described: readonly Description[]): Promise<void> {
  if (described.length === 0) return;
  const noted = described.map(({ flow, state, amounts, fingerprint }) => ({
    ...{ id: flow.id, state },
    number: amounts === fingerprint ? flow.currentVersion : flow.currentVersion + 1,
  }));
  await sql`
    update flow set described_state = n.state, current_version = n.number
    from json_to_recordset(${JSON.stringify(noted)}::json) as n (id uuid, state text, number int)
    where flow.id = n.id`.execute(trx);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
