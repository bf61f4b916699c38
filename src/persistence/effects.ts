import { sql } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import type { Commit } from '../flow/execution-store.js';
import type { Effect, GuessReceipt, OpenSession, VerifyEmail } from '../flow/effect.js';
import { isSecondFactorSettled } from '../flow/second-factor.js';
import type { KeyRing } from '../identity/key-ring.js';
import { tokenHash } from '../identity/token.js';
import { createUser, deleteUser, shutOutOthers, updateUser } from './account-effects.js';
import { endFlows, endSessions, lockAccounts } from './account-rows.js';
import { lockMemberships } from './administrators.js';
import {
  addAuthenticator,
  expectAuthenticators,
  secondFactorsOf,
  rememberBrowser,
  useAuthenticator,
} from './authenticator-rows.js';
import { ExecutionCodec } from './execution-codec.js';
import { insertEvent } from './event-rows.js';
import { consumeInvitation } from './invitation-rows.js';
import { confirmMailLink, issueMailLink } from './mail-link-rows.js';
import { insertMail, insertText } from './mail-rows.js';
import { setPassword } from './password-history-store.js';
import { grantConsent } from './consent-rows.js';
import { useOnce } from './used-once-rows.js';
import { changeReputation } from './reputation-store.js';
import { markBootstrapped, useUpSetupTokens } from './bootstrap-store.js';
import type { SqlTransaction } from './tables.js';

/** Takes the locks that come before the execution's: to be asked first of all in the transaction that stores it. */
export async function prepareEffects(
  trx: SqlTransaction,
  { effects }: Pick<Commit, 'effects'>,
): Promise<void> {
  if (effects.some((effect) => endsFlowsOf(effect) !== null)) await lockMemberships(trx);
}

/** Carries out what stages have asked for, in the transaction that stores the execution. Throwing undoes all. */
export async function applyEffects(trx: SqlTransaction, keys: KeyRing, commit: Commit): Promise<void> {
  const { execution, effects, now } = commit;
  for (const userId of effects.flatMap((effect) => endsFlowsOf(effect) ?? []))
    await endFlows(trx, userId, now, execution.id);
  const accounts = effects.flatMap(accountOf);
  if (accounts.length > 0) await lockAccounts(trx, accounts);
  for (const effect of effects.toSorted((one, other) => turnOf(one) - turnOf(other)))
    await apply(trx, keys, effect, commit);
}

/**
 * The link that has led here is used up before links are spoiled. An account goes last: what else there is to do with it,
 * and with what belongs to it, is done while it is there.
 */
function turnOf({ type }: Effect): number {
  if (type === 'consumeFlowToken') return 0;
  return type === 'deleteUser' ? 2 : 1;
}

/** Whose other flows an effect ends; null for nobody's. */
function endsFlowsOf(effect: Effect): string | null {
  if (effect.type === 'shutOutOthers') return effect.userId;
  return effect.type === 'deleteUser' ? effect.id : null;
}

/** Whose account an effect changes, or lets in. */
function accountOf(effect: Effect): string[] {
  switch (effect.type) {
    case 'updateUser':
    case 'deleteUser':
      return [effect.id];
    case 'setPassword':
    case 'rehashPassword':
    case 'openSession':
    case 'endOtherSessions':
    case 'shutOutOthers':
    case 'grantConsent':
    case 'verifyEmail':
    case 'addAuthenticator':
    case 'useAuthenticator':
    case 'expectAuthenticators':
    case 'rememberBrowser':
      return [effect.userId];
    case 'createUser':
    case 'endSession':
    case 'forgetGuesses':
    case 'changeReputation':
    case 'consumeFlowToken':
    case 'consumeInvitation':
    case 'sendMail':
    case 'issueMailLink':
    case 'confirmMailLink':
    case 'useOnce':
    case 'sendText':
    case 'recordEvent':
      return [];
  }
}

