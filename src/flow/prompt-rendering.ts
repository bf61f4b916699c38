import { z } from 'zod';

import type { Json } from '../kernel/json.js';
import { isStorableText } from '../kernel/text.js';
import type { Compute } from './compute.js';
import type { PromptValue } from './context-keys.js';
import { promptChoices } from './definition-rules.js';
import { fillingOf, hasChoices } from './prompt-field.js';
import type { ComputedAttribute, PromptChoice, PromptFieldDefinition } from './prompt-field.js';
import { valueInText } from './prompt-values.js';
import type { ShownField } from './shown-field.js';

const LONGEST_LABEL = 500;
const LONGEST_VALUE = 10_000;

/** A field as it stands in a form now. */
export interface RenderedField {
  readonly shown: ShownField;
  /** What the server puts under the field's key; null where that is nothing, or the person fills it in. */
  readonly decided: PromptValue | null;
}

type KnownValues = Readonly<Record<string, PromptValue>>;

/**
 * Works out what a field shows. What is known under its key goes before its expression, and that before what is written
 * there; what does not fit the field is passed over. Undefined where nothing can be chosen that has to be.
 */
export async function renderField(
  field: PromptFieldDefinition,
  known: KnownValues,
  compute: Compute,
): Promise<RenderedField | undefined> {
  const { key, type, order, helpText } = field;
  const label = (await attribute(field, 'label', compute, text(LONGEST_LABEL))) ?? field.label;
  const placeholder = hasChoices(type)
    ? ''
    : ((await attribute(field, 'placeholder', compute, text(LONGEST_LABEL))) ?? field.placeholder);
  const choices = await choicesOf(field, compute);
  const filling = fillingOf(type);
  const required = field.required && filling !== 'decided' && filling !== 'nothing';
  if (!choices || (required && hasChoices(type) && choices.length === 0)) return undefined;
  const value = await valueOf(field, choices, known, compute);
  return {
    shown: {
      ...{ key, label, type, required, placeholder, helpText, order },
      initialValue: value === undefined ? '' : String(value),
      choices: [...choices],
    },
    decided: filling === 'decided' && value !== undefined && value !== '' ? value : null,
  };
}

/** What the expression of an attribute comes to; undefined where it has none. */
async function attribute<T>(
  field: PromptFieldDefinition,
  name: ComputedAttribute,
  compute: Compute,
  read: (value: Json) => T | undefined,
): Promise<T | undefined> {
  const expression = field[`${name}Expression`];
  return expression === null
    ? undefined
    : compute({ promptField: field.name, attribute: name }, expression, read);
}

async function choicesOf(
  field: PromptFieldDefinition,
  compute: Compute,
): Promise<readonly PromptChoice[] | undefined> {
  if (!hasChoices(field.type)) return [];
  const computed = await attribute(field, 'choices', compute, readChoices);
  if (computed) return computed;
  return field.choices.length > 0 ? field.choices : undefined;
}

/** What a field holds at first, or says, or decides. */
async function valueOf(
  field: PromptFieldDefinition,
  choices: readonly PromptChoice[],
  known: KnownValues,
  compute: Compute,
): Promise<PromptValue | undefined> {
  const { key, type, initialValue } = field;
  // Nobody's password is shown to anybody, and a file has to be chosen each time.
  if (type === 'PASSWORD' || type === 'FILE') return undefined;
  const values = choices.map(({ value }) => value);
  const filling = fillingOf(type);
  const fitting = (value: PromptValue): PromptValue | undefined => {
    if (filling === 'decided' || filling === 'nothing') return value;
    return valueInText({ type, choices: values }, String(value));
  };
  // What only shows something has nothing under its key: two of them in one flow may be called the same.
  const own = filling !== 'nothing' && Object.hasOwn(known, key) ? known[key] : undefined;
  const first =
    (own === undefined ? undefined : fitting(own)) ??
    (await attribute(field, 'initialValue', compute, (value) => {
      const scalar = scalarIn(value);
      const fits = scalar === undefined || scalar === '' || hasChoices(type) ? scalar : fitting(scalar);
      if (scalar !== undefined && fits === undefined) throw new Error(`it does not fit ${type}`);
      return fits;
    })) ??
    initialValue;
  if (first === '') return hasChoices(type) ? values[0] : undefined;
  return fitting(first) ?? values[0];
}

const value = z.union([z.string().max(LONGEST_VALUE).refine(isStorableText), z.number(), z.boolean()]);

/** Null is nothing at all. */
function scalarIn(computed: Json): PromptValue | undefined {
  if (computed === null) return undefined;
  const parsed = value.safeParse(computed);
  if (!parsed.success) throw new Error('it is no text, number or truth value that can be kept');
  return parsed.data;
}

function text(longest: number): (computed: Json) => string | undefined {
  return (computed) => {
    const scalar = scalarIn(computed);
    const said = scalar === undefined ? undefined : String(scalar);
    if (said !== undefined && said.length > longest)
      throw new Error(`it is longer than ${longest} characters`);
    return said;
  };
}

const choiceForms = z.array(z.union([value, z.strictObject({ value, label: value })]));

/** Each a value that is its own label, or a value and a label; all of them as texts. */
function readChoices(computed: Json): PromptChoice[] | undefined {
  if (computed === null) return undefined;
  const forms = choiceForms.safeParse(computed);
  const choices = forms.data?.map((form) =>
    typeof form === 'object'
      ? { value: String(form.value), label: String(form.label) }
      : { value: String(form), label: String(form) },
  );
  const parsed = promptChoices.safeParse(choices);
  if (!parsed.success) throw new Error('it is no list of up to 200 different values, or of { value, label }');
  return parsed.data;
}
