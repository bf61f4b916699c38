import { changedFields } from '../../flow/changed-fields.js';
import type { InvitationSettings } from '../../flow/invitation.js';
import { expiryOf, invitationFields } from '../../flow/invitation-rules.js';
import type { Entry } from '../entries.js';
import type { Draft } from './draft.js';
import { checkedFields, given } from './fields.js';
import type { Symbols } from './symbols.js';

type InvitationStanding = Extract<Entry, { type: 'invitation' }>;

/** An invitation. Nobody knows the secret of one that is made: it is renewed when it is to be sent. */
export function planInvitation(
  draft: Draft,
  symbols: Symbols,
  { name, state, path, value }: InvitationStanding,
): void {
  const wanted = { area: 'INVITATION', object: `invitation:${name}`, state, path } as const;
  const present = draft.scene.invitations.get(name);
  const action = draft.decide(wanted, present !== undefined);
  if (!action) return;
  if (action === 'DELETE') {
    const id = present?.id ?? '';
    draft.change('DELETE', wanted, [], {
      phase: 'deletingInvitations',
      perform: (editor) => editor.deleteInvitation(id),
    });
    return;
  }
  const { flow, singleUse, fixedData, expiresAt } = value;
  const flowId = flow == null ? flow : symbols.resolve('flow', flow, [...path, 'flow']);
  const decided = given({ flowId, singleUse, fixedData });
  const fields = checkedFields(draft, invitationFields, { name, ...decided }, path);
  if (!fields) return;
  const expiry =
    expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) };
  if (!present) {
    const { lifetime, ...others } = fields;
    const usual = { expiresAt: expiryOf(lifetime, draft.scene.now) };
    const settings: InvitationSettings = { ...others, ...usual, ...expiry };
    draft.change('CREATE', wanted, ['name', ...told({ flow, singleUse, fixedData, expiresAt })], {
      phase: 'invitations',
      perform: (editor) => editor.createInvitation(settings),
    });
    return;
  }
  const changes = { ...decided, ...expiry };
  const changed = changedFields(present, changes).map((field) => (field === 'flowId' ? 'flow' : field));
  if (changed.length === 0) return draft.unchanged(wanted);
  const { id } = present;
  draft.change('UPDATE', wanted, changed, {
    phase: 'invitations',
    perform: (editor) => editor.updateInvitation(id, changes),
  });
}

function told(mentioned: object): string[] {
  return Object.keys(given(mentioned));
}
