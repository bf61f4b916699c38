import type { JsonObject } from '../kernel/json.js';

/** The words in which a kind's configuration is written, for interfaces that help with writing it. */
export interface PolicyVocabulary {
  readonly variables: readonly VariableWord[];
  readonly operators: readonly OperatorWord[];
  readonly targets: readonly TargetWord[];
  /** The field of the configuration that is written in them. */
  readonly field: string;
  /** The form of what is written, as JSON Schema. */
  readonly schema: JsonObject;
}

export interface VariableWord {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly takesParameter: boolean;
  /** What the parameter is; null where there is none. */
  readonly parameter: string | null;
  /** All that it can be, where it can only be one of these. */
  readonly options: readonly string[];
}

export interface OperatorWord {
  readonly name: string;
  readonly description: string;
  /** The types of variables that have it. */
  readonly types: readonly string[];
  /** What it compares with: a word for it, and a sentence. */
  readonly operand: string;
  readonly operandDescription: string;
  readonly negatable: boolean;
  /** Whether `caseSensitive` says something to it. */
  readonly caseSensitivity: boolean;
}

/** What can be written into the context of an execution. */
export interface TargetWord {
  /** Where it ends in a dot, a key of the author's choice follows. */
  readonly name: string;
  readonly description: string;
}
