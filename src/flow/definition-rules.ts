import { z } from 'zod';

import { durationSeconds, durationText } from '../kernel/duration.js';
import { momentText } from '../kernel/moment.js';
import { isStorableText } from '../kernel/text.js';
import {
  authenticationRequirements,
  deniedActions,
  designations,
  invalidResponseActions,
  layouts,
  policyEngineModes,
} from './definition.js';
import { promptFieldTypes } from './prompt-field.js';

/** What administrators may write into definitions. Every way in, GraphQL or document, goes through these. */

const designation = z.enum(designations).meta({ typeName: 'FlowDesignation' });
const layout = z.enum(layouts).meta({ typeName: 'FlowLayout' });
const deniedAction = z.enum(deniedActions).meta({ typeName: 'DeniedAction' });
const authentication = z.enum(authenticationRequirements).meta({ typeName: 'AuthenticationRequirement' });
const invalidResponseAction = z.enum(invalidResponseActions).meta({ typeName: 'InvalidResponseAction' });
const policyEngineMode = z.enum(policyEngineModes).meta({ typeName: 'PolicyEngineMode' });
export const promptFieldType = z.enum(promptFieldTypes).meta({
  typeName: 'PromptFieldType',
  description: 'How a field is filled in and checked.',
  values: {
    TEXT: 'Any text.',
    USERNAME: 'A username.',
    EMAIL: 'An e-mail address.',
    PASSWORD: 'A new password: it is never shown, nor kept as it is.',
    STATIC: 'Nothing is filled in: the field only shows its initial value.',
    TEXT_AREA: 'Several lines of text.',
    TEXT_READ_ONLY: 'One line of text that cannot be changed.',
    TEXT_AREA_READ_ONLY: 'Several lines of text that cannot be changed.',
    NUMBER: 'A number.',
    CHECKBOX: 'Yes or no.',
    RADIO_BUTTON_GROUP: 'One of a few choices, all of them to be seen.',
    DROPDOWN: 'One of several choices.',
    DATE: 'A day.',
    DATE_TIME: 'A moment.',
    FILE: 'A file, as a data URI in base64.',
    SEPARATOR: 'Nothing is filled in: a line between fields.',
    HIDDEN: 'Nothing is filled in, and nothing is shown: the server decides the value.',
    ALERT_INFO: 'Nothing is filled in: the field tells something.',
    ALERT_WARNING: 'Nothing is filled in: the field warns.',
    ALERT_DANGER: 'Nothing is filled in: the field warns of a danger.',
    LOCALE: 'A language.',
  },
});

const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine(isStorableText, { error: 'Must not hold characters that cannot be stored.' });
const name = text(200).refine((value) => value.trim() !== '', { error: 'Must not be empty.' });
const order = z.int().min(-1_000_000).max(1_000_000).describe('Its place: lower numbers come first.');

const slug = z
  .string()
  .max(100)
  .regex(/^[a-zA-Z0-9_-]+$/, { error: 'Must consist of letters, digits, hyphens and underscores.' });

const backgroundUrl = text(2000).refine(isPicture, {
  error: 'Must be an http(s) address, or a path that begins with /.',
});

export const flowFields = z.strictObject({
  slug: slug.describe('Names the flow in startFlow and in addresses; unique.'),
  name: name.describe('What administrators call it.'),
  title: text(500).describe('What to call it on screen; %(user)s stands for the person whom it is about.'),
  designation: designation.describe('What the flow is for.'),
  authentication: authentication.default('NONE').describe('What must be true of the caller. Default: NONE.'),
  deniedAction: deniedAction
    .default('MESSAGE_CONTINUE')
    .describe('What happens to somebody whom the flow does not let in. Default: MESSAGE_CONTINUE.'),
  policyEngineMode: policyEngineMode
    .default('ANY')
    .describe('How its bindings decide together. Default: ANY.'),
  layout: layout.default('STACKED').describe('A hint for how to lay out its screens. Default: STACKED.'),
  backgroundUrl: backgroundUrl.nullable().default(null).describe('A picture to show behind it.'),
});

export const stageName = name.describe('What administrators call it; unique.');

export const stageBindingFields = z.strictObject({
  order,
  evaluateOnPlan: z
    .boolean()
    .default(false)
    .describe('Ask its policies when the flow is planned. Default: false.'),
  reEvaluatePolicies: z
    .boolean()
    .default(true)
    .describe("Ask its policies whenever the stage's turn comes. Default: true."),
  invalidResponseAction: invalidResponseAction
    .default('RETRY')
    .describe('What follows an answer that the stage does not accept. Default: RETRY.'),
  policyEngineMode: policyEngineMode
    .default('ANY')
    .describe('How its bindings decide together. Default: ANY.'),
});

/** Without either, the policies of a binding would never be asked. */
export function asksItsPolicies(binding: { evaluateOnPlan: boolean; reEvaluatePolicies: boolean }): boolean {
  return binding.evaluateOnPlan || binding.reEvaluatePolicies;
}

export const promptFieldKey = z
  .string()
  .max(100)
  .regex(/^[a-z][a-zA-Z0-9_]*$/, {
    error: 'Must begin with a small letter, then letters, digits and underscores.',
  });

export const promptFieldFields = z.strictObject({
  name: name.describe('What administrators call it; unique.'),
  key: promptFieldKey.describe('Under which key the answer is sent and kept.'),
  label: text(500).describe('What to call the field on screen.'),
  type: promptFieldType.describe('How the field is filled in and checked.'),
  required: z.boolean().default(true).describe('Whether it must be filled in. Default: true.'),
  placeholder: text(500).default('').describe('What to show while it is empty.'),
  initialValue: text(2000).default('').describe('What it holds at first; for STATIC, what it says.'),
  order: order.default(0),
  helpText: text(2000).default('').describe('What to show below it.'),
});

export const policyName = name.describe('What administrators call it; unique.');

export const policyBindingFields = z.strictObject({
  order,
  enabled: z.boolean().default(true).describe('Whether it takes part at all. Default: true.'),
  negate: z.boolean().default(false).describe('Whether its result is turned round. Default: false.'),
  timeout: durationText
    .refine((value) => durationSeconds(value) >= 1 && durationSeconds(value) <= 300, {
      error: 'Must be between PT1S and PT5M.',
    })
    .default('PT30S')
    .describe('Longest evaluation; past it the policy has failed with an error. Default: PT30S.'),
  failureResult: z
    .boolean()
    .default(false)
    .describe(
      'Where evaluating ended in an error: true counts as passed; false (the default) denies the flow. An error never skips a stage.',
    ),
  expiresAt: momentText
    .meta({ typeName: 'DateTime' })
    .nullable()
    .default(null)
    .describe(
      'From when on it takes no part any more. Where all bindings of a flow have expired nobody may use it; where all of a stage have, it applies. Default: never.',
    ),
});

export const groupFields = z.strictObject({
  name: name.describe('What administrators call it; unique.'),
  superuser: z
    .boolean()
    .default(false)
    .describe('Whether its members may do everything, those of groups within it included. Default: false.'),
  parentIds: z
    .array(z.uuid())
    .max(100)
    .default([])
    .describe('The groups that it lies within: whoever is in it is in them as well. Default: none.'),
});

/** So many people may join or leave a group at once. */
export const groupMemberIds = z.array(z.uuid()).max(1000);

function isPicture(value: string): boolean {
  if (value.startsWith('/') && !value.startsWith('//') && !value.includes('\\')) return true;
  return URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
}
