import { randomUUID } from 'node:crypto';

import { Composer } from '../compose.js';
import type { ModelBinding } from '../flow-model.js';
import type { TestClient } from '../test-client.js';
import type { Dealer } from './dealer.js';
import { RESIDENT } from './game.js';
import type { Deal } from './game.js';
import { POLICIES } from './intent.js';
import type { House } from './house.js';
import { edited, placeOf } from './installation.js';
import type { Edit, Guard, Installation, Mood, Place, StageSort } from './installation.js';
import { nameIn, stageNameIn } from './player.js';

interface StageForm {
  readonly kind: string;
  /** The kind as GraphQL's input names it. */
  readonly field: string;
  readonly config: object;
}

/** The definitions with which one game after the other is played: a flow, and policies. */
export class Table {
  #stageIds: readonly string[] = [];

  private constructor(
    private readonly house: House,
    private readonly dealer: Dealer,
    readonly slug: string,
    private readonly flowId: string,
    private readonly policyIds: readonly string[],
    private readonly stageForms: Readonly<Record<StageSort, StageForm>>,
  ) {}

  static async set(house: House, dealer: Dealer): Promise<Table> {
    const compose = new Composer(house.admin(0));
    const { id, slug } = await compose.flow();
    const policyIds: string[] = [];
    while (policyIds.length < POLICIES) policyIds.push(await compose.policy({ dummy: {} }));
    const fieldId = await compose.promptField({ key: 'username', type: 'USERNAME' });
    return new Table(house, dealer, slug, id, policyIds, stageFormsOf(fieldId));
  }

