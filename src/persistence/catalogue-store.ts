import { Catalogue } from '../flow/catalogue.js';
import type {
  FlowDefinition,
  PolicyBindingDefinition,
  PolicyDefinition,
  PolicySubject,
  PolicyTarget,
  StageBindingDefinition,
  StageDefinition,
} from '../flow/definition.js';
import type { Installation } from '../flow/installation.js';
import type { PromptFieldDefinition } from '../flow/prompt-field.js';
import type { Selectable } from 'kysely';

import { moment } from './tables.js';
import type { Sql, SqlTransaction, Tables } from './tables.js';
import { readCatalogueVersion } from './visit-store.js';

type PolicyBindingColumns = Selectable<Tables['policy_binding']>;

/** Reads the definitions when they have changed, and only then. */
export class CatalogueStore {
  #current: Promise<Catalogue> | undefined;

  constructor(private readonly sql: Sql) {}

  /** A catalogue that is at least as new as this version. */
  async atLeast(version: number): Promise<Catalogue> {
    const current = await this.#current?.catch(() => undefined);
    if (current && current.version >= version) return current;
    return this.reload();
  }

  /** The definitions as they are now. */
  reload(): Promise<Catalogue> {
    const reading = readCatalogue(this.sql);
    this.#current = reading;
    return reading;
  }
}

/** All in one transaction, so that the number and the definitions are of one moment. */
async function readCatalogue(sql: Sql): Promise<Catalogue> {
  return sql.transaction().setIsolationLevel('repeatable read').execute(readDefinitions);
}

/** The definitions as a transaction sees them: of one moment where it sees only one, or where nobody else can edit them. */
export async function readDefinitions(trx: SqlTransaction): Promise<Catalogue> {
  const version = await readCatalogueVersion(trx);
  const installation = await readInstallation(trx);
  const flows = await trx.selectFrom('flow').selectAll().orderBy('slug').execute();
  const stageRows = await trx.selectFrom('stage').selectAll().orderBy('name').execute();
  const bindingRows = await trx
    .selectFrom('flow_stage_binding')
    .selectAll()
    .orderBy('order')
    .orderBy('id')
    .execute();
  const policyRows = await trx.selectFrom('policy').selectAll().orderBy('name').execute();
  const policyBindingRows = await trx
    .selectFrom('policy_binding')
    .selectAll()
    .orderBy('order')
    .orderBy('id')
    .execute();
  const defaultRows = await trx.selectFrom('default_flow').selectAll().execute();
  const referenceRows = await trx.selectFrom('stage_reference').selectAll().execute();
  const fieldRows = await trx.selectFrom('prompt_field').selectAll().orderBy('name').execute();

  const stages = stageRows.map((row): StageDefinition => row);
  const stagesById = new Map(stages.map((stage) => [stage.id, stage]));
  const callRows = await trx.selectFrom('policy_call').selectAll().execute();
  const calls = Map.groupBy(callRows, (row) => row.policy_id);
  const policies = policyRows.map(
    ({ execution_logging: executionLogging, ...row }): PolicyDefinition => ({
      ...row,
      executionLogging,
      calls: (calls.get(row.id) ?? []).map((call) => call.called_id),
    }),
  );
  const policiesById = new Map(policies.map((policy) => [policy.id, policy]));
  const policyBindings = policyBindingRows.map((row) => policyBinding(row, policiesById));
  const byFlow = Map.groupBy(policyBindings, ({ target }) =>
    target.type === 'flow' ? target.flowId : undefined,
  );
  const byStageBinding = Map.groupBy(policyBindings, ({ target }) =>
    target.type === 'stageBinding' ? target.stageBindingId : undefined,
  );

  const unordered = bindingRows.map((row): StageBindingDefinition => {
    const stage = stagesById.get(row.stage_id);
    if (!stage) throw new Error('a binding without a stage');
    return {
      id: row.id,
      version: row.version,
      flowId: row.flow_id,
      stage,
      order: row.order,
      evaluateOnPlan: row.evaluate_on_plan,
      reEvaluatePolicies: row.re_evaluate_policies,
      invalidResponseAction: row.invalid_response_action,
      policyEngineMode: row.policy_engine_mode,
      policyBindings: byStageBinding.get(row.id) ?? [],
    };
  });
  // Where two have the same number, by name: ids would put them otherwise wherever the flow is brought.
  const stageBindings = unordered.toSorted(
    (one, other) => one.order - other.order || (one.stage.name < other.stage.name ? -1 : 1),
  );
  const bindingsByFlow = Map.groupBy(stageBindings, (binding) => binding.flowId);

  return new Catalogue({
    version,
    installation,
    flows: flows.map(
      (row): FlowDefinition => ({
        id: row.id,
        version: row.version,
        slug: row.slug,
        name: row.name,
        currentVersion: row.current_version,
        title: row.title,
        designation: row.designation,
        authentication: row.authentication,
        deniedAction: row.denied_action,
        policyEngineMode: row.policy_engine_mode,
        layout: row.layout,
        backgroundUrl: row.background_url,
        policyBindings: byFlow.get(row.id) ?? [],
        stageBindings: bindingsByFlow.get(row.id) ?? [],
      }),
    ),
    stages,
    policies,
    defaultFlows: new Map(defaultRows.map((row) => [row.designation, row.flow_id])),
    referringStages: referringStages(referenceRows),
    promptFields: fieldRows.map(
      (row): PromptFieldDefinition => ({
        id: row.id,
        version: row.version,
        name: row.name,
        key: row.key,
        label: row.label,
        type: row.type,
        required: row.required,
        placeholder: row.placeholder,
        initialValue: row.initial_value,
        order: row.order,
        helpText: row.help_text,
        choices: row.choices,
        labelExpression: row.label_expression,
        placeholderExpression: row.placeholder_expression,
        initialValueExpression: row.initial_value_expression,
        choicesExpression: row.choices_expression,
      }),
    ),
  });
}

