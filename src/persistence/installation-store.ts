import type { Actor } from '../flow/change.js';
import { decided } from '../flow/installation.js';
import type { InstallationChanges, InstallationEditor } from '../flow/installation.js';
import { advanceCatalogue, lockCatalogue } from './catalogue-version.js';
import { recordChange } from './event-rows.js';
import type { Sql } from './tables.js';
import { expectVersion } from './versions.js';

export class SqlInstallation implements InstallationEditor {
  constructor(private readonly db: Sql) {}

  async update(changes: InstallationChanges, ifVersion: number | null, by: Actor): Promise<void> {
    const wanted = decided(changes);
    await this.db.transaction().execute(async (trx) => {
      await lockCatalogue(trx);
      const present = await trx
        .selectFrom('installation')
        .selectAll()
        .where('id', '=', 1)
        .forUpdate()
        .executeTakeFirstOrThrow();
      expectVersion('settings', present.version, ifVersion);
      const brandName = wanted.brandName ?? present.brand_name;
      const language = wanted.language ?? present.language;
      const days = wanted.eventRetentionDays ?? present.event_retention_days;
      const seconds = wanted.recentAuthenticationSeconds ?? present.recent_authentication_seconds;
      const fields = [
        ...(days === present.event_retention_days ? [] : ['eventRetention']),
        ...(seconds === present.recent_authentication_seconds ? [] : ['recentAuthentication']),
        ...(brandName === present.brand_name ? [] : ['brandName']),
        ...(language === present.language ? [] : ['language']),
      ];
      if (fields.length === 0) return;
      await trx
        .updateTable('installation')
        .set({
          event_retention_days: days,
          recent_authentication_seconds: seconds,
          brand_name: brandName,
          language,
          version: present.version + 1,
        })
        .where('id', '=', 1)
        .execute();
      await advanceCatalogue(trx);
      const object = { type: 'SETTINGS', id: null, name: 'settings' } as const;
      await recordChange(trx, by, { action: 'SETTINGS_CHANGED', object, change: 'UPDATED', fields });
    });
  }
}