async function apply(trx: SqlTransaction, keys: KeyRing, effect: Effect, commit: Commit): Promise<unknown> {
  switch (effect.type) {
    case 'createUser':
      return createUser(trx, effect, commit.now);
    case 'updateUser':
      return updateUser(trx, effect);
    case 'deleteUser':
      return deleteUser(trx, effect.id);
    case 'setPassword':
      return setPassword(trx, effect, commit.now);
    case 'rehashPassword':
      return trx
        .updateTable('password')
        .set({ hash: effect.to.reveal() })
        .where('user_id', '=', effect.userId)
        .where('hash', '=', effect.from.reveal())
        .execute();
    case 'openSession':
      return openSession(trx, effect, commit);
    case 'endSession':
      return trx.deleteFrom('session').where('id', '=', effect.sessionId).execute();
    case 'endOtherSessions':
      return endSessions(trx, effect.userId, effect.keptSessionId);
    case 'shutOutOthers':
      return shutOutOthers(trx, effect, commit.execution.id);
    case 'forgetGuesses':
      return forgetGuesses(trx, effect.receipt);
    case 'changeReputation':
      return changeReputation(trx, keys, effect, commit.address, commit.now);
    case 'consumeFlowToken':
      return consumeFlowToken(trx, effect.id, commit.now);
    case 'consumeInvitation':
      return consumeInvitation(trx, effect, commit);
    case 'sendMail':
      return insertMail(trx, keys, effect, commit.now);
    case 'issueMailLink':
      return issueMailLink(trx, new ExecutionCodec(keys), effect, commit);
    case 'confirmMailLink':
      return confirmMailLink(trx, new ExecutionCodec(keys), effect, commit.now);
    case 'verifyEmail':
      return verifyEmail(trx, effect);
    case 'grantConsent':
      return grantConsent(trx, effect, commit);
    case 'useOnce':
      return useOnce(trx, effect);
    case 'addAuthenticator':
      return addAuthenticator(trx, keys, effect);
    case 'useAuthenticator':
      return useAuthenticator(trx, effect);
    case 'expectAuthenticators':
      return expectAuthenticators(trx, effect);
    case 'rememberBrowser':
      return rememberBrowser(trx, effect);
    case 'sendText':
      return insertText(trx, keys, effect, commit.now);
    case 'recordEvent':
      return insertEvent(trx, { ...effect, ...commit, executionId: commit.execution.id });
  }
}

/** In the order in which guesses are counted, so that the two cannot wait for each other. */
async function forgetGuesses(trx: SqlTransaction, { accountKeys, addressKey }: GuessReceipt): Promise<void> {
  for (const key of accountKeys.toSorted()) await trx.deleteFrom('guess').where('key', '=', key).execute();
  await trx
    .updateTable('guess')
    .set({ failures: sql<number>`greatest(failures - 1, 0)` })
    .where('key', '=', addressKey)
    .execute();
}

/** What was shown of one address says nothing of another. */
async function verifyEmail(
  trx: SqlTransaction,
  { userId, email, verifiedAt, activates }: VerifyEmail,
): Promise<void> {
  const verified = await trx
    .updateTable('user_account')
    .set({
      email_verified_at: verifiedAt,
      ...(activates && { active: sql<boolean>`active or awaits_verification`, awaits_verification: false }),
      version: sql<number>`version + 1`,
    })
    .where('id', '=', userId)
    .where('email', '=', email)
    .executeTakeFirst();
  if (verified.numUpdatedRows !== 1n)
    throw new Refusal('CONFLICT', 'The account has another address by now. Start again.');
}

/**
 * Nobody disables the account meanwhile: it is locked. A password that has proved who somebody is may have become one
 * that proves nothing since.
 */
async function openSession(trx: SqlTransaction, effect: OpenSession, commit: Commit): Promise<void> {
  const user = await trx
    .selectFrom('user_account as u')
    .leftJoin('password as p', 'p.user_id', 'u.id')
    .select(['u.active', 'p.compromised_at'])
    .where('u.id', '=', effect.userId)
    .executeTakeFirst();
  const isProven = !effect.amr.includes('pwd') || user?.compromised_at === null;
  if (user?.active !== true || !isProven)
    throw new Refusal('CONFLICT', 'The account cannot sign in any more. Start again.');
  // One that was set up after this execution had asked for it.
  const isAsked = !effect.waivesSecondFactor && !isSecondFactorSettled(effect.amr);
  if (isAsked && (await secondFactorsOf(trx, effect.userId)).length > 0)
    throw new Refusal('CONFLICT', 'The account has a second factor by now. Start again.');
  await trx
    .insertInto('session')
    .values({
      id: effect.sessionId,
      token_hash: tokenHash(effect.token),
      user_id: effect.userId,
      execution_id: commit.execution.id,
      amr: effect.amr.join(' '),
      aal: effect.aal,
      address: commit.address,
      user_agent: commit.userAgent,
      created_at: commit.now,
      expires_at: effect.expiresAt,
    })
    .execute();
}

/**
 * Uses a flow token up, once. Those for setting up an installation are one secret in several copies (each start of a
 * new one prints one), so that using one uses up all.
 */
async function consumeFlowToken(trx: SqlTransaction, id: string, now: Date): Promise<void> {
  const consumed = await trx
    .updateTable('flow_token')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('purpose')
    .executeTakeFirst();
  if (!consumed) throw new Refusal('CONFLICT', 'The link has been used in the meantime.');
  if (consumed.purpose === 'INITIAL_SETUP') await endSetup(trx, now);
}

/** Of two copies that are used at once, one is the first to say that there is an administrator. */
async function endSetup(trx: SqlTransaction, now: Date): Promise<void> {
  if (!(await markBootstrapped(trx)))
    throw new Refusal('CONFLICT', 'The link has been used in the meantime.');
  await useUpSetupTokens(trx, now);
}
