import { readFileSync } from 'node:fs';

import type { Clock } from '../kernel/clock.js';
import { Secret } from '../kernel/secret.js';
import { allowedSources } from '../blueprints/external-sources.js';
import { Fingerprints } from '../blueprints/fingerprints.js';
import { BlueprintExporter } from '../blueprints/exporter.js';
import { describeFlows } from '../blueprints/describe.js';
import { blueprintSchema } from '../blueprints/json-schema.js';
import { BlueprintImporter } from '../blueprints/importer.js';
import type { EngineParts } from '../flow/engine.js';
import type { DescribeFlow } from '../flow/flow-versions.js';
import { acceptableNext } from '../flow/next.js';
import { passwordsRemembered } from '../flow/passwords-remembered.js';
import type { PolicyServices } from '../flow/policy-kind.js';
import { Inviting } from '../flow/inviting.js';
import { RecoveryLinks } from '../flow/recovery-links.js';
import { FlowRunner } from '../flow/runner.js';
import type { Locations } from '../flow/services/locations.js';
import { createCaptchas } from '../adapters/captcha/captchas.js';
import { createPasswordStrength } from '../adapters/password-strength/strength.js';
import { createExpressions } from '../adapters/sandbox/expressions.js';
import { createDocumentReader } from '../adapters/yaml/document-reader.js';
import type { Environment } from '../environment.js';
import { authenticatorCodes } from '../identity/authenticator-codes.js';
import { isCertified } from '../identity/certificate-chain.js';
import type { KeyRing } from '../identity/key-ring.js';
import type { PasswordHasher } from '../identity/password-hasher.js';
import { systemChance, tokenHash } from '../identity/token.js';
import { AccountNotices } from '../persistence/account-notices.js';
import { AnnouncingExecutionStore } from '../persistence/announcing-store.js';
import { SqlAuthenticatorRecords } from '../persistence/authenticator-records.js';
import { SqlAuthenticators } from '../persistence/authenticator-store.js';
import { SqlApiTokens } from '../persistence/api-token-store.js';
import { SqlAuditLog } from '../persistence/audit-log-store.js';
import { CatalogueStore } from '../persistence/catalogue-store.js';
import { SqlConsents } from '../persistence/consent-store.js';
import type { Database } from '../persistence/database.js';
import { OrmDefinitionStore } from '../persistence/definition-store.js';
import { SqlEventLog } from '../persistence/event-log-store.js';
import { ExecutionCodec } from '../persistence/execution-codec.js';
import type { SqlExecutionChanges } from '../persistence/execution-changes.js';
import { SqlExecutionStore } from '../persistence/execution-store.js';
import { SqlFlowVersions } from '../persistence/flow-version-store.js';
import { SqlFlowTokens } from '../persistence/flow-token-store.js';
import { SqlGroupEditor } from '../persistence/group-editor.js';
import { SqlGroups } from '../persistence/group-store.js';
import { SqlGuesses } from '../persistence/guess-store.js';
import { SqlExecutionInspection } from '../persistence/inspection-store.js';
import { SqlImportLog } from '../persistence/import-log.js';
import { SqlInstallation } from '../persistence/installation-store.js';
import { SqlInvitationEditor } from '../persistence/invitation-editor.js';
import { SqlInvitations } from '../persistence/invitation-store.js';
import { SqlMailLinks } from '../persistence/mail-link-store.js';
import { SqlNamedObjects } from '../persistence/named-objects.js';
import { SqlPasswordHistory } from '../persistence/password-history-store.js';
import { SqlPasswords } from '../persistence/password-store.js';
import { SqlRates } from '../persistence/rate-store.js';
import { SqlReputationRecords } from '../persistence/reputation-records.js';
import { SqlReputations } from '../persistence/reputation-store.js';
import { SqlSessions } from '../persistence/session-store.js';
import { KeptStageSecrets } from '../persistence/stage-secrets.js';
import { SqlUserEditor } from '../persistence/user-editor.js';
import { SqlUserList } from '../persistence/user-list.js';
import { SqlUsers } from '../persistence/user-store.js';
import { readCatalogueVersion } from '../persistence/visit-store.js';
import { policyKinds } from '../policies/list.js';
import { authenticatorKinds } from '../authenticators/list.js';
import { stageKinds } from '../stages/list.js';
import { FolderOutcomes } from './folder-outcomes.js';
import { isMailAvailable } from './mail.js';
import { projectRoot } from './project-root.js';
import { deadline, growingPatience, stopwatch } from './timers.js';

const EXECUTION_LIFETIME_SECONDS = 3600;
const LONGEST_BREACH_MILLISECONDS = 3000;

/** The engine over its stores, with everything that requests and the first start use of it. */
export type Service = ReturnType<typeof assembleService>;

