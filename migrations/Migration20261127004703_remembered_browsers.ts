import { Migration } from '@mikro-orm/migrations';

export class Migration20261127004703_remembered_browsers extends Migration {
  override name = 'Migration20261127004703_remembered_browsers';

  override up(): void | Promise<void> {
    this.addSql(`alter table "remembered_browser" drop constraint "remembered_browser_token_hash_unique";`);
    this.addSql(
      `alter table "remembered_browser" add constraint "remembered_browser_token_hash_user_id_unique" unique ("token_hash", "user_id");`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(
      `alter table "remembered_browser" drop constraint "remembered_browser_token_hash_user_id_unique";`,
    );
    this.addSql(
      `alter table "remembered_browser" add constraint "remembered_browser_token_hash_unique" unique ("token_hash");`,
    );
  }
}
