import { z } from 'zod';

import type { Context, ContextChange } from '../../flow/context.js';
import {
  INVITATION_TOKEN_FIELD,
  invitationKey,
  invitationTokenKey,
  promptDataKey,
  promptPasswordsKey,
} from '../../flow/context-keys.js';
import { ask, deny, pass, responseError, retry } from '../../flow/outcome.js';
import type { PromptFieldDefinition } from '../../flow/prompt-field.js';
import type { Definitions } from '../../flow/services/definitions.js';
import { defineStage } from '../define.js';
import { policyReference, promptFieldReference } from '../reference.js';
import { commonErrorCodes } from '../response-errors.js';
import { promptChallenge, promptResponse } from './challenge.js';
import { judgeForm } from './judging.js';
import { collect, promptErrors } from './validation.js';

export const promptStage = defineStage({
  name: 'prompt',
  description: 'Asks the person to fill in a form.',
  config: z.strictObject({
    fieldIds: z
      .array(promptFieldReference())
      .min(1)
      .max(50)
      .refine((ids) => new Set(ids).size === ids.length, { error: 'Must not name a field twice.' })
      .describe('The fields to ask for; each field says where it stands in the form.'),
    validationPolicyIds: z
      .array(policyReference())
      .max(20)
      .refine((ids) => new Set(ids).size === ids.length, { error: 'Must not name a policy twice.' })
      .default([])
      .describe(
        'The policies that judge what was filled in: every one of them must pass. A new password that none of them judges is judged by the built-in rule. Default: none.',
      ),
  }),
  challenge: promptChallenge,
  response: promptResponse,
  errors: promptErrors,
  services: ['definitions', 'users', 'passwords'],

  async present({ config, context, services: { definitions } }) {
    const fields = formOf(config.fieldIds, definitions, context);
    if (!fields) return deny('CONFIGURATION_ERROR', 'The form of this stage cannot be shown.');
    const known = context.get(promptDataKey) ?? {};
    return ask({
      fields: fields.map(({ key, label, type, required, placeholder, initialValue, helpText }) => {
        const value =
          type === 'PASSWORD' || type === 'STATIC' ? initialValue : String(known[key] ?? initialValue);
        return { key, label, type, required, placeholder, initialValue: value, helpText };
      }),
    });
  },

  async answer(run, { values }) {
    const { config, context, services } = run;
    const fields = formOf(config.fieldIds, services.definitions, context);
    if (!fields) return deny('CONFIGURATION_ERROR', 'The form of this stage cannot be shown.');
    const filled = new Map(values.map((answer) => [answer.key, answer.value.text ?? '']));
    if (filled.size < values.length) {
      return retry([responseError('values', 'INVALID', commonErrorCodes.INVALID)]);
    }
    const collected = await collect(fields, filled, (await run.user())?.id ?? null, services.users);
    if (!collected.ok) return retry(collected.errors);
    const { [INVITATION_TOKEN_FIELD]: invitationToken, ...open } = collected.open;
    const changes: ContextChange[] = [
      promptDataKey.to({ ...context.get(promptDataKey), ...open }),
      promptPasswordsKey.to({ ...context.get(promptPasswordsKey), ...collected.passwords }),
      ...(invitationToken === undefined ? [] : [invitationTokenKey.to(invitationToken)]),
    ];
    const keys = fields.map(({ key }) => key);
    const form = { ...collected, open, keys, changes, policyIds: config.validationPolicyIds };
    const judged = await judgeForm(run, form, services.passwords);
    const [first, ...rest] = judged.errors;
    if (first) return retry([first, ...rest]);
    return pass({ changes, messages: judged.messages.map((text) => ({ level: 'INFO', text })) });
  },
});

/** The fields in the order of the form; undefined where one is gone, or two have the same key. */
function formOf(
  ids: readonly string[],
  definitions: Definitions,
  context: Context,
): PromptFieldDefinition[] | undefined {
  const fields = ids.flatMap((id) => definitions.promptField(id) ?? []);
  const keys = new Set(fields.map((field) => field.key));
  if (fields.length !== ids.length || keys.size !== fields.length) return undefined;
  const ordered = fields.toSorted((a, b) => a.order - b.order || a.name.localeCompare(b.name));
  return ordered.map((field) => (isDecided(field, context) ? shown(field, context) : field));
}

/** Whether an invitation says what goes here. Nobody else chooses a person's password. */
function isDecided({ key, type }: PromptFieldDefinition, context: Context): boolean {
  return type !== 'PASSWORD' && context.get(invitationKey)?.fixed.includes(key) === true;
}

/** The field with its value, for the person to read: an answer cannot have one for it. */
function shown(field: PromptFieldDefinition, context: Context): PromptFieldDefinition {
  const initialValue = String(context.get(promptDataKey)?.[field.key] ?? '');
  return { ...field, type: 'STATIC', required: false, initialValue };
}
