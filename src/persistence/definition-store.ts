import { randomUUID } from 'node:crypto';

import type { SqlEntityManager } from '@mikro-orm/postgresql';

import { Refusal } from '../kernel/refusal.js';
import type { FlowDesignation, PolicyTarget } from '../flow/definition.js';
import type {
  DefinitionEditor,
  DefinitionStore,
  FlowFields,
  PolicyBindingFields,
  PolicyFields,
  PolicyReference,
  PromptFieldFields,
  Reference,
  StageBindingFields,
  StageFields,
  SubjectReference,
} from '../flow/definition-store.js';
import { asRefusal } from './constraints.js';
import type { Database } from './database.js';
import {
  DefaultFlowRow,
  FlowRow,
  PolicyBindingRow,
  PolicyCallRow,
  PolicyRow,
  PromptFieldRow,
  StageBindingRow,
  StageReferenceRow,
  StageRow,
} from './rows/definitions.js';
import { GroupRow } from './rows/identity.js';

export class OrmDefinitionStore implements DefinitionStore {
  constructor(private readonly database: Database) {}

  async edit<T>(work: (editor: DefinitionEditor) => Promise<T>): Promise<T> {
    try {
      return await this.database.fork().transactional(async (em) => {
        await advanceVersion(em);
        return work(new OrmDefinitionEditor(em));
      });
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

/** Takes the lock that edits wait for, and makes every node read the definitions again. */
async function advanceVersion(em: SqlEntityManager): Promise<void> {
  await em.execute(
    `insert into "catalogue_version" ("id", "version") values (1, 1)
     on conflict ("id") do update set "version" = "catalogue_version"."version" + 1`,
  );
}

class OrmDefinitionEditor implements DefinitionEditor {
  constructor(private readonly em: SqlEntityManager) {}

  async createFlow(fields: FlowFields): Promise<string> {
    return this.em.insert(FlowRow, { id: randomUUID(), ...fields });
  }

  async updateFlow(id: string, changes: Partial<FlowFields>): Promise<void> {
    if (isEmpty(changes)) return;
    expectOne('flow', await this.em.nativeUpdate(FlowRow, { id }, changes));
  }

  async deleteFlow(id: string): Promise<void> {
    expectOne('flow', await this.em.nativeDelete(FlowRow, { id }));
  }

  async setDefaultFlow(designation: FlowDesignation, flow: string | null): Promise<void> {
    if (flow === null) await this.em.nativeDelete(DefaultFlowRow, { designation });
    else await this.em.upsert(DefaultFlowRow, { designation, flow });
  }

  async ensureGroup(name: string, superuser: boolean): Promise<string> {
    const existing = await this.em.findOne(GroupRow, { name });
    return existing?.id ?? this.em.insert(GroupRow, { id: randomUUID(), name, superuser });
  }

  async createStage({ references, ...fields }: StageFields): Promise<string> {
    const id = await this.em.insert(StageRow, { id: randomUUID(), ...fields });
    await this.#refer(id, references);
    return id;
  }

  async updateStage(id: string, { references, ...changes }: Partial<StageFields>): Promise<void> {
    if (!isEmpty(changes)) expectOne('stage', await this.em.nativeUpdate(StageRow, { id }, changes));
    if (!references) return;
    await this.em.nativeDelete(StageReferenceRow, { stage: id });
    await this.#refer(id, references);
  }

  async deleteStage(id: string): Promise<void> {
    expectOne('stage', await this.em.nativeDelete(StageRow, { id }));
  }

  async createPromptField(fields: PromptFieldFields): Promise<string> {
    return this.em.insert(PromptFieldRow, { id: randomUUID(), ...fields });
  }

  async updatePromptField(id: string, changes: Partial<PromptFieldFields>): Promise<void> {
    if (isEmpty(changes)) return;
    expectOne('prompt field', await this.em.nativeUpdate(PromptFieldRow, { id }, changes));
  }

  async deletePromptField(id: string): Promise<void> {
    expectOne('prompt field', await this.em.nativeDelete(PromptFieldRow, { id }));
  }

  async bindStage(flow: string, stage: string, fields: StageBindingFields): Promise<string> {
    return this.em.insert(StageBindingRow, { id: randomUUID(), flow, stage, ...fields });
  }

  async updateStageBinding(id: string, changes: Partial<StageBindingFields>): Promise<void> {
    if (isEmpty(changes)) return;
    expectOne('stage binding', await this.em.nativeUpdate(StageBindingRow, { id }, changes));
  }

  async unbindStage(id: string): Promise<void> {
    expectOne('stage binding', await this.em.nativeDelete(StageBindingRow, { id }));
  }

  async createPolicy({ calls, ...fields }: PolicyFields): Promise<string> {
    const id = await this.em.insert(PolicyRow, { id: randomUUID(), ...fields });
    await this.#call(id, calls);
    return id;
  }

  async updatePolicy(id: string, { calls, ...changes }: Partial<PolicyFields>): Promise<void> {
    if (changes.name !== undefined) await this.#expectRenamable(id, changes.name);
    if (!isEmpty(changes)) expectOne('policy', await this.em.nativeUpdate(PolicyRow, { id }, changes));
    if (!calls) return;
    await this.em.nativeDelete(PolicyCallRow, { policy: id });
    await this.#call(id, calls);
  }

  async deletePolicy(id: string): Promise<void> {
    expectOne('policy', await this.em.nativeDelete(PolicyRow, { id }));
  }

  async bindPolicy(
    target: PolicyTarget,
    subject: SubjectReference,
    fields: PolicyBindingFields,
  ): Promise<string> {
    return this.em.insert(PolicyBindingRow, {
      id: randomUUID(),
      flow: target.type === 'flow' ? target.flowId : null,
      stageBinding: target.type === 'stageBinding' ? target.stageBindingId : null,
      policy: subject.type === 'policy' ? subject.policyId : null,
      group: subject.type === 'group' ? subject.groupId : null,
      user: subject.type === 'user' ? subject.userId : null,
      ...fields,
    });
  }

  async updatePolicyBinding(id: string, changes: Partial<PolicyBindingFields>): Promise<void> {
    if (isEmpty(changes)) return;
    expectOne('policy binding', await this.em.nativeUpdate(PolicyBindingRow, { id }, changes));
  }

  async unbindPolicy(id: string): Promise<void> {
    expectOne('policy binding', await this.em.nativeDelete(PolicyBindingRow, { id }));
  }

  async #refer(stage: string, references: readonly Reference[]): Promise<void> {
    for (const { to, id } of references) {
      await this.em.insert(StageReferenceRow, {
        stage,
        toStage: to === 'stage' ? id : null,
        toFlow: to === 'flow' ? id : null,
        toGroup: to === 'group' ? id : null,
        toPromptField: to === 'promptField' ? id : null,
        toPolicy: to === 'policy' ? id : null,
      });
    }
  }

  /** What was found by its name before this edit began may be called otherwise by now. */
  async #call(policy: string, calls: readonly PolicyReference[]): Promise<void> {
    for (const { id: called, name } of calls) {
      if ((await this.em.count(PolicyRow, { id: called, name })) === 0) {
        throw new Refusal('CONFLICT', `The policy ${name} has been renamed or deleted meanwhile.`);
      }
      await this.em.insert(PolicyCallRow, { policy, called });
    }
  }

  /** Policies call each other by name: one that is called keeps its own. */
  async #expectRenamable(id: string, name: string): Promise<void> {
    if ((await this.em.count(PolicyRow, { id, name })) > 0) return;
    const callers = await this.em.find(PolicyCallRow, { called: id });
    if (callers.length === 0) return;
    const rows = await this.em.find(PolicyRow, { id: callers.map(({ policy }) => policy) });
    const names = rows.map((row) => row.name).toSorted();
    throw new Refusal('CONFLICT', `It is called by its name in ${names.join(', ')}.`);
  }
}

function isEmpty(changes: object): boolean {
  return Object.keys(changes).length === 0;
}

function expectOne(what: string, affected: number): void {
  if (affected !== 1) throw Refusal.notFound(what);
}
