import type { JsonObject } from '../kernel/json.js';

/** A stage that no administrator has made: the engine's own way of asking for what must not be left out. */
export interface BuiltInStage {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly config: JsonObject;
}

/** A stage that another one puts before itself. It is bound nowhere, so that no policy can take it out. */
export type InsertedStage = { readonly stageId: string } | { readonly builtIn: BuiltInStage };
