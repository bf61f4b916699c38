import type { ExternalSources } from '../external-sources.js';
import type { BlueprintProblem, Path } from '../problem.js';
import type { Tree } from '../tree.js';
import type { JsonObject } from '../../kernel/json.js';
import type { Secret } from '../../kernel/secret.js';

export interface TranslationRequest {
  /** What takes the place of the document's context, key by key. */
  readonly parameters: JsonObject;
  readonly sources: ExternalSources;
}

/** A document of the relative in our words. */
export interface Translation {
  /** Ours, without computed values. */
  readonly document: Tree;
  /** What the given document says that is secret, by the names that ours has for it. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Where in the document that was given stands what is here in ours. */
  origin(path: Path): Path;
  /** Paths are those of the document that was given. */
  readonly problems: readonly BlueprintProblem[];
}
