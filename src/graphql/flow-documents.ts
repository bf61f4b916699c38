import type { JsonObject } from '../kernel/json.js';
import { subjectsOf, withSubjects } from '../blueprints/subjects.js';
import { nameThen } from '../flow/flow-versions.js';
import type { FlowRecord, FlowVersionName } from '../flow/flow-versions.js';
import type { StageKindDefinition } from '../stages/define.js';
import { expectPermissions } from './authorization.js';
import type { RequestContext } from './context.js';
import { found } from './edit.js';

/** What a version of a flow says of an account that is gone: a name that somebody else could have by now says nothing. */
const GONE = '(deleted)';

/** What a flow was like in one of its versions; refuses where there is no such version. */
export async function recordOf(name: FlowVersionName, { flowRecords }: RequestContext): Promise<FlowRecord> {
  return found('version', await flowRecords.load(name));
}

/**
 * What a flow was like, with what the groups and the people in it are called now. Refuses whoever may not see groups or
 * people, where there are any in it.
 */
export async function readableDocument(
  record: FlowRecord,
  stageKinds: readonly StageKindDefinition[],
  context: RequestContext,
): Promise<JsonObject> {
  const { document } = record;
  const { groups, users } = subjectsOf(document, stageKinds);
  if (groups.size > 0) await expectPermissions(context, ['GROUP_VIEW']);
  if (users.size > 0) await expectPermissions(context, ['USER_VIEW']);
  const namesOfGroups = await namesOf(groups, async (id) => (await context.groups.load(id))?.name);
  const namesOfUsers = await namesOf(users, async (id) => (await context.users.load(id))?.username);
  return withSubjects(document, stageKinds, {
    group: (id) => namesOfGroups.get(id) ?? `${nameThen('group', id, record)} ${GONE}`.trimStart(),
    user: (id) => namesOfUsers.get(id) ?? GONE,
  });
}

async function namesOf(
  ids: ReadonlySet<string>,
  nameOf: (id: string) => Promise<string | undefined>,
): Promise<ReadonlyMap<string, string | undefined>> {
  return new Map(await Promise.all([...ids].map(async (id) => [id, await nameOf(id)] as const)));
}
