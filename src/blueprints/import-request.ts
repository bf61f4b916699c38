import type { JsonObject } from '../kernel/json.js';
import type { Actor } from '../flow/change.js';
import type { Fact } from '../flow/imports.js';
import type { ParameterVariables } from './parameter-variables.js';
import type { BlueprintResult } from './result.js';

/** A document that somebody wants applied, or wants to know about what it would do. */
export interface ImportRequest {
  /** YAML or JSON: our format, or one of the relative's. */
  readonly text: string;
  /** Values for the parameters that the document declares. */
  readonly parameters: JsonObject;
  /** What gives them their values instead where the document lies in the operator's folder. */
  readonly parameterVariables?: ParameterVariables;
  /** Says what would change, and changes nothing. */
  readonly dryRun: boolean;
  readonly by: Actor;
  /**
   * Who has chosen the document. What comes over the API reads neither files nor variables, whatever it says; named
   * secrets are for superusers there.
   */
  readonly from: 'API' | 'OPERATOR';
  /** Where it lies in the operator's folder, for the event log. */
  readonly file?: string;
  /** What is to be kept once the document is applied, in the same transaction: whether it is must not be left open. */
  readonly note?: (result: BlueprintResult) => Fact;
}

/** Applies documents. */
export interface Importer {
  /** Rejects only where it is not for the document to mend; what is wrong with that is told in the result. */
  import(request: ImportRequest): Promise<BlueprintResult>;
}
