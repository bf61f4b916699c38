import { stageBindingFields } from '../../flow/definition-rules.js';
import { inputType } from '../derive.js';

/** What every input says that puts a stage into a flow. */
export const StageBindingPlace = inputType(
  'StageBindingPlace',
  'Where a stage stands in a flow, and how it behaves there.',
  stageBindingFields,
);
