import { changedFields } from '../../flow/changed-fields.js';
import type { StageDefinition } from '../../flow/definition.js';
import type { StageFields } from '../../flow/definition-store.js';
import { checkStageConfig } from '../../stages/configuration.js';
import type { StageKindDefinition } from '../../stages/define.js';
import { secretsToldOthers } from '../../stages/secret.js';
import type { Entry } from '../entries.js';
import type { Draft, Wanted } from './draft.js';
import { configFields, pathWithin } from './fields.js';
import { kindOf } from './kinds.js';
import { inOrder } from './order.js';
import { ConfigReading } from './stage-config.js';
import type { Symbols } from './symbols.js';

type StageStanding = Extract<Entry, { type: 'stage' }>;

interface CheckedStage {
  readonly id: string;
  readonly entry: StageStanding;
  readonly wanted: Wanted;
  readonly fields: Omit<StageFields, 'name'>;
  readonly present: StageDefinition | undefined;
}

/** All stages of a document: some show others within themselves. */
export async function planStages(
  draft: Draft,
  symbols: Symbols,
  entries: readonly StageStanding[],
): Promise<void> {
  planDeletions(draft, symbols, entries);
  const checked: CheckedStage[] = [];
  for (const entry of entries) checked.push(...(await checkedStage(draft, symbols, entry)));
  const { ordered, circular } = inOrder(checked, ({ fields }) =>
    fields.references.flatMap(({ to, id }) => (to === 'stage' ? [id] : [])),
  );
  for (const { entry } of circular) {
    draft.refuse([...entry.path, 'config'], 'CYCLE', 'The stage would lie within itself.');
  }
  for (const stage of ordered) planStage(draft, stage);
}

/** Whatever shows another stage goes before that. */
function planDeletions(draft: Draft, symbols: Symbols, entries: readonly StageStanding[]): void {
  const { catalogue } = draft.scene;
  const going = entries.flatMap(({ name, state, path }) => {
    const wanted = { area: 'STAGE', object: `stage:${name}`, state, path } as const;
    const stage = symbols.presentStage(name);
    if (state !== 'absent' || draft.decide(wanted, stage !== undefined) !== 'DELETE' || !stage) return [];
    return [{ id: stage.id, wanted }];
  });
  const { ordered } = inOrder(going, ({ id }) => catalogue.stagesThatReferTo(id).map((stage) => stage.id));
  for (const { id, wanted } of ordered) {
    draft.change('DELETE', wanted, [], {
      phase: 'deletingStages',
      perform: (editor) => editor.deleteStage(id),
    });
  }
}

async function checkedStage(draft: Draft, symbols: Symbols, entry: StageStanding): Promise<CheckedStage[]> {
  const { name, state, path, value } = entry;
  const wanted = { area: 'STAGE', object: `stage:${name}`, state, path } as const;
  const present = symbols.presentStage(name);
  if (state === 'absent' || !draft.decide(wanted, present !== undefined)) return [];
  const id = symbols.idOf('stage', name);
  const kind = kindOf(draft, draft.scene.parts.stageKinds, value.kind, present?.kind, path);
  if (!kind) return [];
  const at = [...path, 'config'];
  const reading = new ConfigReading(draft, symbols, kind, present, at);
  const config = reading.read(value.config ?? {});
  const fields = await checkedConfig(draft, kind, config, present, at);
  return fields ? [{ id, entry, wanted, fields, present }] : [];
}

async function checkedConfig(
  draft: Draft,
  kind: StageKindDefinition,
  config: Readonly<Record<string, unknown>>,
  present: StageDefinition | undefined,
  at: readonly (string | number)[],
): Promise<Omit<StageFields, 'name'> | undefined> {
  // What the document names has been looked up already; the database holds it to that.
  const checked = await checkStageConfig(kind, config, () => true);
  if (!checked.ok) {
    for (const problem of checked.problems)
      draft.refuse(pathWithin(at, problem.path), problem.code, problem.message);
    return undefined;
  }
  const told = present ? secretsToldOthers(kind.config, present.config, checked.config) : [];
  for (const problem of told) {
    const message = `${problem.message} Write { secret: NAME } here, and configure it.`;
    draft.refuse(pathWithin(at, problem.path), 'SECRET_MISSING', message);
  }
  const { config: complete, references, secrets } = checked;
  return told.length > 0 ? undefined : { kind: kind.name, config: complete, references, secrets };
}

function planStage(draft: Draft, { id, entry, wanted, fields, present }: CheckedStage): void {
  const { name, value } = entry;
  const phase = 'stages';
  if (!present) {
    draft.change('CREATE', wanted, ['name', 'kind', ...configFields(value.config)], {
      phase,
      perform: (editor) => editor.createStage({ name, ...fields }, { id }),
    });
    return;
  }
  const changed = changedFields(present, { config: fields.config });
  if (changed.length === 0) return draft.unchanged(wanted);
  draft.change('UPDATE', wanted, changed, { phase, perform: (editor) => editor.updateStage(id, fields) });
}
