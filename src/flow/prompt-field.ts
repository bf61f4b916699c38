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
}
