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

const FORBIDDEN = { code: 'FORBIDDEN_KEY' };

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
    TEXT: 'One line of text, of at most 1000 characters.',
    USERNAME: 'A username that nobody else has.',
    EMAIL: 'An e-mail address.',
    PASSWORD:
      'A new password, exactly as it is typed: it is never shown, nor kept as it is. All passwords of a form must be the same.',
    STATIC: 'Nothing is filled in: the field only shows its initial value.',
    TEXT_AREA: 'Text with line breaks, of at most 10,000 characters.',
    TEXT_READ_ONLY: 'One line of text that the server decides, and the person only reads.',
    TEXT_AREA_READ_ONLY: 'Text with line breaks that the server decides, and the person only reads.',
    NUMBER: 'A number from -9007199254740991 to 9007199254740991; it may have decimals.',
    CHECKBOX: 'True or false; where it is required it must be true.',
    RADIO_BUTTON_GROUP: 'The value of one of a few choices, all of them to be seen.',
    DROPDOWN: 'The value of one of several choices.',
    DATE: 'A day, in ISO 8601: 2030-12-31.',
    DATE_TIME: 'A moment, in ISO 8601 with its offset from UTC: 2030-12-31T18:00:00+01:00.',
    FILE: 'A file of at most 64 KiB, as a data URI in base64: data:image/png;base64,…',
    SEPARATOR: 'Nothing is filled in: a line between fields.',
    HIDDEN:
      'Nothing is filled in, and nothing is shown: the server decides the value, and no challenge has the field.',
    ALERT_INFO: 'Nothing is filled in: the field tells something.',
    ALERT_WARNING: 'Nothing is filled in: the field warns.',
    ALERT_DANGER: 'Nothing is filled in: the field warns of a danger.',
    LOCALE: 'A language as BCP 47 writes it: de-AT.',
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

/** A key with dots is one key: what a stage makes of its parts is that stage's business. */
export const promptFieldKey = z
  .string()
  .max(100)
  .regex(/^[a-z][a-zA-Z0-9_]*(\.[a-zA-Z][a-zA-Z0-9_]*){0,9}$/, {
    error:
      'Must begin with a small letter, then letters, digits and underscores; dots may lie between such names.',
  })
  .refine(isNobodysProperty, { error: 'Must not be called like what every object has.', params: FORBIDDEN });

const promptChoice = z
  .strictObject({
    value: text(200)
      .min(1, { error: 'Must not be empty.' })
      .describe('What the answer has where it is chosen.'),
    label: text(500).describe('What to call it on screen.'),
  })
  .meta({ typeName: 'PromptChoice', description: 'Something that can be chosen.' });

export const promptChoices = z
  .array(promptChoice)
  .max(200)
  .refine((choices) => new Set(choices.map(({ value }) => value)).size === choices.length, {
    error: 'Must not have a value twice.',
    params: { code: 'REPEATED' },
  });

const expression = (of: string) =>
  text(20_000)
    .min(1, { error: 'Must not be empty.' })
    .nullable()
    .default(null)
    .describe(
      `Works out ${of} whenever the form is shown: an expression that is written like those of policies, and only computes. Where it fails, what is written there stands. Default: none.`,
    );

export const promptFieldFields = z.strictObject({
  name: name.describe('What administrators call it; unique.'),
  key: promptFieldKey.describe('Under which key the answer is sent and kept.'),
  label: text(500).describe('What to call the field on screen.'),
  type: promptFieldType.describe('How the field is filled in and checked.'),
  required: z.boolean().default(true).describe('Whether it must be filled in. Default: true.'),
  placeholder: text(500).default('').describe('What to show while it is empty.'),
  initialValue: text(2000)
    .default('')
    .describe(
      'What it holds at first, or the value that the server decides, unless something is known under its key already; what it says, where it only shows something.',
    ),
  order: order.default(0),
  helpText: text(2000).default('').describe('What to show below it.'),
  choices: promptChoices
    .default([])
    .describe('What can be chosen, in the order in which to show it. Default: nothing.'),
  labelExpression: expression('the label'),
  placeholderExpression: expression('the placeholder'),
  initialValueExpression: expression('the initial value'),
  choicesExpression: expression(
    'the choices, as a list of values or of { value, label }; without choices to fall back to the form cannot be shown where it fails',
  ),
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

/** What an object inherits would be found under such a name where nothing was ever written. */
function isNobodysProperty(key: string): boolean {
  return key.split('.').every((part) => !(part in {}) && part !== 'prototype');
}
