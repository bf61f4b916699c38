import type { JsonObject } from '../kernel/json.js';
import { parameterValues, writtenValue } from './parameters.js';
import type { ParameterDeclarations, ParameterValues } from './parameters.js';
import { errorAt, placeOf } from './problem.js';
import type { BlueprintProblem } from './problem.js';

/** How the variables begin that give values to parameters of the documents in the operator's folder. */
export const PARAMETER_PREFIX = 'STAGEDOOR_BLUEPRINT_PARAMETER_';

/** What variables say, by what follows the prefix in their names. */
export type ParameterVariables = ReadonlyMap<string, string>;

/** Where a word begins within a name such as `forStaff` or `theURLPath`, and what stands between two of them. */
const BETWEEN_WORDS = /(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|-/g;

/** What follows the prefix in the variable for a parameter: FOR_STAFF for `forStaff`, `for-staff` and `for_staff`. */
export function variableOf(parameter: string): string {
  return parameter.replaceAll(BETWEEN_WORDS, '_').toUpperCase();
}

/**
 * The values of a document's parameters as variables say, or all that is wrong with those. Other documents may have
 * parameters that this one does not declare. Which one of two is meant is not guessed.
 */
export function valuesFromVariables(
  declared: ParameterDeclarations,
  variables: ParameterVariables,
): ParameterValues {
  const names = Object.keys(declared);
  const ambiguities = names.flatMap((name) => {
    const namesakes = variables.has(variableOf(name)) ? names.filter(isNamesakeOf(name)) : [];
    return namesakes.length === 0 ? [] : [ambiguity(name, namesakes)];
  });
  if (ambiguities.length > 0) return { values: new Map(), problems: ambiguities };
  const given: JsonObject = Object.fromEntries(
    names.flatMap((name) => {
      const text = variables.get(variableOf(name));
      return text === undefined ? [] : [[name, writtenValue(text)] as const];
    }),
  );
  const { values, problems } = parameterValues(declared, given);
  return { values, problems: problems.map((problem) => withVariable(problem, given)) };
}

function isNamesakeOf(name: string): (other: string) => boolean {
  return (other) => other !== name && variableOf(other) === variableOf(name);
}

function ambiguity(name: string, namesakes: readonly string[]): BlueprintProblem {
  const message = `${PARAMETER_PREFIX}${variableOf(name)} could be for this one as well as for ${namesakes.join(', ')}: have them called otherwise.`;
  return errorAt(['parameters', name], 'CONFLICTING', message);
}

/** Whoever is to mend it knows variables. A default that is wrong is for the document to mend. */
function withVariable(problem: BlueprintProblem, given: JsonObject): BlueprintProblem {
  const [, name = '', ...within] = placeOf(problem.path).map(String);
  if (within.length > 0 && !Object.hasOwn(given, name)) return problem;
  return {
    ...problem,
    message: `${problem.message} Its variable is ${PARAMETER_PREFIX}${variableOf(name)}.`,
  };
}
