import { randomUUID } from 'node:crypto';

import type { CompanionEditor } from '../../flow/definition-store.js';
import { systemChance } from '../../identity/token.js';
import type { DefinitionEdit } from './edit.js';
import { createGroup, deleteGroup, updateGroup } from './groups.js';
import { createInvitation, deleteInvitation, updateInvitation } from './invitations.js';

/** Edits groups and invitations in the transaction in which definitions are edited that name them, or that they name. */
export function companionEditor({ trx, by }: DefinitionEdit): CompanionEditor {
  return {
    async createGroup(fields, id) {
      await createGroup(trx, by, id, fields);
    },

    async updateGroup(id, changes) {
      await updateGroup(trx, by, id, changes, null);
    },

    async deleteGroup(id) {
      await deleteGroup(trx, by, id);
    },

    createInvitation(settings) {
      const token = systemChance.token();
      return createInvitation(trx, by, { id: randomUUID(), token, ...settings });
    },

    async updateInvitation(id, changes) {
      await updateInvitation(trx, by, id, changes, null);
    },

    deleteInvitation: (id) => deleteInvitation(trx, by, id),
  };
}