/** Which stages name something, by the id of that; each stage once. */
function referringStages(
  rows: readonly Selectable<Tables['stage_reference']>[],
): ReadonlyMap<string, readonly string[]> {
  const stages = new Map<string, Set<string>>();
  for (const row of rows) {
    const to =
      row.to_stage_id ?? row.to_flow_id ?? row.to_group_id ?? row.to_prompt_field_id ?? row.to_policy_id;
    if (to === null) throw new Error('a reference to nothing');
    stages.set(to, (stages.get(to) ?? new Set()).add(row.stage_id));
  }
  return new Map([...stages].map(([to, ids]) => [to, [...ids]]));
}

async function readInstallation(trx: SqlTransaction): Promise<Installation> {
  const row = await trx.selectFrom('installation').selectAll().executeTakeFirstOrThrow();
  return {
    version: row.version,
    eventRetentionDays: row.event_retention_days,
    recentAuthenticationSeconds: row.recent_authentication_seconds,
    brandName: row.brand_name,
    language: row.language,
  };
}

function policyBinding(
  row: PolicyBindingColumns,
  policies: ReadonlyMap<string, PolicyDefinition>,
): PolicyBindingDefinition {
  return {
    id: row.id,
    version: row.version,
    target: targetOf(row),
    subject: subjectOf(row, policies),
    order: row.order,
    enabled: row.enabled,
    negate: row.negate,
    timeoutSeconds: row.timeout_seconds,
    failureResult: row.failure_result,
    expiresAt: row.expires_at === null ? null : moment(row.expires_at),
  };
}

function targetOf({ flow_id: flowId, stage_binding_id: stageBindingId }: PolicyBindingColumns): PolicyTarget {
  if (flowId !== null) return { type: 'flow', flowId };
  if (stageBindingId !== null) return { type: 'stageBinding', stageBindingId };
  throw new Error('a policy binding without a target');
}

function subjectOf(
  { policy_id: policyId, group_id: groupId, user_id: userId }: PolicyBindingColumns,
  policies: ReadonlyMap<string, PolicyDefinition>,
): PolicySubject {
  const policy = policyId === null ? undefined : policies.get(policyId);
  if (policy) return { type: 'policy', policy };
  if (groupId !== null) return { type: 'group', groupId };
  if (userId !== null) return { type: 'user', userId };
  throw new Error('a policy binding without a subject');
}
