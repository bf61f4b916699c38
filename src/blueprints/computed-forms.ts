import type { Json, JsonObject } from '../kernel/json.js';

function form(name: string, description: string, of: JsonObject): JsonObject {
  const properties: JsonObject = { [name]: { description, ...of } };
  // Editors name what would fit by its title.
  return { title: 'computed', type: 'object', properties, required: [name], additionalProperties: false };
}

const anything: JsonObject = {};
const condition: JsonObject = { $ref: '#/definitions/condition' };

function listOf(items: Json, least: number, most?: number): JsonObject {
  return { type: 'array', items, minItems: least, ...(most !== undefined && { maxItems: most }) };
}

const parameter = form('$parameter', 'The value of a parameter, by its name.', { type: 'string' });
const choice = form('$if', 'The second where the first holds, else the third.', listOf(anything, 3, 3));
const conditions = [
  form('$equals', 'Whether the two are the same.', listOf(anything, 2, 2)),
  form('$not', 'Whether it does not hold.', condition),
  form('$all', 'Whether all of these hold.', listOf(condition, 1)),
  form('$any', 'Whether one of these holds.', listOf(condition, 1)),
];

/** What documents compute, as JSON Schema. */
export const computedForms = {
  computed: {
    description: 'A value that is worked out when the document is applied.',
    anyOf: [
      parameter,
      choice,
      form('$join', 'These, as one text.', listOf(anything, 1)),
      ...conditions,
      form('$literal', 'This, as it is: for what would be taken for a computed value.', anything),
    ],
  },
  condition: {
    description: 'Comes to true or false.',
    anyOf: [{ type: 'boolean' }, parameter, choice, ...conditions],
  },
};
