import type { PromptFieldDefinition, PromptFieldType } from '../../src/flow/prompt-field.js';

/** A field of a form, under the key as its name. */
export function promptField(
  key: string,
  type: PromptFieldType,
  also: Partial<PromptFieldDefinition> = {},
): PromptFieldDefinition {
  return {
    id: `field-${key}`,
    version: 1,
    name: key,
    key,
    label: key,
    type,
    required: true,
    placeholder: '',
    initialValue: '',
    order: 0,
    helpText: '',
    choices: [],
    labelExpression: null,
    placeholderExpression: null,
    initialValueExpression: null,
    choicesExpression: null,
    ...also,
  };
}
