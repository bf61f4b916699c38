import { z } from 'zod';

import { operators } from './operators.js';
import type { OperatorName } from './operators.js';
import { castTypes } from './values.js';

// The form of what a condition does. Whether variables, operators and operands go together is in document-rules.ts.

const LONGEST_TEXT = 1000;
const LONGEST_NAME = 200;
const MOST_ITEMS = 100;
export const MOST_NODES = 200;

const text = (longest: number) => z.string().max(longest);

const literal = z.union([text(LONGEST_TEXT), z.number(), z.boolean()]).describe('A literal value.');

const reference = {
  variable: text(LONGEST_NAME).describe('The name of a variable.'),
  parameter: text(LONGEST_NAME).optional().describe('What the variable takes, if it takes something.'),
};
const as = z.enum(castTypes).optional().describe('The type to read the value as; what cannot be is missing.');

const operand = z
  .union([z.strictObject({ ...reference, as }), z.array(literal).max(MOST_ITEMS), literal])
  .describe('What to compare with: a literal, a list of literals, or another variable.');

const isOperator = (name: string): name is OperatorName => Object.hasOwn(operators, name);

const comparison = z
  .strictObject({
    ...reference,
    as,
    operator: z.enum(Object.keys(operators).filter(isOperator)).describe('How to compare.'),
    value: operand.optional(),
    caseSensitive: z.boolean().default(true).describe('Whether upper and lower case differ. Default: true.'),
    negate: z.boolean().default(false).describe('Whether the opposite is meant. Default: false.'),
  })
  .meta({ title: 'Comparison', description: 'Compares the value of a variable.' });

const calledPolicy = z
  .strictObject({ policy: text(LONGEST_NAME).min(1).describe('The name of the policy.') })
  .meta({ title: 'PolicyReference', description: 'Whether another policy passes.' });

export type Reference = Readonly<Pick<z.infer<typeof comparison>, 'variable' | 'parameter' | 'as'>>;
export type Operand = z.infer<typeof operand>;
export type Comparison = Readonly<z.infer<typeof comparison>>;
export type CalledPolicy = Readonly<z.infer<typeof calledPolicy>>;
export type Group =
  | { readonly all: readonly ConditionNode[] }
  | { readonly any: readonly ConditionNode[] }
  | { readonly none: readonly ConditionNode[] };
export type ConditionNode = Comparison | Group | CalledPolicy;

const node: z.ZodType<ConditionNode> = z
  .lazy(() => {
    const children = z.array(node).min(1).max(MOST_NODES);
    return z.union([
      comparison,
      z.strictObject({ all: children.describe('All of these hold.') }),
      z.strictObject({ any: children.describe('At least one of these holds.') }),
      z.strictObject({ none: children.describe('None of these holds.') }),
      calledPolicy,
    ]);
  })
  .meta({ id: 'Node', description: 'Something that holds or does not.' });

const enabled = z.boolean().default(true).describe('Whether the action is there at all. Default: true.');

const requirement = z
  .strictObject({ type: z.literal('require'), enabled, when: node })
  .meta({ title: 'Require', description: 'Goes on where it holds; else the policy fails.' });

const assignment = z
  .strictObject({
    type: z.literal('set'),
    enabled,
    target: text(LONGEST_NAME).describe('What to write.'),
    value: z
      .union([z.strictObject(reference), z.array(literal).max(MOST_ITEMS), literal])
      .describe('What to write there: a literal, a list of literals, or a variable.'),
  })
  .meta({ title: 'Set', description: 'Writes a value into the context of the execution.' });

const ending = z
  .strictObject({
    type: z.literal('stop'),
    enabled,
    passing: z.boolean().describe('Whether the policy passes.'),
    message: text(500).optional().describe('What to say to the person.'),
  })
  .meta({ title: 'Stop', description: 'Ends here, passing or not.' });

const abortion = z
  .strictObject({
    type: z.literal('abort'),
    enabled,
    message: text(500).min(1).describe('What administrators are told.'),
  })
  .meta({
    title: 'Abort',
    description: 'Ends in an error: it has neither passed nor failed, and the guard says what that means.',
  });

export type Requirement = Readonly<z.infer<typeof requirement>>;
export type Assignment = Readonly<z.infer<typeof assignment>>;
export type Ending = Readonly<z.infer<typeof ending>>;
export type Abortion = Readonly<z.infer<typeof abortion>>;
export interface Choice {
  readonly type: 'if';
  readonly enabled: boolean;
  readonly when: ConditionNode;
  readonly then: readonly Action[];
  readonly else: readonly Action[];
}
export type Action = Requirement | Choice | Assignment | Ending | Abortion;

const action: z.ZodType<Action> = z
  .lazy(() => {
    const actions = z.array(action).max(MOST_NODES).default([]);
    const choice = z
      .strictObject({
        type: z.literal('if'),
        enabled,
        when: node,
        then: actions.describe('What to do where it holds. Default: nothing.'),
        else: actions.describe('What to do where it does not. Default: nothing.'),
      })
      .meta({ title: 'If', description: 'Does one thing or another.' });
    return z.discriminatedUnion('type', [requirement, choice, assignment, ending, abortion]);
  })
  .meta({ id: 'Action', description: 'A single step.' });

/** What a condition does, in order. */
export const actionsForm = z
  .array(action)
  .min(1)
  .max(MOST_NODES)
  .describe('What is done, in order. At the end of the list, the policy passes.');