  /** Puts a game's flow there, its policies and its resident, in place of the last game's. */
  async deal({ moods, flowGuards, places }: Deal, game: string): Promise<Installation> {
    const series = randomUUID().slice(0, 24);
    const idOf = (number: number): string => series + String(number).padStart(12, '0');
    const numbered = (guards: readonly ModelBinding[], from: number): Guard[] =>
      guards.map((guard, index) => ({ ...guard, id: idOf(from + index) }));
    const installation: Installation = {
      moods,
      flowGuards: numbered(flowGuards, 0),
      places: places.map((place, index) => ({
        ...place,
        id: idOf(index),
        stageId: idOf(index),
        guards: numbered(place.guards, 100 * (index + 1)),
        fate: 'bound',
      })),
      accounts: [{ id: 0, name: RESIDENT, active: true }],
    };
    await this.dealer.deal({
      flowId: this.flowId,
      oldStageIds: this.#stageIds,
      stages: installation.places.map((place, index) => this.#stageRow(place, stageNameIn(game, index))),
      places: installation.places.map((place) => this.#placeRow(place)),
      guards: [
        ...installation.flowGuards.map((guard) => ({ ...this.#guardRow(guard), flow_id: this.flowId })),
        ...installation.places.flatMap(({ id, guards }) =>
          guards.map((guard) => ({ ...this.#guardRow(guard), stage_binding_id: id })),
        ),
      ],
      policies: moods.map((mood, index) => ({ id: this.policyIds[index], config: policyConfig(mood) })),
      username: nameIn(game, RESIDENT),
    });
    this.#stageIds = installation.places.map((place) => place.stageId);
    return installation;
  }

  /** Does on one of the nodes what an administrator would do, and says what has become of the definitions. */
  async edit(node: number, game: string, before: Installation, edit: Edit): Promise<Installation> {
    const admin = this.house.admin(node);
    switch (edit.type) {
      case 'mood':
        await update(admin, 'Policy', this.policyIds[edit.policy], {
          config: { dummy: policyConfig(edit.mood) },
        });
        return edited(before, edit);
      case 'settings': {
        const { mode, ...change } = edit.change;
        const input = { ...change, ...(mode && { policyEngineMode: mode }) };
        await update(admin, 'StageBinding', placeOf(before, edit.place).id, input);
        return edited(before, edit);
      }
      case 'guard': {
        const { policy, enabled, negate, failureResult } = edit.guard;
        const target =
          edit.target === 'flow'
            ? { flowId: this.flowId }
            : { stageBindingId: placeOf(before, edit.target).id };
        const subject = { policyId: this.policyIds[policy] };
        const input = { target, subject, order: 0, enabled, negate, failureResult };
        const { id } = (await admin.ok(BIND_POLICY, { input })).bindPolicy;
        return edited(before, { ...edit, guard: { ...edit.guard, id } });
      }
      case 'change guard': {
        const { id, enabled, negate, failureResult } = edit.guard;
        await update(admin, 'PolicyBinding', id, { enabled, negate, failureResult });
        return edited(before, edit);
      }
      case 'unguard':
        await remove(admin, 'unbindPolicy', edit.guard.id);
        return edited(before, edit);
      case 'add stage': {
        const { field, config } = this.stageForms[edit.place.sort];
        const name = stageNameIn(game, before.places.length);
        const input = { flowId: this.flowId, order: edit.place.order, name, config: { [field]: config } };
        const { id, stage } = (await admin.ok(ADD_STAGE, { input })).createAndBindStage;
        this.#stageIds = [...this.#stageIds, stage.id];
        return edited(before, { ...edit, place: { ...edit.place, id, stageId: stage.id } });
      }
      case 'unbind':
        await remove(admin, 'unbindStage', placeOf(before, edit.place).id);
        return edited(before, edit);
      case 'delete stage': {
        const { id, stageId, fate } = placeOf(before, edit.place);
        if (fate === 'bound') await remove(admin, 'unbindStage', id);
        await remove(admin, 'deleteStage', stageId);
        return edited(before, edit);
      }
    }
  }

  #stageRow({ stageId, sort }: Place, name: string): object {
    const { kind, config } = this.stageForms[sort];
    return { id: stageId, name, kind, config };
  }

  #placeRow({ id, stageId, order, mode, ...place }: Place): object {
    return {
      id,
      flow_id: this.flowId,
      stage_id: stageId,
      order,
      evaluate_on_plan: place.evaluateOnPlan,
      re_evaluate_policies: place.reEvaluatePolicies,
      invalid_response_action: place.invalidResponseAction,
      policy_engine_mode: mode,
    };
  }

  #guardRow({ id, policy, enabled, negate, failureResult }: Guard): object {
    return { id, policy_id: this.policyIds[policy], enabled, negate, failure_result: failureResult };
  }
}

const BIND_POLICY = 'mutation($input: BindPolicyInput!) { bindPolicy(input: $input) { id } }';
const ADD_STAGE =
  'mutation($input: CreateAndBindStageInput!) { createAndBindStage(input: $input) { id stage { id } } }';

async function update(
  admin: TestClient,
  what: 'Policy' | 'PolicyBinding' | 'StageBinding',
  id: string | undefined,
  input: object,
): Promise<void> {
  const mutation = `mutation($id: ID!, $input: Update${what}Input!) { update${what}(id: $id, input: $input) { id } }`;
  await admin.ok(mutation, { id, input });
}

async function remove(
  admin: TestClient,
  mutation: 'unbindPolicy' | 'unbindStage' | 'deleteStage',
  id: string,
): Promise<void> {
  await admin.ok(`mutation($id: ID!) { ${mutation}(id: $id) }`, { id });
}

function stageFormsOf(fieldId: string): Record<StageSort, StageForm> {
  const form = (kind: string, field: string, config: object): StageForm => ({ kind, field, config });
  return {
    identification: form('identification', 'identification', {
      userFields: ['USERNAME'],
      pretendUserExists: false,
    }),
    prompt: form('prompt', 'prompt', { fieldIds: [fieldId] }),
    dummy: form('dummy', 'dummy', {}),
    deny: form('deny', 'deny', {}),
    enroll: form('user-write', 'userWrite', { creation: 'ALWAYS' }),
    save: form('user-write', 'userWrite', { creation: 'WHEN_REQUIRED' }),
    login: form('user-login', 'userLogin', {}),
    remember: form('user-login', 'userLogin', { rememberMeOffset: 'P30D' }),
  };
}

function policyConfig(mood: Mood): object {
  return { result: mood === 'yes', throwError: mood === 'broken' };
}
