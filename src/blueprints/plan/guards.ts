import type { z } from 'zod';

import { durationSeconds } from '../../kernel/duration.js';
import { changedFields } from '../../flow/changed-fields.js';
import type { PolicyBindingDefinition, PolicySubject, PolicyTarget } from '../../flow/definition.js';
import { policyBindingFields } from '../../flow/definition-rules.js';
import type { PolicyBindingFields, SubjectReference } from '../../flow/definition-store.js';
import type { GuardEntry } from '../document.js';
import type { Path } from '../problem.js';
import type { Draft, Step, Wanted } from './draft.js';
import { checkedFields, given } from './fields.js';
import { Matching } from './matching.js';
import type { Symbols } from './symbols.js';

/** A flow, or a stage's place in one, that guards are put before. */
export interface Guarded {
  /** As changes tell it. */
  readonly object: string;
  readonly present: readonly PolicyBindingDefinition[];
  /** Whether those that are not listed are taken away. */
  readonly prune: boolean;
  /** Where it is, once what comes before has been done. */
  readonly target: () => PolicyTarget;
}

/** What guards a flow or a place: a guard is known by what is asked, and by its order where it is asked more than once. */
export function planGuards(
  draft: Draft,
  symbols: Symbols,
  guarded: Guarded,
  entries: readonly GuardEntry[] | undefined,
  path: Path,
): void {
  if (!entries) return;
  const listed = entries.flatMap((entry, index) => {
    const at = [...path, index];
    return entry.when ? [{ entry, at, ...subjectOf(draft, symbols, entry, at) }] : [];
  });
  const matching = new Matching(guarded.present, listed, (present, { entry, subject }) => ({
    isSame: idOf(present.subject) === idOf(subject),
    isInPlace: present.order === entry.order,
    // What is to go is only what was named: another one guards something as well.
    mayMove: entry.state !== 'absent',
  }));
  for (const one of listed) {
    const wanted = {
      area: 'POLICY_BINDING',
      object: `${guarded.object} / ${one.said} @ ${one.entry.order}`,
      state: one.entry.state ?? 'present',
      path: one.at,
    } as const;
    planGuard(draft, wanted, guarded, one, matching.of(one));
  }
  if (!guarded.prune) return;
  for (const { id, order, subject } of matching.left()) {
    const object = `${guarded.object} / ${subject.type}:${nameOf(draft, subject)} @ ${order}`;
    draft.change('DELETE', { area: 'POLICY_BINDING', object, path }, [], {
      phase: 'unbinding',
      perform: (editor) => editor.unbindPolicy(id),
    });
  }
}

interface Listed {
  readonly entry: GuardEntry;
  readonly subject: SubjectReference;
}

function planGuard(
  draft: Draft,
  wanted: Wanted,
  { target }: Guarded,
  { entry, subject }: Listed,
  present: PolicyBindingDefinition | undefined,
): void {
  const action = draft.decide(wanted, present !== undefined);
  if (!action) return;
  if (action === 'DELETE') {
    const id = present?.id ?? '';
    const perform: Step['perform'] = (editor) => editor.unbindPolicy(id);
    draft.change('DELETE', wanted, [], { phase: 'unbinding', perform });
    return;
  }
  const { policy: _policy, group: _group, user: _user, state: _state, when: _when, ...rest } = entry;
  const mentioned = given(rest);
  if (!present) {
    const fields = checkedFields(draft, policyBindingFields, mentioned, wanted.path);
    if (!fields) return;
    const columns = columnsOf(fields);
    draft.change('CREATE', wanted, Object.keys(mentioned), {
      phase: 'binding',
      perform: (editor) => editor.bindPolicy(target(), subject, columns),
    });
    return;
  }
  const { timeout, expiresAt, ...others } = mentioned;
  const changes: Partial<PolicyBindingFields> = {
    ...others,
    ...(timeout !== undefined && { timeoutSeconds: durationSeconds(timeout) }),
    ...(expiresAt !== undefined && { expiresAt: momentOf(expiresAt) }),
  };
  const changed = changedFields(present, changes);
  if (changed.length === 0) return draft.unchanged(wanted);
  const { id } = present;
  const perform: Step['perform'] = (editor) => editor.updatePolicyBinding(id, changes);
  draft.change('UPDATE', wanted, changed, { phase: 'binding', perform });
}

type Columns = z.infer<typeof policyBindingFields>;

function columnsOf({ timeout, expiresAt, ...others }: Columns): PolicyBindingFields {
  return { ...others, timeoutSeconds: durationSeconds(timeout), expiresAt: momentOf(expiresAt) };
}

function momentOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

function subjectOf(
  draft: Draft,
  symbols: Symbols,
  { policy, group, user }: GuardEntry,
  path: Path,
): { readonly subject: SubjectReference; readonly said: string } {
  if (policy !== undefined) {
    const policyId = symbols.resolve('policy', policy, [...path, 'policy']);
    return { subject: { type: 'policy', policyId }, said: `policy:${policy}` };
  }
  if (group !== undefined) {
    const groupId = symbols.resolve('group', group, [...path, 'group']);
    return { subject: { type: 'group', groupId }, said: `group:${group}` };
  }
  const userId = userNamed(draft, user ?? '', [...path, 'user']);
  return { subject: { type: 'user', userId }, said: `user:${user}` };
}

function userNamed(draft: Draft, username: string, path: Path): string {
  const id = draft.permits('VIEW', 'USER', path)
    ? draft.scene.users.get(username)
    : draft.scene.parts.newId();
  if (id === undefined) draft.refuse(path, 'NOT_FOUND', `There is nobody with the username ${username}.`);
  return id ?? draft.scene.parts.newId();
}

function idOf(subject: SubjectReference | PolicySubject): string {
  switch (subject.type) {
    case 'policy':
      return 'policy' in subject ? subject.policy.id : subject.policyId;
    case 'group':
      return subject.groupId;
    case 'user':
      return subject.userId;
  }
}

function nameOf(draft: Draft, subject: PolicySubject): string {
  return subject.type === 'policy'
    ? subject.policy.name
    : (draft.scene.subjectNames.get(idOf(subject)) ?? '');
}
