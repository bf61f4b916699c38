import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { secondsAfter } from '../../src/kernel/clock.js';
import { Secret } from '../../src/kernel/secret.js';
import { parseKeys } from '../../src/environment.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import { insertText } from '../../src/persistence/mail-rows.js';
import { KeptStageSecrets } from '../../src/persistence/stage-secrets.js';
import type { Sql } from '../../src/persistence/tables.js';
import { smsSetupStage } from '../../src/stages/sms-setup/stage.js';
import { MAIL_KEYS } from './mail-queue.js';

/** What every such message says, and nothing else may. No digits: six of them are in some time or id by chance. */
export const TEXT_CODE = 'canary-5Vp';
export const TEXT_SECRET = 'canary-3Wm the token';

const keys = new KeyRing(parseKeys(MAIL_KEYS));

/** A stage that has its messages taken over at this address, as an administrator would have made it; its id. */
export async function textStage(sql: Sql, url: string): Promise<string> {
  const id = randomUUID();
  const config = smsSetupStage.config.parse({
    ...{ provider: 'GENERIC', fromNumber: 'Acme', url, secretKey: TEXT_SECRET },
  });
  const clear = z.record(z.string(), z.json()).parse(config);
  const kept = new KeptStageSecrets(keys).sealed(clear, ['secretKey'], id, id);
  await sql
    .insertInto('stage')
    .values({ id, name: `sms ${id}`, kind: 'sms-setup', config: kept })
    .execute();
  return id;
}

/** Puts a text message into the outbox, as a stage would have it put there; returns its id. */
export async function queueText(
  sql: Sql,
  stageId: string,
  to: string,
  { now = new Date(), seconds = 600 }: { now?: Date; seconds?: number } = {},
): Promise<string> {
  const id = randomUUID();
  const text = {
    ...({ id, stageId, to, userId: null, language: 'DE' } as const),
    secrets: { code: new Secret(TEXT_CODE) },
    expiresAt: secondsAfter(now, seconds),
  };
  await sql.transaction().execute((trx) => insertText(trx, keys, text, now));
  return id;
}
