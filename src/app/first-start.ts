import type { Logger } from 'pino';

import type { Secret } from '../kernel/secret.js';
import type { BlueprintProblem } from '../blueprints/problem.js';
import { documentsToApply } from '../blueprints/shipped.js';
import type { ShippedDocument } from '../blueprints/shipped.js';
import type { ConfiguredAdministrator, Environment } from '../environment.js';
import { serviceItself } from '../flow/change.js';
import type { Actor } from '../flow/change.js';
import type { Fact } from '../flow/imports.js';
import { builtInPasswordRule, passwordProblem, wordsAbout } from '../flow/password-rule.js';
import { systemChance } from '../identity/token.js';
import { createFirstAdministrator, isBootstrapped, issueSetupToken } from '../persistence/bootstrap-store.js';
import type { Database } from '../persistence/database.js';
import { SqlSettings } from '../persistence/setting-store.js';
import { isDatabaseUnavailable } from '../persistence/unavailable.js';
import type { BlueprintFolder } from './blueprint-folder.js';
import { projectRoot } from './project-root.js';
import type { Service } from './service.js';

/** The group that the shipped flows make for administrators, and the flow that makes the first one. */
const ADMINISTRATORS = 'administrators';
const SETUP_FLOW = 'initial-setup';

/**
 * What a start does with the database, while no other process does: tables, shipped flows, somebody who can administrate,
 * and the operator's documents. Returns the secret for the setup flow, where nobody can yet.
 */
export async function prepareInstallation(
  database: Database,
  service: Service,
  { administrator, examples }: Environment,
  now: Date,
  logger: Logger,
  folder: BlueprintFolder | null,
): Promise<Secret | null> {
  const documents = await documentsToApply(new URL('blueprints/', projectRoot()), examples);
  let setupToken: Secret | null = null;
  try {
    await database.exclusively(async () => {
      await database.migrate();
      await recordVersions(service, serviceItself(now), logger);
      await applyShippedFlows(service, documents, serviceItself(now), logger);
      setupToken = await openTheDoor(service, administrator, now, logger);
      await folder?.start();
    });
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw new Error('the database that DATABASE_URL names cannot be reached.', { cause: error });
  }
  return setupToken;
}

/** Before anything else is done with flows: what they were until now is not lost, nor told as part of a later change. */
async function recordVersions({ definitions }: Service, by: Actor, logger: Logger): Promise<void> {
  const flows = await definitions.recordWhatIsThere(by);
  if (flows > 0) logger.info({ flows }, 'made versions of what flows are like');
}

/** Applies each shipped document once for each content; after that it belongs to the administrators. */
async function applyShippedFlows(
  { sql, blueprints }: Service,
  documents: readonly ShippedDocument[],
  by: Actor,
  logger: Logger,
): Promise<void> {
  const settings = new SqlSettings(sql);
  for (const { file, hash, text } of documents) {
    const setting = `blueprint.${file}`;
    if ((await settings.get(setting)) === hash) continue;
    const note = (): Fact => ({ name: setting, value: hash });
    const request = { text, parameters: {}, dryRun: false, by, from: 'OPERATOR', note } as const;
    const { name, applied, problems } = await blueprints.importer.import(request);
    if (!applied) throw new Error(`the shipped document ${file} cannot be applied: ${inWords(problems)}`);
    logger.info({ document: file }, `applied ${name}`);
  }
}

function inWords(problems: readonly BlueprintProblem[]): string {
  return problems.map(({ path, message }) => `${path}: ${message}`).join(' ');
}

/**
 * Makes the account that the environment describes, or else a secret for the setup flow. Neither happens again once
 * there has been an administrator.
 */
async function openTheDoor(
  { sql, hasher, catalogue, policyServices }: Service,
  administrator: ConfiguredAdministrator | null,
  now: Date,
  logger: Logger,
): Promise<Secret | null> {
  if (await isBootstrapped(sql)) return null;
  if (administrator) {
    const { username, email, password } = administrator;
    const words = wordsAbout({ username, email, name: '' }, {});
    const strength = policyServices.passwordStrength;
    const problem = await passwordProblem(password, words, builtInPasswordRule, strength);
    if (problem) throw new Error(`STAGEDOOR_ADMIN_PASSWORD cannot be used. ${problem.message}`);
    const passwordHash = await hasher.hash(password);
    if (await createFirstAdministrator(sql, { username, email, passwordHash }, ADMINISTRATORS, now)) {
      logger.info({ username }, 'made the first administrator');
    }
    return null;
  }
  const flow = (await catalogue.reload()).flowBySlug(SETUP_FLOW);
  if (!flow) return null;
  const token = systemChance.token();
  await issueSetupToken(sql, flow.id, token, now);
  return token;
}
