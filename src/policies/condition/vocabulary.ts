import { z } from 'zod';

import { policyTargets } from '../../flow/policy-writes.js';
import type { PolicyVocabulary } from '../vocabulary.js';
import { actionsForm } from './document.js';
import { operandForms } from './operands.js';
import { operators } from './operators.js';
import { variables } from './variables.js';

const json = z.record(z.string(), z.json());

/** All that conditions can be written with. */
export function vocabulary(): PolicyVocabulary {
  return {
    variables: variables.map(({ name, type, description, parameter, options }) => ({
      name,
      type,
      description,
      takesParameter: parameter !== undefined,
      parameter: parameter?.description ?? null,
      options: options ?? [],
    })),
    operators: Object.entries(operators).map(([name, { description, types, operand, negatable, folds }]) => ({
      name,
      description,
      types,
      operand,
      operandDescription: operandForms[operand],
      negatable,
      caseSensitivity: folds,
    })),
    targets: Object.entries(policyTargets).map(([name, description]) => ({ name, description })),
    field: 'actions',
    schema: json.parse(JSON.parse(JSON.stringify(z.toJSONSchema(actionsForm, { io: 'input' })))),
  };
}