/** Puts the engine, its kinds and its stores together. The database is neither read nor written yet. */
export function assembleService(
  environment: Environment,
  database: Database,
  hasher: PasswordHasher,
  keys: KeyRing,
  clock: Clock,
  changes: SqlExecutionChanges,
  locations: Locations,
  mail: { wake(): void },
) {
  const { sql } = database;
  const kinds = {
    stages: available(stageKinds, environment),
    policies: available(policyKinds, environment),
  };
  const expressions = createExpressions();
  const { pwnedPasswordsUrl } = environment;
  const passwordStrength = createPasswordStrength(
    pwnedPasswordsUrl === null
      ? null
      : { url: pwnedPasswordsUrl, timeoutMilliseconds: LONGEST_BREACH_MILLISECONDS },
  );
  const policyServices: PolicyServices = {
    expressions,
    passwordStrength,
    passwordHistory: new SqlPasswordHistory(sql, hasher),
    reputations: new SqlReputations(sql, keys, clock),
    auditLog: new SqlAuditLog(sql),
  };
  const users = new SqlUsers(sql);
  const invitations = new SqlInvitations(sql);
  const invitationEditor = new SqlInvitationEditor(sql, keys);
  const consents = new SqlConsents(sql);
  const codec = new ExecutionCodec(keys);
  const mailing = { available: isMailAvailable(environment) };
  const notices = new AccountNotices(keys, mailing);
  const rates = new SqlRates(sql, keys, clock);
  const authenticators = new SqlAuthenticators(sql, keys, clock, byName(authenticatorKinds), {
    chance: systemChance,
    rates,
    relyingParty: environment.relyingParty,
    mailsAreSent: mailing.available,
    ...authenticatorCodes(keys),
    isCertified,
  });
  const engine: EngineParts = {
    stageKinds: byName(kinds.stages),
    policies: { kinds: byName(kinds.policies), services: policyServices, within: deadline, stopwatch },
    services: {
      users,
      passwords: new SqlPasswords(sql, hasher, passwordStrength),
      guesses: new SqlGuesses(sql, keys, clock),
      invitations,
      consents,
      destinations: {
        acceptable: (address) => acceptableNext(address, environment.publicUrl, environment.allowedOrigins),
      },
      mailing,
      captchas: createCaptchas({
        production: environment.production,
        origins: [environment.publicUrl, ...environment.allowedOrigins],
        puzzleSecret: new Secret(keys.mac('captcha', 'puzzles')),
      }),
      stageSecrets: new KeptStageSecrets(keys),
      mailLinks: new SqlMailLinks(sql, codec, keys, environment.publicUrl),
      rates,
      authenticators,
    },
    chance: systemChance,
  };
  const flowTokens = new SqlFlowTokens(sql, codec, notices);
  const runner = new FlowRunner({
    engine,
    store: new AnnouncingExecutionStore(new SqlExecutionStore(sql, codec, keys), changes, mail),
    flowTokens,
    hashOf: tokenHash,
    macOf: (text) => keys.mac('answer', text),
    patience: growingPatience,
    publicUrl: environment.publicUrl,
    allowedOrigins: environment.allowedOrigins,
    lifetimeSeconds: EXECUTION_LIFETIME_SECONDS,
  });
  const catalogue = new CatalogueStore(sql);
  const definitions = new OrmDefinitionStore(database, keys, describeFlow);
  const reader = createDocumentReader();
  const sources = allowedSources(environment.blueprints);
  const importer = new BlueprintImporter({
    stageKinds: kinds.stages,
    policyKinds: kinds.policies,
    policyServices,
    stageSecrets: engine.services.stageSecrets,
    newId: () => systemChance.id(),
    reader,
    sources,
    definitions,
    secret: (name) => environment.blueprints.secrets.get(name),
  });
  const exporter = new BlueprintExporter({
    stageKinds: kinds.stages,
    catalogue: async () => catalogue.atLeast(await readCatalogueVersion(sql)),
    named: new SqlNamedObjects(sql),
  });
  return {
    sql,
    kinds,
    engine,
    runner,
    inspection: new SqlExecutionInspection(sql, codec),
    recoveryLinks: new RecoveryLinks(engine, flowTokens, environment.publicUrl),
    changes,
    users,
    userList: new SqlUserList(sql),
    userEditor: new SqlUserEditor(sql, notices),
    consents,
    authenticators: new SqlAuthenticatorRecords(sql, keys, byName(authenticatorKinds), notices),
    groups: new SqlGroups(sql),
    groupEditor: new SqlGroupEditor(sql),
    apiTokens: new SqlApiTokens(sql),
    sessions: new SqlSessions(sql),
    installation: new SqlInstallation(sql),
    reputationRecords: new SqlReputationRecords(sql, keys),
    invitations: {
      list: invitations,
      editor: invitationEditor,
      inviting: new Inviting(invitationEditor, systemChance, environment.publicUrl, mail),
      mailing: engine.services.mailing,
    },
    eventLog: new SqlEventLog(sql),
    locations,
    hasher,
    policyServices,
    expressionDeclarations: readFileSync(new URL('types/expressions.d.ts', projectRoot()), 'utf8'),
    catalogue,
    passwordsRemembered: async () => {
      const { policies } = await catalogue.atLeast(await readCatalogueVersion(sql));
      return passwordsRemembered(engine.policies.kinds, policies);
    },
    definitions,
    flowVersions: new SqlFlowVersions(sql),
    blueprints: {
      importer,
      exporter,
      schema: () => blueprintSchema(kinds.stages, kinds.policies),
      importLog: new SqlImportLog(sql),
      outcomes: new FolderOutcomes(sql),
      fingerprints: new Fingerprints(keys, environment.blueprints, sources),
    },
    close: () => Promise.all([expressions.close(), passwordStrength.close(), reader.close()]),
  };
}

/** With every stage kind that there is: what is not for production may have come there otherwise. */
const describeFlow: DescribeFlow = (flow, catalogue, names) =>
  describeFlows([flow], catalogue, names, stageKinds, { linked: 'REFERENCES' });

/** The kinds that this installation has: what is for trying things out is no part of production. */
function available<Kind extends { readonly developmentOnly: boolean }>(
  kinds: readonly Kind[],
  { production }: Environment,
): readonly Kind[] {
  return kinds.filter((kind) => !production || !kind.developmentOnly);
}

function byName<Kind extends { readonly name: string }>(kinds: readonly Kind[]): ReadonlyMap<string, Kind> {
  return new Map(kinds.map((kind) => [kind.name, kind]));
}
