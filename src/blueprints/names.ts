import type { Catalogue } from '../flow/catalogue.js';
import type { Entry } from './entries.js';

const GROUP = 'group:';

/** Everything that a document names and that is no definition, so that it has to be looked up. */
export function namesIn(entries: readonly Entry[]): {
  readonly groups: string[];
  readonly users: string[];
  readonly invitations: string[];
} {
  const guards = entries.flatMap((entry) =>
    entry.type === 'flow'
      ? [entry.value, ...(entry.value.stages ?? [])].flatMap(({ policies = [] }) => policies)
      : [],
  );
  const groups = entries.flatMap((entry) => {
    if (entry.type === 'group') return [entry.name, ...(entry.value.parents ?? [])];
    return entry.type === 'stage' ? groupsReferredTo(entry.value.config) : [];
  });
  return {
    groups: [...groups, ...guards.flatMap(({ group }) => group ?? [])],
    users: guards.flatMap(({ user }) => user ?? []),
    invitations: entries.flatMap((entry) => (entry.type === 'invitation' ? [entry.name] : [])),
  };
}

function groupsReferredTo(config: unknown): string[] {
  if (typeof config !== 'object' || config === null) return [];
  return Object.entries(config).flatMap(([key, value]: [string, unknown]) =>
    key === 'ref' && typeof value === 'string' && value.startsWith(GROUP)
      ? [value.slice(GROUP.length)]
      : groupsReferredTo(value),
  );
}

/** The groups and people that guard, as it is, what a document names. */
export function guardsOf(
  entries: readonly Entry[],
  catalogue: Catalogue,
): { readonly groupIds: string[]; readonly userIds: string[] } {
  const subjects = entries.flatMap((entry) => {
    const flow = entry.type === 'flow' ? catalogue.flowBySlug(entry.name) : undefined;
    const guarded = flow ? [flow, ...flow.stageBindings] : [];
    return guarded.flatMap(({ policyBindings }) => policyBindings.map(({ subject }) => subject));
  });
  return {
    groupIds: subjects.flatMap((subject) => (subject.type === 'group' ? [subject.groupId] : [])),
    userIds: subjects.flatMap((subject) => (subject.type === 'user' ? [subject.userId] : [])),
  };
}
