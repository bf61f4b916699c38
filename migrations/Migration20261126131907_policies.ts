import { Migration } from '@mikro-orm/migrations';

export class Migration20261126131907_policies extends Migration {
  override name = 'Migration20261126131907_policies';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "group_parent" ("group_id" uuid not null, "parent_id" uuid not null, primary key ("group_id", "parent_id"));`,
    );
    this.addSql(`create index "group_parent_parent_id_index" on "group_parent" ("parent_id");`);

    this.addSql(
      `create table "policy_call" ("policy_id" uuid not null, "called_id" uuid not null, primary key ("policy_id", "called_id"));`,
    );
    this.addSql(`create index "policy_call_called_id_index" on "policy_call" ("called_id");`);

    this.addSql(
      `create table "reputation" ("identifier" text not null, "address" text not null, "score" int not null, "updated_at" timestamptz not null, "expires_at" timestamptz not null, primary key ("identifier", "address"));`,
    );
    this.addSql(`create index "reputation_address_index" on "reputation" ("address");`);
    this.addSql(`create index "reputation_expires_at_index" on "reputation" ("expires_at");`);

    this.addSql(
      `create table "password_history" ("id" uuid not null, "user_id" uuid not null, "hash" text not null, "replaced_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "password_history_user_id_replaced_at_index" on "password_history" ("user_id", "replaced_at");`,
    );

    // What was recorded before is kept as long as what is recorded from now on.
    this.addSql(`alter table "event" add "location" jsonb null, add "expires_at" timestamptz null;`);
    this.addSql(`update "event" set "expires_at" = "created_at" + interval '365 days';`);
    this.addSql(`alter table "event" alter column "expires_at" set not null;`);
    this.addSql(`create index "event_expires_at_index" on "event" ("expires_at");`);
    this.addSql(`create index "event_execution_id_index" on "event" ("execution_id");`);
    this.addSql(
      `create index "event_user_id_action_created_at_index" on "event" ("user_id", "action", "created_at");`,
    );
    this.addSql(`create index "event_address_created_at_index" on "event" ("address", "created_at");`);

    this.addSql(`alter table "stage_reference" add "to_policy_id" uuid null;`);
    this.addSql(
      `alter table "stage_reference" add constraint "stage_reference_to_policy_id_foreign" foreign key ("to_policy_id") references "policy" ("id") on delete no action;`,
    );
    this.addSql(`create index "stage_reference_to_policy_id_index" on "stage_reference" ("to_policy_id");`);

    this.addSql(`alter table "policy_binding" add "expires_at" timestamptz null;`);

    this.addSql(
      `alter table "group_parent" add constraint "group_parent_group_id_foreign" foreign key ("group_id") references "user_group" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "group_parent" add constraint "group_parent_parent_id_foreign" foreign key ("parent_id") references "user_group" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `alter table "policy_call" add constraint "policy_call_policy_id_foreign" foreign key ("policy_id") references "policy" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "policy_call" add constraint "policy_call_called_id_foreign" foreign key ("called_id") references "policy" ("id") on update cascade on delete no action;`,
    );

    this.addSql(
      `alter table "password_history" add constraint "password_history_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "group_parent" cascade;`);
    this.addSql(`drop table if exists "policy_call" cascade;`);
    this.addSql(`drop table if exists "reputation" cascade;`);
    this.addSql(`drop table if exists "password_history" cascade;`);

    this.addSql(`alter table "stage_reference" drop constraint "stage_reference_to_policy_id_foreign";`);

    this.addSql(`drop index "event_expires_at_index";`);
    this.addSql(`drop index "event_execution_id_index";`);
    this.addSql(`drop index "event_user_id_action_created_at_index";`);
    this.addSql(`drop index "event_address_created_at_index";`);
    this.addSql(`alter table "event" drop column "location", drop column "expires_at";`);

    this.addSql(`alter table "policy_binding" drop column "expires_at";`);

    this.addSql(`drop index "stage_reference_to_policy_id_index";`);
    this.addSql(`alter table "stage_reference" drop column "to_policy_id";`);
  }
}
