import { z } from 'zod';

import type { ContextChange } from '../../flow/context.js';
import { secretContextKey } from '../../flow/context.js';
import { invitationKey, promptDataKey } from '../../flow/context-keys.js';
import { promptFieldType } from '../../flow/definition-rules.js';
import { fillingOf } from '../../flow/prompt-field.js';
import type { PromptFieldDefinition } from '../../flow/prompt-field.js';
import { renderField } from '../../flow/prompt-rendering.js';
import type { Definitions } from '../../flow/services/definitions.js';
import type { ShownField } from '../../flow/shown-field.js';
import type { StageRun } from '../../flow/stage-kind.js';

type Run = Pick<StageRun, 'stage' | 'context' | 'compute'>;

const askedField = z.strictObject({
  id: z.string(),
  version: z.int(),
  key: z.string(),
  type: promptFieldType,
  required: z.boolean(),
  /** The values that can be chosen. */
  choices: z.array(z.string()),
  /** What the server puts under the key. */
  decided: z.union([z.string(), z.number(), z.boolean()]).nullable(),
});

/** What an answer is held against: a field as it was shown. */
export type AskedField = z.infer<typeof askedField>;

/**
 * The form that was shown last. An answer is held against that, and not against what its expressions would come to by then.
 */
const shownFormKey = secretContextKey(
  'promptForm',
  z.strictObject({ stageId: z.string(), fields: z.array(askedField) }),
);

export interface Form {
  readonly shown: readonly ShownField[];
  readonly asked: readonly AskedField[];
}

/** Works out the form, in its order; undefined where it cannot be shown. */
export async function renderForm(
  run: Run,
  ids: readonly string[],
  definitions: Definitions,
): Promise<Form | undefined> {
  const fields = fieldsOf(ids, definitions);
  if (!fields) return undefined;
  const known = run.context.get(promptDataKey) ?? {};
  const shown: ShownField[] = [];
  const asked: AskedField[] = [];
  for (const field of fields) {
    const rendered = await renderField(asDecided(field, run), known, run.compute);
    if (!rendered) return undefined;
    const { key, type, required, choices } = rendered.shown;
    const { id, version } = field;
    const { decided } = rendered;
    asked.push({ id, version, key, type, required, choices: choices.map(({ value }) => value), decided });
    if (type !== 'HIDDEN') shown.push(rendered.shown);
  }
  return { shown, asked };
}

/** Keeps a form until it is answered. */
export function keeping({ stage }: Pick<Run, 'stage'>, { asked }: Form): ContextChange {
  return shownFormKey.to({ stageId: stage.id, fields: [...asked] });
}

export const forgetting: ContextChange = shownFormKey.cleared();

/** The form that was kept for this stage; 'changed' where an administrator has changed it since. */
export function keptForm(
  { stage, context }: Pick<Run, 'stage' | 'context'>,
  ids: readonly string[],
  definitions: Definitions,
): readonly AskedField[] | 'changed' | undefined {
  const form = context.get(shownFormKey);
  if (form?.stageId !== stage.id) return undefined;
  const asIs = fieldsOf(ids, definitions)?.map(({ id, version }) => `${id} ${version}`);
  const asShown = form.fields.map(({ id, version }) => `${id} ${version}`);
  return asIs?.join() === asShown.join() ? form.fields : 'changed';
}

/** The fields in the order of the form; undefined where one is gone, or two have the same key. */
function fieldsOf(ids: readonly string[], definitions: Definitions): PromptFieldDefinition[] | undefined {
  const fields = ids.flatMap((id) => definitions.promptField(id) ?? []);
  const keys = new Set(fields.map((field) => field.key));
  if (fields.length !== ids.length || keys.size !== fields.length) return undefined;
  return fields.toSorted((a, b) => a.order - b.order || a.name.localeCompare(b.name));
}

/**
 * The field as one that only tells what goes there, where an invitation has said so already. Nobody else chooses a person's
 * password.
 */
function asDecided(field: PromptFieldDefinition, { context }: Pick<Run, 'context'>): PromptFieldDefinition {
  const fixed = context.get(invitationKey)?.fixed.includes(field.key) === true;
  if (!fixed || field.type === 'PASSWORD' || fillingOf(field.type) === 'decided') return field;
  const initialValue = String(context.get(promptDataKey)?.[field.key] ?? '');
  return { ...field, type: 'STATIC', initialValue, initialValueExpression: null };
}
