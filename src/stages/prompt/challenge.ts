import { z } from 'zod';

import { isStorableText } from '../../kernel/text.js';
import { shownField } from '../../flow/shown-field.js';

export const promptChallenge = z.strictObject({
  fields: z.array(shownField).describe('In the order in which to show them.'),
});

// How long and of what form a value may be is said of its field, by the name that the person knows.
const value = z
  .strictObject({
    text: z
      .string()
      .describe(
        'As typed or chosen: for every type but those below. Nothing, or white space alone, is left out.',
      )
      .optional(),
    number: z.number().describe('For NUMBER.').optional(),
    checked: z.boolean().describe('For CHECKBOX.').optional(),
  })
  .refine((members) => Object.values(members).filter((member) => member !== undefined).length === 1)
  .meta({
    typeName: 'PromptValueInput',
    oneOf: true,
    description: 'A field’s value, by its type.',
    examples: [{ text: 'sample' }],
  });

export type PromptInput = z.infer<typeof value>;

const answer = z
  .strictObject({
    key: z.string().max(100).refine(isStorableText).describe('The field’s key.'),
    value: value.describe('What was filled in.'),
  })
  .meta({ typeName: 'PromptAnswerInput', description: 'What was filled into one field.' });

export const promptResponse = z.strictObject({
  values: z
    .array(answer)
    .max(100)
    .describe(
      'One entry for each field that was filled in. Fields that only show something, and those that the server decides, have none.',
    ),
});
