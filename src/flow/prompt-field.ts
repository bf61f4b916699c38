export const promptFieldTypes = ['TEXT', 'USERNAME', 'EMAIL', 'PASSWORD', 'STATIC'] as const;
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
