import { Migration } from '@mikro-orm/migrations';

export class Migration20261127040154_flow_versions extends Migration {
  override name = 'Migration20261127040154_flow_versions';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "flow_version" ("flow_id" uuid not null, "number" int not null, "reason" text not null, "document" text not null, "fingerprint" text not null, "objects" jsonb not null, "author" uuid null, "api_token_id" uuid null, "created_at" timestamptz not null, primary key ("flow_id", "number"));`,
    );

    this.addSql(`alter table "execution" add "flow_version" int null;`);

    this.addSql(
      `alter table "flow" add "current_version" int not null default 0, add "described_state" text null;`,
    );

    this.addSql(
      `alter table "flow_version" add constraint "flow_version_flow_id_foreign" foreign key ("flow_id") references "flow" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "flow_version" add constraint "flow_version_reason_check" check ("reason" in ('STARTED', 'CHANGED', 'IMPORTED', 'ROLLED_BACK'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "flow_version" cascade;`);

    this.addSql(`alter table "execution" drop column "flow_version";`);

    this.addSql(`alter table "flow" drop column "current_version", drop column "described_state";`);
  }
}
