import type { CompanionEditor } from '../../flow/definition-store.js';
import type { Entry } from '../entries.js';
import type { Draft, Step } from './draft.js';
import { given } from './fields.js';
import type { Symbols } from './symbols.js';

type GroupStanding = Extract<Entry, { type: 'group' }>;

/** A group: whether it is there, what it lies within, and whether it makes superusers. Who is in it is nobody's here. */
export function planGroup(draft: Draft, symbols: Symbols, { name, state, path, value }: GroupStanding): void {
  const wanted = { area: 'GROUP', object: `group:${name}`, state, path } as const;
  const present = draft.scene.groups.get(name);
  const action = draft.decide(wanted, present !== undefined);
  if (!action) return;
  const id = symbols.idOf('group', name);
  if (action === 'DELETE') {
    draft.change('DELETE', wanted, [], {
      phase: 'deletingGroups',
      perform: (editor) => editor.deleteGroup(id),
    });
    return;
  }
  const { superuser, parents } = value;
  const parentIds = parents?.map((parent, index) =>
    symbols.resolve('group', parent, [...path, 'parents', index]),
  );
  if (action === 'CREATE') {
    const fields = { name, superuser: superuser ?? false, permissions: [], parentIds: [] };
    draft.change(
      'CREATE',
      wanted,
      ['name', ...Object.keys(given({ superuser, parents }))],
      { phase: 'groups', perform: (editor) => editor.createGroup(fields, id) },
      // What it lies within may be made after it.
      ...(parentIds ? [{ phase: 'nestingGroups' as const, perform: nest(id, { parentIds }) }] : []),
    );
    return;
  }
  const fields = [
    ...(superuser === undefined || superuser === present?.superuser ? [] : ['superuser']),
    ...(parentIds && isOther(parentIds, present?.parentIds ?? []) ? ['parents'] : []),
  ];
  if (fields.length === 0) return draft.unchanged(wanted);
  const changes = given({ superuser, parentIds });
  draft.change('UPDATE', wanted, fields, { phase: 'nestingGroups', perform: nest(id, changes) });
}

function nest(id: string, changes: Parameters<CompanionEditor['updateGroup']>[1]): Step['perform'] {
  return (editor) => editor.updateGroup(id, changes);
}

function isOther(wanted: readonly string[], present: readonly string[]): boolean {
  const [before, after] = [new Set(present), new Set(wanted)];
  return before.size !== after.size || [...after].some((id) => !before.has(id));
}
