import { failingText } from '../expressions/failing.js';
import { translatePromptExpression } from '../expressions/prompt.js';
import type { Fields, Given } from '../entry.js';
import { pythonText } from '../format.js';
import { flag, meaningless, renamed, same, truthOf } from '../rules.js';
import type { Writing } from '../rules.js';
import { isList, isMembers } from '../value.js';
import type { Model } from './model.js';

const types = {
  text: 'TEXT',
  text_area: 'TEXT_AREA',
  text_read_only: 'TEXT_READ_ONLY',
  text_area_read_only: 'TEXT_AREA_READ_ONLY',
  username: 'USERNAME',
  email: 'EMAIL',
  password: 'PASSWORD',
  number: 'NUMBER',
  checkbox: 'CHECKBOX',
  'radio-button-group': 'RADIO_BUTTON_GROUP',
  dropdown: 'DROPDOWN',
  date: 'DATE',
  'date-time': 'DATE_TIME',
  file: 'FILE',
  separator: 'SEPARATOR',
  hidden: 'HIDDEN',
  static: 'STATIC',
  alert_info: 'ALERT_INFO',
  alert_warning: 'ALERT_WARNING',
  alert_danger: 'ALERT_DANGER',
  'ak-locale': 'LOCALE',
};

const CHOOSING = ['radio-button-group', 'dropdown'];
const SHOWING = ['static', 'separator', 'alert_info', 'alert_warning', 'alert_danger'];

export const promptField: Model = {
  type: 'promptField',
  key: 'name',
  rules: {
    field_key: key,
    label: same('label'),
    type: renamed('type', types),
    // What it was called for a while.
    prompt_type: renamed('type', types),
    required: flag('required'),
    order: same('order'),
    sub_text: same('helpText'),
    // These go together with whether they are code.
    ...{ placeholder: meaningless, placeholder_expression: meaningless },
    ...{ initial_value: meaningless, initial_value_expression: meaningless },
    ...{ promptstage_set: meaningless },
  },
  finish: (writing) => {
    const { fields } = writing.entry;
    const chooses = CHOOSING.includes(typeIn(fields));
    if (chooses) choices(writing);
    else computed(writing, 'placeholder');
    computed(writing, 'initial_value');
  },
};

function typeIn(fields: Fields): string {
  const given = fields.get('type') ?? fields.get('prompt_type');
  return typeof given?.value === 'string' ? given.value : '';
}

/** What a field is called here under which there it is known by this: there every sign may be in it. */
export function fieldKey(text: string): string {
  return text.replace(/^attributes_/, 'attributes.').replaceAll('-', '_');
}

function key({ value, path }: Given, { entry, problems, set }: Writing): void {
  if (typeof value !== 'string') return problems.error(path, 'INVALID_TYPE', 'Must be text.');
  const called = fieldKey(value);
  if (called !== value && !SHOWING.includes(typeIn(entry.fields))) {
    problems.warning(path, `Is called ${called} here.`);
  }
  set('key', called, path);
}

const ours = { placeholder: 'placeholder', initial_value: 'initialValue' } as const;

/** Text as it is written, or worked out by an expression where the relative says that it is code. */
function computed({ entry: { fields }, problems, set }: Writing, field: keyof typeof ours): void {
  const given = fields.get(field);
  if (!given) {
    const flagged = fields.get(`${field}_expression`);
    if (flagged && truthOf(flagged.value) === true) {
      problems.error(flagged.path, 'INCOMPLETE', `Needs the expression as ${field}.`);
    }
    return;
  }
  const { value, path } = given;
  const target = ours[field];
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return problems.error(path, 'INVALID_TYPE', 'Must be text.');
  }
  const text = pythonText(value);
  if (truthOf(fields.get(`${field}_expression`)?.value) !== true) {
    set(target, text, path);
    return set(`${target}Expression`, null, path);
  }
  const translated = translatePromptExpression(text);
  if (translated && 'text' in translated) {
    set(target, translated.text, path);
    return set(`${target}Expression`, null, path);
  }
  if (!translated) {
    problems.warning(
      path,
      'This code is not run here, and what it means is not known: the field holds nothing until it is written anew.',
    );
  }
  set(target, '', path);
  set(`${target}Expression`, translated?.expression ?? failingText(text), path);
}

/** There the placeholder is what can be chosen: one value, or code that makes a list of them. */
function choices({ entry: { fields }, problems, set }: Writing): void {
  const given = fields.get('placeholder');
  if (!given) return;
  const { value, path } = given;
  if (truthOf(fields.get('placeholder_expression')?.value) === true) {
    const message =
      'This code is not run here: what can be chosen has to be written anew, and until then the form cannot be shown.';
    problems.warning(path, message);
    return set('choicesExpression', failingText(typeof value === 'string' ? value : ''), path);
  }
  const all = (isList(value) ? value : [value]).map((one) => {
    if (!isMembers(one)) return { value: one, label: one };
    return { value: one.value ?? null, label: one.label ?? one.value ?? null };
  });
  const written = all.flatMap(({ value: chosen, label }) =>
    isPlain(chosen) && isPlain(label) ? [{ value: String(chosen), label: String(label) }] : [],
  );
  if (written.length < all.length) problems.error(path, 'INVALID_TYPE', 'Must be text.');
  else set('choices', written, path);
}

function isPlain(value: Given['value']): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
