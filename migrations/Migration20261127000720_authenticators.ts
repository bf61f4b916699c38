import { Migration } from '@mikro-orm/migrations';

export class Migration20261127000720_authenticators extends Migration {
  override name = 'Migration20261127000720_authenticators';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "remembered_browser" ("id" uuid not null, "token_hash" text not null, "user_id" uuid not null, "authenticators" text not null, "created_at" timestamptz not null, "expires_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "remembered_browser" add constraint "remembered_browser_token_hash_unique" unique ("token_hash");`,
    );
    this.addSql(`create index "remembered_browser_user_id_index" on "remembered_browser" ("user_id");`);
    this.addSql(`create index "remembered_browser_expires_at_index" on "remembered_browser" ("expires_at");`);

    this.addSql(
      `create table "authenticator" ("id" uuid not null, "user_id" uuid not null, "kind" text not null, "name" text not null, "data" jsonb not null, "sealed" text null, "counter" bigint not null, "unique_key" text null, "verifies_user" boolean not null, "stage_id" uuid null, "failures" int not null default 0, "not_before" timestamptz null, "disabled_at" timestamptz null, "created_at" timestamptz not null, "last_used_at" timestamptz null, "version" int not null default 1, primary key ("id"));`,
    );
    this.addSql(`create index "authenticator_user_id_index" on "authenticator" ("user_id");`);
    this.addSql(
      `alter table "authenticator" add constraint "authenticator_unique_key_unique" unique ("unique_key");`,
    );

    this.addSql(
      `create table "authenticator_code" ("authenticator_id" uuid not null, "hash" text not null, primary key ("authenticator_id", "hash"));`,
    );

    this.addSql(`alter table "mail" add "channel" text not null default 'MAIL', add "stage_id" uuid null;`);
    this.addSql(
      `alter table "mail" add constraint "mail_channel_check" check ("channel" in ('MAIL', 'SMS'));`,
    );

    this.addSql(
      `alter table "remembered_browser" add constraint "remembered_browser_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "authenticator" add constraint "authenticator_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "authenticator" add constraint "authenticator_kind_check" check ("kind" in ('TOTP', 'STATIC', 'WEBAUTHN', 'EMAIL', 'SMS'));`,
    );

    this.addSql(
      `alter table "authenticator_code" add constraint "authenticator_code_authenticator_id_foreign" foreign key ("authenticator_id") references "authenticator" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(
      `alter table "authenticator_code" drop constraint "authenticator_code_authenticator_id_foreign";`,
    );

    this.addSql(`drop table if exists "remembered_browser" cascade;`);
    this.addSql(`drop table if exists "authenticator" cascade;`);
    this.addSql(`drop table if exists "authenticator_code" cascade;`);

    this.addSql(`alter table "mail" drop constraint "mail_channel_check";`);
    this.addSql(`alter table "mail" drop column "channel", drop column "stage_id";`);
  }
}
