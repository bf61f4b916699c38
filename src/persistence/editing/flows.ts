import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { ChangedObject } from '../../flow/change.js';
import type { FlowEditor } from '../../flow/definition-store.js';
import { DefaultFlowRow, FlowRow, InstallationRow, StageBindingRow } from '../rows/definitions.js';
import { expectVersion } from '../versions.js';
import { expectCover, groupsJoinedBy } from './conferred-rights.js';
import type { DefinitionEdit } from './edit.js';
import { stageBindingName } from './names.js';
import { AS_IT_IS, found } from './rows.js';
import { putInOrder } from './stage-order.js';

const SETTINGS: ChangedObject = { type: 'SETTINGS', id: null, name: 'settings' };

/** Edits flows, what stands in them, and which of them are the defaults. */
export function flowEditor(edit: DefinitionEdit): FlowEditor {
  const { em, trx } = edit;

  async function flowObject(id: string): Promise<ChangedObject & { readonly version: number }> {
    const { slug, version } = found('flow', await em.findOne(FlowRow, { id }, AS_IT_IS));
    return { type: 'FLOW', id, name: slug, version };
  }

  async function bindingObject(id: string): Promise<ChangedObject> {
    return { type: 'STAGE_BINDING', id, name: found('stage binding', await stageBindingName(trx, id)) };
  }

  /** The stages of a flow are part of what somebody has seen of it. */
  async function advance(flow: string): Promise<void> {
    await trx
      .updateTable('flow')
      .set({ version: sql`version + 1` })
      .where('id', '=', flow)
      .execute();
  }

  return {
    async createFlow(fields, id = randomUUID()) {
      await em.insert(FlowRow, { id, ...fields });
      await edit.created({ type: 'FLOW', id, name: fields.slug }, fields);
      return id;
    },

    async updateFlow(id, changes, expected) {
      const row = found('flow', await em.findOne(FlowRow, { id }, AS_IT_IS));
      await edit.update({ type: 'FLOW', id, name: row.slug }, row, changes, expected, (version) =>
        em.nativeUpdate(FlowRow, { id }, { ...changes, version }),
      );
    },

    async deleteFlow(id) {
      const { version: _, ...object } = await flowObject(id);
      await em.nativeDelete(FlowRow, { id });
      await edit.deleted(object);
    },

    async noteRollBack(id, number) {
      if (!edit.hasChanged) return;
      const { version: _, ...object } = await flowObject(id);
      await edit.record({
        ...{ action: 'FLOW_ROLLED_BACK', change: 'UPDATED', object },
        ...{ fields: [], details: { version: number } },
      });
    },

    async setDefaultFlow(designation, flow) {
      const before = await em.findOne(DefaultFlowRow, { designation }, AS_IT_IS);
      if ((before?.flow ?? null) === flow) return;
      if (flow === null) await em.nativeDelete(DefaultFlowRow, { designation });
      else await em.upsert(DefaultFlowRow, { designation, flow });
      const { version } = await em.findOneOrFail(InstallationRow, { id: 1 }, AS_IT_IS);
      await em.nativeUpdate(InstallationRow, { id: 1 }, { version: version + 1 });
      const fields = [`defaultFlows.${designation}`];
      await edit.record({ action: 'SETTINGS_CHANGED', change: 'UPDATED', object: SETTINGS, fields });
    },

    async bindStage(flow, stage, fields) {
      await expectCover(edit, await groupsJoinedBy(trx, stage));
      const id = await em.insert(StageBindingRow, { id: randomUUID(), flow, stage, ...fields });
      await advance(flow);
      await edit.created(await bindingObject(id), { flow, stage, ...fields });
      return id;
    },

    async updateStageBinding(id, changes, expected) {
      const row = found('stage binding', await em.findOne(StageBindingRow, { id }, AS_IT_IS));
      await edit.update(await bindingObject(id), row, changes, expected, async (version) => {
        await em.nativeUpdate(StageBindingRow, { id }, { ...changes, version });
        if (changes.order !== undefined && changes.order !== row.order) await advance(row.flow);
      });
    },

    async unbindStage(id) {
      const { flow } = found('stage binding', await em.findOne(StageBindingRow, { id }, AS_IT_IS));
      const object = await bindingObject(id);
      await em.nativeDelete(StageBindingRow, { id });
      await advance(flow);
      await edit.deleted(object);
    },

    async reorderStageBindings(flow, bindingIds, expected) {
      const { version, ...object } = await flowObject(flow);
      expectVersion('flow', version, expected ?? null);
      if (!(await putInOrder(trx, flow, bindingIds))) return;
      await advance(flow);
      await edit.record({ change: 'UPDATED', object, fields: ['stageBindings'] });
    },
  };
}
