export const promptFieldTypes = [
  'TEXT',
  'TEXT_AREA',
  'TEXT_READ_ONLY',
  'TEXT_AREA_READ_ONLY',
  'USERNAME',
  'EMAIL',
  'PASSWORD',
  'NUMBER',
  'CHECKBOX',
  'RADIO_BUTTON_GROUP',
  'DROPDOWN',
  'DATE',
  'DATE_TIME',
  'FILE',
  'SEPARATOR',
  'HIDDEN',
  'STATIC',
  'ALERT_INFO',
  'ALERT_WARNING',
  'ALERT_DANGER',
  'LOCALE',
] as const;
export type PromptFieldType = (typeof promptFieldTypes)[number];

/**
 * How a field comes by its value: the person gives text, a number, or true or false; or the server decides it; or there is
 * none, and the field only shows something.
 */
export type Filling = 'text' | 'number' | 'checked' | 'decided' | 'nothing';

const fillings = {
  TEXT: 'text',
  TEXT_AREA: 'text',
  TEXT_READ_ONLY: 'decided',
  TEXT_AREA_READ_ONLY: 'decided',
  USERNAME: 'text',
  EMAIL: 'text',
  PASSWORD: 'text',
  NUMBER: 'number',
  CHECKBOX: 'checked',
  RADIO_BUTTON_GROUP: 'text',
  DROPDOWN: 'text',
  DATE: 'text',
  DATE_TIME: 'text',
  FILE: 'text',
  SEPARATOR: 'nothing',
  HIDDEN: 'decided',
  STATIC: 'nothing',
  ALERT_INFO: 'nothing',
  ALERT_WARNING: 'nothing',
  ALERT_DANGER: 'nothing',
  LOCALE: 'text',
} as const satisfies Record<PromptFieldType, Filling>;

export function fillingOf(type: PromptFieldType): Filling {
  return fillings[type];
}

/** Whether one of several choices is filled in. */
export function hasChoices(type: PromptFieldType): boolean {
  return type === 'RADIO_BUTTON_GROUP' || type === 'DROPDOWN';
}

/** Something that can be chosen, and what it is called on screen. */
export interface PromptChoice {
  readonly value: string;
  readonly label: string;
}

/** The attributes of a field that an expression can work out. */
export const computedAttributes = ['label', 'placeholder', 'initialValue', 'choices'] as const;
export type ComputedAttribute = (typeof computedAttributes)[number];

/** One field of a form, reusable by any prompt stage. */
export interface PromptFieldDefinition {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  /** Under which key the answer is sent and kept. */
  readonly key: string;
  readonly label: string;
  readonly type: PromptFieldType;
  readonly required: boolean;
  readonly placeholder: string;
  readonly initialValue: string;
  readonly order: number;
  readonly helpText: string;
  /** For types that have choices. */
  readonly choices: readonly PromptChoice[];
  /** Works out what takes the place of the literal one; null where that stands. */
  readonly labelExpression: string | null;
  readonly placeholderExpression: string | null;
  readonly initialValueExpression: string | null;
  readonly choicesExpression: string | null;
}
