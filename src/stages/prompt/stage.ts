import { z } from 'zod';

import type { Context, ContextChange } from '../../flow/context.js';
import {
  INVITATION_TOKEN_FIELD,
  invitationTokenKey,
  promptDataKey,
  promptPasswordsKey,
} from '../../flow/context-keys.js';
import type { PromptValue } from '../../flow/context-keys.js';
import { ask, deny, pass, responseError, retry, stay } from '../../flow/outcome.js';
import { fillingOf } from '../../flow/prompt-field.js';
import { defineStage } from '../define.js';
import { policyReference, promptFieldReference } from '../reference.js';
import { commonErrorCodes } from '../response-errors.js';
import { promptChallenge, promptResponse } from './challenge.js';
import type { PromptInput } from './challenge.js';
import { forgetting, keeping, keptForm, renderForm } from './form.js';
import type { AskedField } from './form.js';
import { judgeForm } from './judging.js';
import { collect, promptErrors } from './validation.js';

/** So many characters, as JSON, may all forms of an execution collect: policies are told all of it each time. */
const MOST_COLLECTED = 400_000;
const UNSHOWABLE = 'The form of this stage cannot be shown.';
const CHANGED = 'This form has changed in the meantime. Please fill it in again.';

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

  async present(run) {
    const form = await renderForm(run, run.config.fieldIds, run.services.definitions);
    if (!form) return deny('CONFIGURATION_ERROR', UNSHOWABLE);
    return ask({ fields: [...form.shown] }, { changes: [keeping(run, form)] });
  },

  async answer(run, { values }) {
    const { config, context, services } = run;
    const kept = keptForm(run, config.fieldIds, services.definitions);
    if (kept === 'changed') return stay({ messages: [{ level: 'WARNING', text: CHANGED }] });
    const asked = kept ?? (await renderForm(run, config.fieldIds, services.definitions))?.asked;
    if (!asked) return deny('CONFIGURATION_ERROR', UNSHOWABLE);
    const filled = new Map(values.map(({ key, value }) => [key, typedIn(value)]));
    if (filled.size < values.length) {
      return retry([responseError('values', 'INVALID', commonErrorCodes.INVALID)]);
    }
    const collected = await collect(asked, filled, (await run.user())?.id ?? null, services.users);
    if (!collected.ok) return retry(collected.errors);
    const data = { ...unasked(context, asked), ...decidedBy(asked), ...collected.open };
    const { [INVITATION_TOKEN_FIELD]: invitationToken, ...open } = data;
    if (JSON.stringify(open).length > MOST_COLLECTED) {
      return retry([responseError('values', 'TOO_MUCH', promptErrors.TOO_MUCH)]);
    }
    const changes: ContextChange[] = [
      promptDataKey.to(open),
      promptPasswordsKey.to({ ...context.get(promptPasswordsKey), ...collected.passwords }),
      ...(invitationToken === undefined ? [] : [invitationTokenKey.to(String(invitationToken))]),
      forgetting,
    ];
    const { [INVITATION_TOKEN_FIELD]: _token, ...typed } = collected.open;
    const keys = asked.map(({ key }) => key);
    const form = { ...collected, open: typed, keys, changes, policyIds: config.validationPolicyIds };
    const judged = await judgeForm(run, form, services.passwords);
    const [first, ...rest] = judged.errors;
    if (first) return retry([first, ...rest]);
    return pass({ changes, messages: judged.messages.map((text) => ({ level: 'INFO', text })) });
  },
});

function typedIn({ text, number, checked }: PromptInput): PromptValue {
  return text ?? number ?? checked ?? '';
}

/** What is known already, without what this form asks for: what is left blank there is blank. */
function unasked(context: Context, asked: readonly AskedField[]): Record<string, PromptValue> {
  const keys = new Set(asked.filter(({ type }) => fillingOf(type) !== 'nothing').map(({ key }) => key));
  const known = Object.entries(context.get(promptDataKey) ?? {});
  return Object.fromEntries(known.filter(([key]) => !keys.has(key)));
}

function decidedBy(asked: readonly AskedField[]): Record<string, PromptValue> {
  return Object.fromEntries(
    asked.flatMap(({ key, decided }): [string, PromptValue][] => (decided === null ? [] : [[key, decided]])),
  );
}
