import { z } from 'zod';

import { promptFieldType } from '../../flow/definition-rules.js';

const shownField = z
  .strictObject({
    key: z.string().describe('Names the field in the answer.'),
    label: z.string().describe('What to call the field.'),
    type: promptFieldType.describe(
      'How the field is filled in. STATIC fields only show their initial value.',
    ),
    required: z.boolean().describe('Whether it must be filled in.'),
    placeholder: z.string().describe('What to show while it is empty.'),
    initialValue: z.string().describe('What it holds at first.'),
    helpText: z.string().describe('What to show below it.'),
  })
  .meta({ typeName: 'PromptChallengeField', description: 'One field of a form.' });

export const promptChallenge = z.strictObject({
  fields: z.array(shownField).describe('In the order in which to show them.'),
});

// How long and of what form a value may be is said of its field, by the name that the person knows.
const value = z
  .strictObject({ text: z.string().describe('Text as typed.').optional() })
  .meta({ typeName: 'PromptValueInput', oneOf: true, description: 'A field’s value, by its type.' });

const answer = z
  .strictObject({
    key: z.string().max(100).describe('The field’s key.'),
    value: value.describe('What was filled in.'),
  })
  .meta({ typeName: 'PromptAnswerInput', description: 'What was filled into one field.' });

export const promptResponse = z.strictObject({
  values: z.array(answer).max(100).describe('One entry for each field that was filled in.'),
});
