import { isList as isTreeList, isMap } from '../tree.js';
import type { Tree } from '../tree.js';
import type { ObjectStatement } from './our-document.js';

const ALWAYS = ['username', 'email', 'name', 'password'];
const ATTRIBUTE = 'attributes.';

/**
 * Has stages that write accounts write the attributes that the forms of their flows ask for, or that invitations to these
 * decide: the relative writes whatever was collected, and here each of it has to be named.
 */
export function addWrites(all: ReadonlyMap<string, ObjectStatement>): void {
  const wanted = new Map<ObjectStatement, Set<string>>();
  for (const flow of all.values()) {
    if (flow.object !== 'flow') continue;
    const stages = [...flow.places.values()].flatMap(({ stage }) => all.get(`stage:${stage}`) ?? []);
    const keys = [...stages.flatMap((stage) => askedBy(stage, all)), ...decidedFor(flow.name, all)];
    for (const stage of stages) {
      if (stage.fields.get('kind')?.value !== 'user-write') continue;
      const collected = wanted.get(stage) ?? new Set<string>();
      for (const key of keys) if (key.startsWith(ATTRIBUTE)) collected.add(key);
      wanted.set(stage, collected);
    }
  }
  for (const [stage, keys] of wanted) {
    if (keys.size > 0) stage.set('writes', [...ALWAYS, ...[...keys].toSorted()], stage.path);
  }
}

function askedBy(stage: ObjectStatement, all: ReadonlyMap<string, ObjectStatement>): string[] {
  return listOf(stage.fields.get('fieldIds')?.value).flatMap((reference) => {
    const ref = isMap(reference) ? reference.ref : undefined;
    const key = typeof ref === 'string' ? all.get(ref)?.fields.get('key')?.value : undefined;
    return typeof key === 'string' ? [key] : [];
  });
}

function decidedFor(slug: string, all: ReadonlyMap<string, ObjectStatement>): string[] {
  return [...all.values()].flatMap((invitation) => {
    if (invitation.object !== 'invitation') return [];
    const flow = invitation.fields.get('flow')?.value ?? null;
    const data = invitation.fields.get('fixedData')?.value;
    return (flow === slug || flow === null) && isMap(data) ? Object.keys(data) : [];
  });
}

function listOf(tree: Tree | undefined): readonly Tree[] {
  return isTreeList(tree) ? tree : [];
}
