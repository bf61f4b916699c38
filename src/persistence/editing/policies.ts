import { randomUUID } from 'node:crypto';

import { Refusal } from '../../kernel/refusal.js';
import type { ChangedObject } from '../../flow/change.js';
import type { PolicyEditor, PolicyReference } from '../../flow/definition-store.js';
import { PolicyBindingRow, PolicyCallRow, PolicyRow } from '../rows/definitions.js';
import type { DefinitionEdit } from './edit.js';
import { policyBindingName } from './names.js';
import { AS_IT_IS, found } from './rows.js';

/** Edits policies, and where they are asked. */
export function policyEditor(edit: DefinitionEdit): PolicyEditor {
  const { em, trx } = edit;

  /** What was found by its name before this edit began may be called otherwise by now. */
  async function call(policy: string, calls: readonly PolicyReference[]): Promise<void> {
    for (const { id: called, name } of calls) {
      if ((await em.count(PolicyRow, { id: called, name })) === 0) {
        throw new Refusal('CONFLICT', `The policy ${name} has been renamed or deleted meanwhile.`);
      }
      await em.insert(PolicyCallRow, { policy, called });
    }
  }

  /** Policies call each other by name: one that is called keeps its own. */
  async function expectRenamable(id: string): Promise<void> {
    const callers = await em.find(PolicyCallRow, { called: id });
    if (callers.length === 0) return;
    const rows = await em.find(PolicyRow, { id: callers.map(({ policy }) => policy) });
    const names = rows.map((row) => row.name).toSorted();
    throw new Refusal('CONFLICT', `It is called by its name in ${names.join(', ')}.`);
  }

  async function bindingObject(id: string): Promise<ChangedObject> {
    return { type: 'POLICY_BINDING', id, name: found('policy binding', await policyBindingName(trx, id)) };
  }

  return {
    async createPolicy({ calls, ...fields }, id = randomUUID()) {
      await em.insert(PolicyRow, { id, ...fields });
      await call(id, calls);
      await edit.created({ type: 'POLICY', id, name: fields.name }, fields);
      return id;
    },

    async updatePolicy(id, { calls, ...changes }, expected) {
      const row = found('policy', await em.findOne(PolicyRow, { id }, AS_IT_IS));
      const object = { type: 'POLICY', id, name: row.name } as const;
      await edit.update(object, row, changes, expected, async (version) => {
        if (changes.name !== undefined && changes.name !== row.name) await expectRenamable(id);
        await em.nativeUpdate(PolicyRow, { id }, { ...changes, version });
        if (!calls) return;
        await em.nativeDelete(PolicyCallRow, { policy: id });
        await call(id, calls);
      });
    },

    async deletePolicy(id) {
      const { name } = found('policy', await em.findOne(PolicyRow, { id }, AS_IT_IS));
      await em.nativeDelete(PolicyRow, { id });
      await edit.deleted({ type: 'POLICY', id, name });
    },

    async bindPolicy(target, subject, fields) {
      const id = await em.insert(PolicyBindingRow, {
        id: randomUUID(),
        flow: target.type === 'flow' ? target.flowId : null,
        stageBinding: target.type === 'stageBinding' ? target.stageBindingId : null,
        policy: subject.type === 'policy' ? subject.policyId : null,
        group: subject.type === 'group' ? subject.groupId : null,
        user: subject.type === 'user' ? subject.userId : null,
        ...fields,
      });
      await edit.created(await bindingObject(id), { target, subject, ...fields });
      return id;
    },

    async updatePolicyBinding(id, changes, expected) {
      const row = found('policy binding', await em.findOne(PolicyBindingRow, { id }, AS_IT_IS));
      await edit.update(await bindingObject(id), row, changes, expected, (version) =>
        em.nativeUpdate(PolicyBindingRow, { id }, { ...changes, version }),
      );
    },

    async unbindPolicy(id) {
      const object = await bindingObject(id);
      await em.nativeDelete(PolicyBindingRow, { id });
      await edit.deleted(object);
    },
  };
}
