import type { JsonObject } from '../../../kernel/json.js';

/** A policy of ours that stands for an expression of the relative's. */
export interface TranslatedPolicy {
  readonly kind: string;
  readonly config: JsonObject;
  /** What whoever imports it should know, in a sentence or two; null where it just means the same. */
  readonly note: string | null;
}

/** What stands for an expression of a prompt field: an expression of ours, or the text that it always comes to. */
export type TranslatedPromptExpression = { readonly expression: string } | { readonly text: string };
