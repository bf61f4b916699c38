import { z } from 'zod';

import { isJsonList, isJsonObject } from '../kernel/json.js';
import type { Json, JsonObject } from '../kernel/json.js';
import { errorAt } from './problem.js';
import type { BlueprintProblem, Path } from './problem.js';

const parameterTypes = ['string', 'integer', 'number', 'boolean', 'list', 'object'] as const;
type ParameterType = (typeof parameterTypes)[number];

/** What can be decided when a document is applied. */
export const parameterDeclaration = z.strictObject({
  type: z.enum(parameterTypes).describe('Of which type its value is.'),
  default: z.json().optional().describe('Its value where none is given; without it, one must be.'),
  description: z.string().max(2000).optional().describe('What it decides.'),
});

export const parameterName = z.string().regex(/^[A-Za-z_][\w-]{0,99}$/, {
  error: 'Must begin with a letter, then letters, digits, hyphens and underscores.',
});

export const parameterDeclarations = z.record(parameterName, parameterDeclaration);
export type ParameterDeclarations = z.infer<typeof parameterDeclarations>;

/** The values of a document's parameters by name; with problems among them it cannot be applied. */
export interface ParameterValues {
  readonly values: ReadonlyMap<string, Json>;
  readonly problems: readonly BlueprintProblem[];
}

/** The values of a document's parameters by name, or all that is wrong with what was given. */
export function parameterValues(declared: ParameterDeclarations, given: JsonObject): ParameterValues {
  const values = new Map<string, Json>();
  const problems = shapeProblems(given, ['parameters']);
  if (problems.length > 0) return { values, problems };
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(declared, name)) continue;
    problems.push(errorAt(['parameters', name], 'UNKNOWN_FIELD', 'The document declares no such parameter.'));
  }
  for (const [name, { type, default: otherwise }] of Object.entries(declared)) {
    const path = ['parameters', name];
    const isGiven = Object.hasOwn(given, name);
    const value = isGiven ? given[name] : otherwise;
    if (value === undefined) {
      problems.push(errorAt(path, 'REQUIRED', 'A value has to be given for this parameter.'));
    } else if (!isOfType(value, type)) {
      const message = `Must be of the type ${type}.`;
      problems.push(errorAt(isGiven ? path : [...path, 'default'], 'INVALID_TYPE', message));
    } else {
      values.set(name, value);
    }
  }
  return { values, problems };
}

/** A value as a command or a variable gives it: what can be read as JSON is read as that, and is a text otherwise. */
export function writtenValue(text: string): Json {
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Deeper than anything that a document may hold. */
const DEEPEST = 50;

/** What is wrong with given values by themselves, whatever the document declares. */
function shapeProblems(value: Json, path: Path): BlueprintProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  if (path.length > DEEPEST) return [errorAt(path, 'TOO_DEEP', `Must not be deeper than ${DEEPEST} levels.`)];
  const entries: [string | number, Json][] = isJsonList(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => {
    const at = [...path, key];
    if (key === '__proto__') return [errorAt(at, 'FORBIDDEN_KEY', 'Must not be called that.')];
    return shapeProblems(inner, at);
  });
}

function isOfType(value: Json, type: ParameterType): boolean {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value === type;
    case 'integer':
      return Number.isInteger(value);
    case 'list':
      return isJsonList(value);
    case 'object':
      return isJsonObject(value);
  }
}
