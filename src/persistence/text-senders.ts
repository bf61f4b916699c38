import { z } from 'zod';

import { sealedSecret } from '../flow/sealed-secret.js';
import type { StageSecrets } from '../flow/sealed-secret.js';
import { textAuthTypes, textProviders } from '../flow/services/text-messages.js';
import type { TextSender, TextSenders } from '../flow/services/text-messages.js';
import type { Sql } from './tables.js';

/** What of a stage's configuration says who sends its messages, as it is kept. */
const kept = z.object({
  provider: z.enum(textProviders),
  fromNumber: z.string(),
  accountSid: z.string().nullable(),
  apiUrl: z.string().nullable(),
  url: z.string().nullable(),
  authType: z.enum(textAuthTypes),
  username: z.string(),
  secretKey: sealedSecret.nullable(),
});

/** Reads the stage anew for each message: whoever changes one changes what is sent from then on. */
export class SqlTextSenders implements TextSenders {
  constructor(
    private readonly db: Sql,
    private readonly stageSecrets: StageSecrets,
  ) {}

  async of(stageId: string): Promise<TextSender | undefined> {
    const stage = await this.db
      .selectFrom('stage')
      .select('config')
      .where('id', '=', stageId)
      .executeTakeFirst();
    const config = kept.safeParse(stage?.config).data;
    if (!config) return undefined;
    if (config.provider === 'MAILBOX') return { provider: 'MAILBOX' };
    const { fromNumber, accountSid, apiUrl, url, authType, username, secretKey } = config;
    const secret = secretKey && this.stageSecrets.open(secretKey, { stageId, field: 'secretKey' });
    if (!secret) return undefined;
    switch (config.provider) {
      case 'TWILIO':
        return accountSid === null
          ? undefined
          : { provider: 'TWILIO', fromNumber, accountSid, apiUrl, secret };
      case 'GENERIC':
        return url === null
          ? undefined
          : { provider: 'GENERIC', fromNumber, url, authType, username, secret };
    }
  }
}
