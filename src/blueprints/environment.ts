import { Secret } from '../kernel/secret.js';
import { PARAMETER_PREFIX } from './parameter-variables.js';
import type { ParameterVariables } from './parameter-variables.js';

/** Which documents of flows are applied by themselves, and what they may use of what lies outside of them. */
export interface BlueprintEnvironment {
  /** A folder of documents that are applied whenever they change; null for none. */
  readonly directory: string | null;
  /** The only folder whose files they may read; null for none. */
  readonly filesDirectory: string | null;
  /** The only variables that they may read; null for none. */
  readonly variables: AllowedVariables | null;
  /** What secrets are, by the names that documents have for them. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** What the parameters of those in the folder are. */
  readonly parameters: ParameterVariables;
}

export interface AllowedVariables {
  /** How the names of all of them begin. */
  readonly prefix: string;
  /** Those that are set. */
  readonly values: ReadonlyMap<string, string>;
}

type Variables = Readonly<Record<string, string | undefined>>;

const SECRET_PREFIX = 'STAGEDOOR_BLUEPRINT_SECRET_';
/** A prefix of these, or one that begins like them, would let documents tell what is secret. */
const SECRETS = [
  'DATABASE_URL',
  'SMTP_URL',
  'STAGEDOOR_SECRET_KEYS',
  'STAGEDOOR_ADMIN_PASSWORD',
  SECRET_PREFIX,
];
/** So short a prefix that it lets in what nobody has thought of is a mistake. */
const PREFIX = /^[A-Z][A-Z0-9_]{2,99}_$/;
const SECRET_NAME = /^[A-Z][A-Z0-9_]{0,99}$/;
/** Parameters may be called `_a`. Written with capitals, with underscores between words, none is twice as long. */
const PARAMETER_NAME = /^[A-Z_][A-Z0-9_]{0,199}$/;

/** Reads what concerns documents of flows; says of each variable that cannot be used why, without its value. */
export function readBlueprintEnvironment(variables: Variables, problems: string[]): BlueprintEnvironment {
  const text = (name: string): string | null => {
    const value = variables[name]?.trim() ?? '';
    return value === '' ? null : value;
  };
  return {
    directory: text('STAGEDOOR_BLUEPRINTS_DIR'),
    filesDirectory: text('STAGEDOOR_BLUEPRINTS_FILES_DIR'),
    variables: allowedVariables(text('STAGEDOOR_BLUEPRINTS_VARIABLES'), variables, problems),
    secrets: namedSecrets(variables, problems),
    parameters: givenParameters(variables, problems),
  };
}

function allowedVariables(
  prefix: string | null,
  variables: Variables,
  problems: string[],
): AllowedVariables | null {
  if (prefix === null) return null;
  if (!PREFIX.test(prefix)) {
    problems.push(
      'STAGEDOOR_BLUEPRINTS_VARIABLES must be how names of variables begin: capital letters, digits and underscores, four or more, with an underscore at the end, such as BLUEPRINT_',
    );
    return null;
  }
  if (SECRETS.some((name) => name.startsWith(prefix) || prefix.startsWith(name))) {
    problems.push(
      'STAGEDOOR_BLUEPRINTS_VARIABLES must not let documents read secrets: choose a prefix that none of the variables of Stagedoor has, such as BLUEPRINT_',
    );
    return null;
  }
  return { prefix, values: new Map(namesWith(prefix, variables)) };
}

/** A secret is taken as it is, with whatever spaces it has. */
function namedSecrets(variables: Variables, problems: string[]): ReadonlyMap<string, Secret> {
  const secrets = new Map<string, Secret>();
  for (const [variable, value] of namesWith(SECRET_PREFIX, variables)) {
    const name = variable.slice(SECRET_PREFIX.length);
    if (SECRET_NAME.test(name)) secrets.set(name, new Secret(value));
    else
      problems.push(
        `${variable} must go on with a capital letter, and have only those, digits and underscores`,
      );
  }
  return secrets;
}

/** A value is taken as it is: whether it is one depends on the document that declares it. */
function givenParameters(variables: Variables, problems: string[]): ParameterVariables {
  const parameters = new Map<string, string>();
  for (const [variable, value] of namesWith(PARAMETER_PREFIX, variables)) {
    const name = variable.slice(PARAMETER_PREFIX.length);
    if (PARAMETER_NAME.test(name)) parameters.set(name, value);
    else
      problems.push(
        `${variable} must go on with the name of a parameter in capital letters, digits and underscores, such as FOR_STAFF for forStaff`,
      );
  }
  return parameters;
}

function namesWith(prefix: string, variables: Variables): (readonly [string, string])[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    name.startsWith(prefix) && value !== undefined && value !== '' ? [[name, value] as const] : [],
  );
}
