import { Migration } from '@mikro-orm/migrations';

export class Migration20261126162137_management extends Migration {
  override name = 'Migration20261126162137_management';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "group_permission" ("group_id" uuid not null, "permission" text not null, primary key ("group_id", "permission"));`,
    );

    this.addSql(
      `create table "installation" ("id" int not null, "event_retention_days" int not null, "recent_authentication_seconds" int not null, "version" int not null default 1, primary key ("id"));`,
    );

    this.addSql(
      `insert into "installation" ("id", "event_retention_days", "recent_authentication_seconds") values (1, 365, 900);`,
    );

    this.addSql(
      `create table "invitation" ("id" uuid not null, "name" text collate "C" not null, "token_hash" text not null, "flow_id" uuid null, "single_use" boolean not null, "fixed_data" jsonb not null, "uses" int not null, "created_by" uuid null, "created_at" timestamptz not null, "expires_at" timestamptz null, "version" int not null default 1, primary key ("id"));`,
    );
    this.addSql(`alter table "invitation" add constraint "invitation_name_unique" unique ("name");`);
    this.addSql(
      `alter table "invitation" add constraint "invitation_token_hash_unique" unique ("token_hash");`,
    );
    this.addSql(`create index "invitation_flow_id_index" on "invitation" ("flow_id");`);
    this.addSql(`create index "invitation_expires_at_index" on "invitation" ("expires_at");`);

    this.addSql(
      `create table "api_token" ("id" uuid not null, "user_id" uuid not null, "name" text not null, "token_hash" text not null, "permissions" text not null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "last_used_at" timestamptz null, "version" int not null default 1, primary key ("id"));`,
    );
    this.addSql(`create index "api_token_user_id_index" on "api_token" ("user_id");`);
    this.addSql(
      `alter table "api_token" add constraint "api_token_token_hash_unique" unique ("token_hash");`,
    );
    this.addSql(`create index "api_token_expires_at_index" on "api_token" ("expires_at");`);

    this.addSql(`drop index "event_created_at_index";`);
    this.addSql(
      `alter table "event" add "actor_id" uuid null, add "api_token_id" uuid null, add "object_type" text null, add "object_id" uuid null, add "object_name" text null;`,
    );
    // Until now the details alone said who had changed a group or made a link.
    this.addSql(
      `update "event" set "actor_id" = coalesce("details"->>'changedBy', "details"->>'createdBy')::uuid where "action" in ('GROUP_CHANGED', 'RECOVERY_LINK_CREATED');`,
    );
    this.addSql(
      `update "event" set "object_type" = 'GROUP', "object_id" = ("details"->>'groupId')::uuid, "object_name" = "details"->>'group' where "action" = 'GROUP_CHANGED';`,
    );
    this.addSql(`create index "event_created_at_id_index" on "event" ("created_at", "id");`);
    this.addSql(`create index "event_action_created_at_id_index" on "event" ("action", "created_at", "id");`);
    this.addSql(
      `create index "event_user_id_created_at_id_index" on "event" ("user_id", "created_at", "id") where user_id is not null;`,
    );
    this.addSql(
      `create index "event_actor_id_created_at_id_index" on "event" ("actor_id", "created_at", "id") where actor_id is not null;`,
    );
    this.addSql(
      `create index "event_object_type_created_at_id_index" on "event" ("object_type", "created_at", "id") where object_type is not null;`,
    );
    this.addSql(
      `create index "event_object_id_created_at_id_index" on "event" ("object_id", "created_at", "id") where object_id is not null;`,
    );

    this.addSql(`alter table "flow" add "version" int not null default 1;`);

    this.addSql(`alter table "user_group" add "version" int not null default 1;`);
    this.addSql(`alter table "user_group" alter column "name" type text collate "C" using ("name"::text);`);

    this.addSql(`alter table "policy" add "version" int not null default 1;`);

    this.addSql(`alter table "prompt_field" add "version" int not null default 1;`);

    this.addSql(`alter table "stage" add "version" int not null default 1;`);

    this.addSql(`alter table "flow_stage_binding" add "version" int not null default 1;`);

    this.addSql(
      `alter table "user_account" add "attributes" jsonb not null default '{}', add "version" int not null default 1;`,
    );
    this.addSql(`create index "user_account_created_at_id_index" on "user_account" ("created_at", "id");`);
    this.addSql(
      `create index "user_account_disabled_index" on "user_account" ("created_at", "id") where not active;`,
    );
    this.addSql(`create index "session_created_at_id_index" on "session" ("created_at", "id");`);

    this.addSql(
      `alter table "user_identifier" alter column "canonical" type text collate "C" using ("canonical"::text);`,
    );
    this.addSql(
      `create index "user_identifier_is_username_canonical_index" on "user_identifier" ("is_username", "canonical");`,
    );

    this.addSql(`alter table "policy_binding" add "version" int not null default 1;`);

    this.addSql(`alter table "password" add "compromised_at" timestamptz null;`);

    this.addSql(
      `alter table "group_permission" add constraint "group_permission_group_id_foreign" foreign key ("group_id") references "user_group" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "invitation" add constraint "invitation_flow_id_foreign" foreign key ("flow_id") references "flow" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "api_token" add constraint "api_token_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "group_permission" cascade;`);
    this.addSql(`drop table if exists "installation" cascade;`);
    this.addSql(`drop table if exists "invitation" cascade;`);
    this.addSql(`drop table if exists "api_token" cascade;`);

    this.addSql(`drop index "event_created_at_id_index";`);
    this.addSql(`drop index "event_action_created_at_id_index";`);
    this.addSql(`drop index "event_user_id_created_at_id_index";`);
    this.addSql(`drop index "event_object_type_created_at_id_index";`);
    this.addSql(`drop index "event_actor_id_created_at_id_index";`);
    this.addSql(`drop index "event_object_id_created_at_id_index";`);
    this.addSql(
      `alter table "event" drop column "actor_id", drop column "api_token_id", drop column "object_type", drop column "object_id", drop column "object_name";`,
    );
    this.addSql(`create index "event_created_at_index" on "event" ("created_at");`);

    this.addSql(`alter table "flow" drop column "version";`);

    this.addSql(`alter table "flow_stage_binding" drop column "version";`);

    this.addSql(`alter table "password" drop column "compromised_at";`);

    this.addSql(`alter table "policy" drop column "version";`);

    this.addSql(`alter table "policy_binding" drop column "version";`);

    this.addSql(`alter table "prompt_field" drop column "version";`);

    this.addSql(`alter table "stage" drop column "version";`);

    this.addSql(`drop index "session_created_at_id_index";`);
    this.addSql(`drop index "user_account_disabled_index";`);
    this.addSql(`drop index "user_account_created_at_id_index";`);
    this.addSql(`alter table "user_account" drop column "attributes", drop column "version";`);

    this.addSql(`alter table "user_group" drop column "version";`);
    this.addSql(`alter table "user_group" alter column "name" type text using ("name"::text);`);

    this.addSql(`drop index "user_identifier_is_username_canonical_index";`);
    this.addSql(
      `alter table "user_identifier" alter column "canonical" type text using ("canonical"::text);`,
    );
  }
}
