import type { Logger } from 'pino';

import type { Secret } from '../kernel/secret.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { DefinitionStore } from '../flow/definition-store.js';
import { applyDocument } from '../blueprints/apply.js';
import type { BlueprintParts } from '../blueprints/apply.js';
import { readDocuments } from '../blueprints/shipped.js';
import type { ConfiguredAdministrator } from '../environment.js';
import type { PasswordHasher } from '../identity/password-hasher.js';
import { passwordProblem } from '../identity/password-rule.js';
import { systemChance } from '../identity/token.js';
import { createFirstAdministrator, isBootstrapped, issueSetupToken } from '../persistence/bootstrap-store.js';
import type { CatalogueStore } from '../persistence/catalogue-store.js';
import type { SqlSettings } from '../persistence/setting-store.js';
import type { Sql } from '../persistence/tables.js';

/** The group that the shipped flows make for administrators, and the flow that makes the first one. */
const ADMINISTRATORS = 'administrators';
const SETUP_FLOW = 'initial-setup';

export interface FirstStartParts {
  readonly sql: Sql;
  readonly catalogue: CatalogueStore;
  readonly definitions: DefinitionStore;
  readonly settings: SqlSettings;
  readonly blueprints: BlueprintParts;
  readonly documents: URL;
  readonly hasher: PasswordHasher;
  readonly logger: Logger;
}

/** Applies each shipped document once for each content; after that it belongs to the administrators. */
export async function applyShippedFlows(parts: FirstStartParts): Promise<void> {
  for (const { file, hash, document } of await readDocuments(parts.documents)) {
    const setting = `blueprint.${file}`;
    if ((await parts.settings.get(setting)) === hash) continue;
    const catalogue = await parts.catalogue.reload();
    await parts.definitions.edit((editor) => applyDocument(parts.blueprints, document, catalogue, editor));
    await parts.settings.set(setting, hash);
    parts.logger.info({ document: file }, `applied ${document.name}`);
  }
}

/**
 * Sees to it that somebody can administrate: by the account that the environment describes, or else by a secret for
 * the setup flow, which is returned for printing. Neither happens again once there has been an administrator.
 */
export async function openTheDoor(
  parts: FirstStartParts,
  administrator: ConfiguredAdministrator | null,
  now: Date,
): Promise<Secret | null> {
  if (await isBootstrapped(parts.sql)) return null;
  if (administrator) {
    const { username, email, password } = administrator;
    const problem = passwordProblem(password, [username, ...(email === null ? [] : [email])]);
    if (problem) throw new Error(`STAGEDOOR_ADMIN_PASSWORD cannot be used. ${problem.message}`);
    const passwordHash = await parts.hasher.hash(password);
    if (await createFirstAdministrator(parts.sql, { username, email, passwordHash }, ADMINISTRATORS, now)) {
      parts.logger.info({ username }, 'made the first administrator');
    }
    return null;
  }
  const flow = setupFlow(await parts.catalogue.reload());
  if (flow === undefined) return null;
  const token = systemChance.token();
  await issueSetupToken(parts.sql, flow, token, now);
  return token;
}

function setupFlow(catalogue: Catalogue): string | undefined {
  return catalogue.flowBySlug(SETUP_FLOW)?.id;
}
