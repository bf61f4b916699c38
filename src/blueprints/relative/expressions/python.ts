// The part of Python that expressions of the relative's are read in, as a tree. What has no place here is not read at all.

/** What is written, with what it is about. */
export type Expression =
  | { readonly type: 'constant'; readonly value: null | boolean | string | number }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly type: 'item'; readonly of: Expression; readonly key: Expression }
  | {
      readonly type: 'call';
      readonly of: Expression;
      readonly given: readonly Expression[];
      readonly named: readonly { readonly name: string; readonly value: Expression }[];
    }
  | { readonly type: 'not'; readonly of: Expression }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly type: 'choice';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | { readonly type: 'emptyMap' }
  /** A text with expressions in it. */
  | { readonly type: 'template'; readonly parts: readonly (string | Expression)[] };

export const comparisonOperators = ['==', '!=', 'is', 'is not', 'in', 'not in'] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];

export type Statement =
  | { readonly type: 'assignment'; readonly to: Expression; readonly value: Expression }
  | {
      readonly type: 'if';
      readonly test: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly type: 'return'; readonly value: Expression }
  | { readonly type: 'expression'; readonly expression: Expression }
  | {
      readonly type: 'import';
      readonly from: string;
      readonly names: readonly { readonly name: string; readonly as: string }[];
    }
  /** Whatever goes wrong in the body is caught. */
  | { readonly type: 'try'; readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] }
  | { readonly type: 'pass' };

/** Thrown where a text is none that can be read here; it is caught before anybody outside sees it. */
export class Unreadable extends Error {}
