import type { FlowInfo, StageDefinition } from '../definition.js';
import type { Installation } from '../installation.js';
import type { PromptFieldDefinition } from '../prompt-field.js';

/** What stages may know of the definitions around them. */
export interface Definitions {
  readonly installation: Installation;
  flow(id: string): FlowInfo | undefined;
  flowBySlug(slug: string): (FlowInfo & { readonly id: string }) | undefined;
  /** A stage that another one names. */
  stage(id: string): Pick<StageDefinition, 'id' | 'name' | 'kind'> | undefined;
  promptField(id: string): PromptFieldDefinition | undefined;
}
