import { randomUUID } from 'node:crypto';

import type { Reference, StageEditor } from '../../flow/definition-store.js';
import { PromptFieldRow, StageReferenceRow, StageRow } from '../rows/definitions.js';
import type { KeptStageSecrets } from '../stage-secrets.js';
import { expectCover, groupsJoinedBy } from './conferred-rights.js';
import type { DefinitionEdit } from './edit.js';
import { AS_IT_IS, found } from './rows.js';

/** Edits stages, and the fields of forms. */
export function stageEditor(edit: DefinitionEdit, kept: KeptStageSecrets): StageEditor {
  const { em, trx } = edit;

  async function refer(stage: string, references: readonly Reference[]): Promise<void> {
    for (const { to, id } of references) {
      await em.insert(StageReferenceRow, {
        stage,
        toStage: to === 'stage' ? id : null,
        toFlow: to === 'flow' ? id : null,
        toGroup: to === 'group' ? id : null,
        toPromptField: to === 'promptField' ? id : null,
        toPolicy: to === 'policy' ? id : null,
      });
    }
    await expectCover(edit, await groupsJoinedBy(trx, stage));
  }

  return {
    async createStage({ references, secrets, ...fields }, { id = randomUUID(), originalId = id } = {}) {
      const config = kept.sealed(fields.config, secrets, id, originalId);
      await em.insert(StageRow, { id, ...fields, config });
      await refer(id, references);
      await edit.created({ type: 'STAGE', id, name: fields.name }, fields);
      return id;
    },

    async updateStage(id, { references, secrets = [], ...given }, expected) {
      const row = found('stage', await em.findOne(StageRow, { id }, AS_IT_IS));
      const changes = {
        ...given,
        ...(given.config && { config: kept.sealed(given.config, secrets, id, id) }),
      };
      const object = { type: 'STAGE', id, name: row.name } as const;
      await edit.update(object, row, changes, expected, async (version) => {
        await em.nativeUpdate(StageRow, { id }, { ...changes, version });
        if (!references) return;
        await em.nativeDelete(StageReferenceRow, { stage: id });
        await refer(id, references);
      });
    },

    async deleteStage(id) {
      const { name } = found('stage', await em.findOne(StageRow, { id }, AS_IT_IS));
      await em.nativeDelete(StageRow, { id });
      await edit.deleted({ type: 'STAGE', id, name });
    },

    async createPromptField(fields, id = randomUUID()) {
      await em.insert(PromptFieldRow, { id, ...fields });
      await edit.created({ type: 'PROMPT_FIELD', id, name: fields.name }, fields);
      return id;
    },

    async updatePromptField(id, changes, expected) {
      const row = found('prompt field', await em.findOne(PromptFieldRow, { id }, AS_IT_IS));
      const object = { type: 'PROMPT_FIELD', id, name: row.name } as const;
      await edit.update(object, row, changes, expected, (version) =>
        em.nativeUpdate(PromptFieldRow, { id }, { ...changes, version }),
      );
    },

    async deletePromptField(id) {
      const { name } = found('prompt field', await em.findOne(PromptFieldRow, { id }, AS_IT_IS));
      await em.nativeDelete(PromptFieldRow, { id });
      await edit.deleted({ type: 'PROMPT_FIELD', id, name });
    },
  };
}
