import type { PolicyKindDefinition } from './define.js';
import { conditionPolicy } from './condition/policy.js';
import { dummyPolicy } from './dummy/policy.js';
import { expressionPolicy } from './expression/policy.js';

/** Every policy kind there is. Schema, contract tests and the README's table follow from this list. */
export const policyKinds: readonly PolicyKindDefinition[] = [conditionPolicy, expressionPolicy, dummyPolicy];
