import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import type {
  FlowRecord,
  FlowVersion,
  FlowVersionName,
  FlowVersionPage,
  FlowVersionPageRequest,
  FlowVersions,
} from '../flow/flow-versions.js';
import { isId, moment } from './tables.js';
import type { Sql, Tables } from './tables.js';

type VersionColumns = Selectable<Tables['flow_version']>;

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** The largest number that the column can have. */
const LARGEST = 2_147_483_647;

/** Reads versions of flows, in one statement for each call. */
export class SqlFlowVersions implements FlowVersions {
  constructor(private readonly db: Sql) {}

  async pages(requests: readonly FlowVersionPageRequest[]): Promise<FlowVersionPage[]> {
    const wanted = requests.map((request, place) => ({ ...request, place }));
    const { rows } = await sql<Omit<VersionColumns, 'document' | 'objects'> & { place: number }>`
      select r.place, v.*
      from json_to_recordset(${JSON.stringify(wanted)}::json)
        as r (place int, "flowId" uuid, size int, "after" int)
      cross join lateral (
        select flow_id, number, reason, author, api_token_id, created_at
        from flow_version
        where flow_id = r."flowId" and (r."after" is null or number < r."after")
        order by number desc
        limit r.size + 1
      ) v
      order by r.place, v.number desc`.execute(this.db);
    const found = Map.groupBy(rows, (row) => row.place);
    return wanted.map(({ place, size }) => {
      const own = found.get(place) ?? [];
      return { versions: own.slice(0, size).map(versionOf), hasMore: own.length > size };
    });
  }

  async records(names: readonly FlowVersionName[]): Promise<(FlowRecord | undefined)[]> {
    const wanted = names.filter(({ flowId, number }) => isId(flowId) && Math.abs(number) <= LARGEST);
    const { rows } = await sql<Pick<VersionColumns, 'flow_id' | 'number' | 'document' | 'objects'>>`
      select v.flow_id, v.number, v.document, v.objects
      from json_to_recordset(${JSON.stringify(wanted)}::json) as r ("flowId" uuid, number int)
      join flow_version v on v.flow_id = r."flowId" and v.number = r.number`.execute(this.db);
    const found = new Map(rows.map((row) => [`${row.flow_id} ${row.number}`, row]));
    return names.map(({ flowId, number }) => {
      const row = found.get(`${flowId.toLowerCase()} ${number}`);
      if (!row) return undefined;
      const document = jsonObject.parse(JSON.parse(row.document));
      return { document, objects: new Map(Object.entries(row.objects)) };
    });
  }
}

function versionOf(row: Omit<VersionColumns, 'document' | 'objects' | 'fingerprint'>): FlowVersion {
  return {
    flowId: row.flow_id,
    number: row.number,
    reason: row.reason,
    authorId: row.author,
    apiTokenId: row.api_token_id,
    createdAt: moment(row.created_at),
  };
}
