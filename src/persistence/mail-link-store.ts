import { createHash, timingSafeEqual } from 'node:crypto';

import type { Secret } from '../kernel/secret.js';
import { flowAddress } from '../flow/flow-address.js';
import type { MailLinks } from '../flow/services/mail-links.js';
import type { KeyRing } from '../identity/key-ring.js';
import type { ExecutionCodec } from './execution-codec.js';
import { isAwaited } from './mail-link-rows.js';
import { isId, moment } from './tables.js';
import type { Sql } from './tables.js';

export class SqlMailLinks implements MailLinks {
  constructor(
    private readonly db: Sql,
    private readonly codec: ExecutionCodec,
    private readonly keys: KeyRing,
    private readonly publicUrl: string,
  ) {}

  addressOf(slug: string, token: Secret): Secret {
    return flowAddress(this.publicUrl, slug, 'flowToken', token);
  }

  hashOf(linkId: string, code: string): string {
    return this.keys.mac('mail-code', `${linkId} ${code}`);
  }

  isCode(linkId: string, hash: string, code: string): boolean {
    // Hashed once more, so that both are of one length, whatever is kept.
    return timingSafeEqual(digest(hash), digest(this.hashOf(linkId, code)));
  }

  async isConfirmed(linkId: string): Promise<boolean> {
    const link = await this.#link(linkId);
    return link !== undefined && link.confirmed_at !== null;
  }

  async isAwaited(linkId: string, now: Date): Promise<boolean> {
    const link = await this.#link(linkId);
    if (!link?.execution_id || link.used_at !== null || moment(link.expires_at) <= now) return false;
    const execution = await this.db
      .selectFrom('execution')
      .selectAll()
      .where('id', '=', link.execution_id)
      .executeTakeFirst();
    return isAwaited(this.codec, execution, linkId, now);
  }

  async #link(linkId: string) {
    if (!isId(linkId)) return undefined;
    return this.db
      .selectFrom('flow_token')
      .select(['execution_id', 'used_at', 'confirmed_at', 'expires_at'])
      .where('id', '=', linkId)
      .where('purpose', '=', 'MAIL_LINK')
      .executeTakeFirst();
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
