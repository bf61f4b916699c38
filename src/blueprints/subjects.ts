import { z } from 'zod';

import { isJsonList, isJsonObject } from '../kernel/json.js';
import type { Json, JsonObject } from '../kernel/json.js';
import { mapReferenceValues } from '../stages/configuration.js';
import { referenceValue } from './document.js';
import type { StageKindDefinition } from '../stages/define.js';

/** What to call otherwise in a document, each by what it is called there. */
export interface OtherNames {
  readonly group: (name: string) => string;
  readonly user: (name: string) => string;
  /** Of flows that stages lead to; by default what they are called. */
  readonly flow?: (slug: string) => string;
}

/** Whom a document speaks of. */
export interface Subjects {
  readonly groups: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
}

/** What the groups and the people in a document are called there. */
export function subjectsOf(document: JsonObject, stageKinds: readonly StageKindDefinition[]): Subjects {
  const [groups, users] = [new Set<string>(), new Set<string>()];
  const noted = (names: Set<string>) => (name: string) => {
    names.add(name);
    return name;
  };
  withSubjects(document, stageKinds, { group: noted(groups), user: noted(users) });
  return { groups, users };
}

/** The document with other names for the groups and the people in it, and the flows that it leads to. */
export function withSubjects(
  document: JsonObject,
  stageKinds: readonly StageKindDefinition[],
  names: OtherNames,
): JsonObject {
  const kinds = new Map(stageKinds.map((kind) => [kind.name, kind]));
  const guard = (place: JsonObject): JsonObject => ({
    ...place,
    ...(typeof place.group === 'string' && { group: names.group(place.group) }),
    ...(typeof place.user === 'string' && { user: names.user(place.user) }),
  });
  const guarded = (target: JsonObject): JsonObject => ({
    ...target,
    ...(target.policies !== undefined && { policies: eachObject(target.policies, guard) }),
  });
  const entry = (object: JsonObject): JsonObject => {
    if (typeof object.group === 'string') return { ...object, group: names.group(object.group) };
    if (typeof object.stage === 'string') return { ...object, ...configOf(object, kinds, names) };
    if (object.stages === undefined) return guarded(object);
    return { ...guarded(object), stages: eachObject(object.stages, guarded) };
  };
  return { ...document, entries: eachObject(document.entries, entry) };
}

/** The configuration of a stage, with other names for the groups in it. */
function configOf(
  { kind: kindName, config }: JsonObject,
  kinds: ReadonlyMap<string, StageKindDefinition>,
  names: OtherNames,
): { readonly config?: JsonObject } {
  const kind = kinds.get(typeof kindName === 'string' ? kindName : '');
  if (!kind || !isJsonObject(config)) return {};
  const mapped = mapReferenceValues(kind, config, (value, { to }) => {
    const call = to === 'group' || to === 'flow' ? names[to] : undefined;
    const reference = referenceValue.safeParse(value);
    if (!call || !reference.success) return value;
    return { ref: `${to}:${call(reference.data.ref.slice(to.length + 1))}` };
  });
  return { config: jsonObject.parse(mapped) };
}

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

function eachObject(list: Json | undefined, change: (object: JsonObject) => JsonObject): readonly Json[] {
  return isJsonList(list) ? list.map((item) => (isJsonObject(item) ? change(item) : item)) : [];
}
