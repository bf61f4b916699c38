import { PARAMETER_PREFIX } from '../../blueprints/parameter-variables.js';
import { isLoopback } from '../../kernel/loopback.js';
import { EnvironmentProblems, readEnvironment } from '../../environment.js';
import type { Environment } from '../../environment.js';
import { nearest } from '../nearest.js';
import { fine, problem, warning } from './finding.js';
import type { Finding } from './finding.js';

/** What is ours among the variables of a process, by its beginning. */
const OWN = 'STAGEDOOR_';
/** The names behind these are for the operator to choose. */
const NAMED_BY_OPERATORS = /^STAGEDOOR_(BLUEPRINT_SECRET|BLUEPRINT_PARAMETER|TEST)_/;

export interface ExaminedEnvironment {
  /** Undefined where it cannot be used. */
  readonly environment: Environment | undefined;
  readonly findings: readonly Finding[];
}

/** Looks at the variables: whether each can be used, and whether one of them is misspelt and does nothing. */
export function examineEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): ExaminedEnvironment {
  const { environment, problems } = readOrExplain(variables);
  const known = variablesRead(variables);
  const strange = Object.keys(variables).filter(
    (name) => name.startsWith(OWN) && !known.has(name) && !NAMED_BY_OPERATORS.test(name),
  );
  const findings = [
    ...problems.map((text) => problem('configuration', text, 'README.md says what each variable means.')),
    ...strange.map((name) => misspelt(name, known)),
    ...(environment ? [described(environment), ...doubtful(environment)] : []),
  ];
  return { environment, findings };
}

/** The names that are asked for one by one; what is found by looking through all of them has a name of the operator's. */
function variablesRead(variables: Readonly<Record<string, string | undefined>>): ReadonlySet<string> {
  const names = new Set<string>();
  const nothingToLookThrough: Readonly<Record<string, string | undefined>> = {};
  const watched = new Proxy(nothingToLookThrough, {
    get(_target, name) {
      if (typeof name !== 'string') return undefined;
      names.add(name);
      return variables[name];
    },
  });
  readOrExplain(watched);
  return names;
}

function readOrExplain(variables: Readonly<Record<string, string | undefined>>): {
  readonly environment?: Environment;
  readonly problems: readonly string[];
} {
  try {
    return { environment: readEnvironment(variables), problems: [] };
  } catch (error) {
    if (error instanceof EnvironmentProblems) return { problems: error.problems };
    throw error;
  }
}

function misspelt(name: string, known: ReadonlySet<string>): Finding {
  const meant = nearest(name, [...known]);
  const advice = meant === undefined ? 'Take it away, or correct it.' : `Was ${meant} meant?`;
  return warning('configuration', `Nothing reads the variable ${name}.`, advice);
}

function described({ production, publicUrl, databaseUrl, dataDirectory }: Environment): Finding {
  const mode = production ? 'production' : 'development';
  const where = databaseUrl === null ? `the embedded database in ${dataDirectory}` : 'a PostgreSQL server';
  return fine('configuration', `The variables can be used: ${mode}, at ${publicUrl}, with ${where}.`);
}

function doubtful({ production, publicUrl, secretKeys, databaseUrl, blueprints }: Environment): Finding[] {
  const { hostname } = new URL(publicUrl);
  const isPublic = !isLoopback(hostname);
  return [
    ...(isPublic && !production
      ? [
          warning(
            'configuration',
            'The public URL is for everybody, and the service runs as in development.',
            'Set NODE_ENV=production: development tells more than strangers should know.',
          ),
        ]
      : []),
    ...(production && !isPublic
      ? [
          warning(
            'configuration',
            'Production has a public URL that only this machine can open.',
            'Set STAGEDOOR_PUBLIC_URL to the address that people use: links in mails and passkeys need it.',
          ),
        ]
      : []),
    ...(databaseUrl !== null && secretKeys === null
      ? [
          warning(
            'configuration',
            'The database is on a server, and the keys are in the data folder of this machine.',
            'Set STAGEDOOR_SECRET_KEYS, the same for all processes that share the database.',
          ),
        ]
      : []),
    ...(blueprints.directory === null && blueprints.parameters.size > 0
      ? [
          warning(
            'configuration',
            `There are values for parameters of documents (${PARAMETER_PREFIX}…), and no folder with documents.`,
            'Set STAGEDOOR_BLUEPRINTS_DIR, or take them away: `stagedoor blueprint apply` is told parameters by --parameter.',
          ),
        ]
      : []),
  ];
}
