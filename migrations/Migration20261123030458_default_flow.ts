import { Migration } from '@mikro-orm/migrations';

export class Migration20261123030458_default_flow extends Migration {
  override name = 'Migration20261123030458_default_flow';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "default_flow" ("designation" text not null, "flow_id" uuid not null, primary key ("designation"));`,
    );
    this.addSql(`create index "default_flow_flow_id_index" on "default_flow" ("flow_id");`);

    this.addSql(
      `alter table "default_flow" add constraint "default_flow_flow_id_foreign" foreign key ("flow_id") references "flow" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "default_flow" add constraint "default_flow_designation_check" check ("designation" in ('AUTHENTICATION', 'AUTHORIZATION', 'INVALIDATION', 'ENROLLMENT', 'UNENROLLMENT', 'RECOVERY', 'STAGE_CONFIGURATION'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "default_flow" cascade;`);
  }
}
