import type { Clock } from '../kernel/clock.js';
import { FlowRunner } from '../flow/runner.js';
import { createExpressions } from '../adapters/sandbox/expressions.js';
import type { Environment } from '../environment.js';
import type { KeyRing } from '../identity/key-ring.js';
import { PasswordHasher } from '../identity/password-hasher.js';
import { systemChance, tokenHash } from '../identity/token.js';
import { CatalogueStore } from '../persistence/catalogue-store.js';
import type { Database } from '../persistence/database.js';
import { OrmDefinitionStore } from '../persistence/definition-store.js';
import { ExecutionCodec } from '../persistence/execution-codec.js';
import { SqlExecutionStore } from '../persistence/execution-store.js';
import { SqlGuesses } from '../persistence/guess-store.js';
import { SqlPasswords } from '../persistence/password-store.js';
import { SqlUsers } from '../persistence/user-store.js';
import { SqlFlowTokens } from '../persistence/visit-store.js';
import { policyKinds } from '../policies/list.js';
import { stageKinds } from '../stages/list.js';
import { deadline, growingPatience } from './timers.js';

const EXECUTION_LIFETIME_SECONDS = 3600;

/** The engine over its stores, with everything that requests and the first start use of it. */
export type Service = ReturnType<typeof assembleService>;

/** Puts the engine, its kinds and its stores together. Nothing is read or written yet. */
export function assembleService(environment: Environment, database: Database, keys: KeyRing, clock: Clock) {
  const { sql } = database;
  const kinds = {
    stages: available(stageKinds, environment),
    policies: available(policyKinds, environment),
  };
  const expressions = createExpressions();
  const policyServices = { expressions };
  const hasher = new PasswordHasher(keys);
  const users = new SqlUsers(sql);
  const runner = new FlowRunner({
    engine: {
      stageKinds: byName(kinds.stages),
      policies: { kinds: byName(kinds.policies), services: policyServices, within: deadline },
      services: {
        users,
        passwords: new SqlPasswords(sql, hasher),
        guesses: new SqlGuesses(sql, keys, clock),
      },
      chance: systemChance,
    },
    store: new SqlExecutionStore(sql, new ExecutionCodec(keys)),
    flowTokens: new SqlFlowTokens(sql),
    hashOf: tokenHash,
    macOf: (text) => keys.mac('answer', text),
    patience: growingPatience,
    publicUrl: environment.publicUrl,
    allowedOrigins: environment.allowedOrigins,
    lifetimeSeconds: EXECUTION_LIFETIME_SECONDS,
  });
  return {
    sql,
    kinds,
    runner,
    users,
    hasher,
    policyServices,
    catalogue: new CatalogueStore(sql),
    definitions: new OrmDefinitionStore(database),
    close: () => expressions.close(),
  };
}

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
