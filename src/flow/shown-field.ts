import { z } from 'zod';

import { promptChoices, promptFieldType } from './definition-rules.js';

/** One field of a form as clients get it. */
export const shownField = z
  .strictObject({
    key: z.string().describe('Names the field in the answer.'),
    label: z.string().describe('What to call the field. Plain text.'),
    type: promptFieldType.describe('How the field is filled in, or what it shows.'),
    required: z.boolean().describe('Whether it must be filled in.'),
    placeholder: z.string().describe('What to show while it is empty. Plain text.'),
    initialValue: z
      .string()
      .describe(
        'What it holds at first, as text: of a NUMBER its digits, of a CHECKBOX true or false, of what has choices the value of one. What it says, where nothing is filled in. Plain text.',
      ),
    helpText: z.string().describe('What to show below it. Plain text.'),
    choices: promptChoices.describe('What can be chosen, in this order; the labels are plain text.'),
    order: z.int().describe('Its place in the form. The fields are in this order already.'),
  })
  .meta({
    typeName: 'PromptChallengeField',
    description:
      'One field of a form. All texts are plain text, whatever is written in them, and may be what people have typed: never render them as HTML.',
  });

export type ShownField = z.infer<typeof shownField>;
