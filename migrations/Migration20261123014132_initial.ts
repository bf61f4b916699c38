import { Migration } from '@mikro-orm/migrations';

export class Migration20261123014132_initial extends Migration {
  override name = 'Migration20261123014132_initial';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "catalogue_version" ("id" int not null, "version" int not null, primary key ("id"));`,
    );

    this.addSql(
      `create table "event" ("id" uuid not null, "action" text not null, "user_id" uuid null, "execution_id" uuid null, "details" jsonb not null, "address" text not null, "user_agent" text not null, "created_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`create index "event_created_at_index" on "event" ("created_at");`);

    this.addSql(
      `create table "execution" ("id" uuid not null, "version" int not null, "support_id" uuid not null, "flow_id" uuid not null, "client" text not null, "owner_hash" text not null, "challenge_id" uuid null, "state" jsonb not null, "sealed" text not null, "claim" uuid null, "claimed_until" timestamptz null, "created_at" timestamptz not null, "expires_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "execution" add constraint "execution_support_id_unique" unique ("support_id");`,
    );
    this.addSql(`create index "execution_expires_at_index" on "execution" ("expires_at");`);

    this.addSql(
      `create table "execution_answer" ("execution_id" uuid not null, "challenge_id" uuid not null, "mac" text not null, "given" text not null, "created_at" timestamptz not null, primary key ("execution_id", "challenge_id"));`,
    );

    this.addSql(
      `create table "flow" ("id" uuid not null, "slug" text not null, "name" text not null, "title" text not null, "designation" text not null, "authentication" text not null, "denied_action" text not null, "policy_engine_mode" text not null, "layout" text not null, "background_url" text null, primary key ("id"));`,
    );
    this.addSql(`alter table "flow" add constraint "flow_slug_unique" unique ("slug");`);

    this.addSql(
      `create table "flow_token" ("id" uuid not null, "token_hash" text not null, "flow_id" uuid not null, "purpose" text not null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "used_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "flow_token" add constraint "flow_token_token_hash_unique" unique ("token_hash");`,
    );
    this.addSql(`create index "flow_token_flow_id_index" on "flow_token" ("flow_id");`);
    this.addSql(`create index "flow_token_expires_at_index" on "flow_token" ("expires_at");`);

    this.addSql(
      `create table "user_group" ("id" uuid not null, "name" text not null, "superuser" boolean not null, primary key ("id"));`,
    );
    this.addSql(`alter table "user_group" add constraint "user_group_name_unique" unique ("name");`);

    this.addSql(
      `create table "guess" ("key" text not null, "failures" int not null, "not_before" timestamptz not null, "forgotten_at" timestamptz not null, primary key ("key"));`,
    );
    this.addSql(`create index "guess_forgotten_at_index" on "guess" ("forgotten_at");`);

    this.addSql(
      `create table "policy" ("id" uuid not null, "name" text not null, "kind" text not null, "config" jsonb not null, "execution_logging" boolean not null, primary key ("id"));`,
    );
    this.addSql(`alter table "policy" add constraint "policy_name_unique" unique ("name");`);

    this.addSql(
      `create table "prompt_field" ("id" uuid not null, "name" text not null, "key" text not null, "label" text not null, "type" text not null, "required" boolean not null, "placeholder" text not null, "initial_value" text not null, "order" int not null, "help_text" text not null, primary key ("id"));`,
    );
    this.addSql(`alter table "prompt_field" add constraint "prompt_field_name_unique" unique ("name");`);

    this.addSql(
      `create table "setting" ("name" text not null, "value" text not null, primary key ("name"));`,
    );

    this.addSql(
      `create table "stage" ("id" uuid not null, "name" text not null, "kind" text not null, "config" jsonb not null, primary key ("id"));`,
    );
    this.addSql(`alter table "stage" add constraint "stage_name_unique" unique ("name");`);

    this.addSql(
      `create table "stage_reference" ("id" bigserial primary key, "stage_id" uuid not null, "to_stage_id" uuid null, "to_flow_id" uuid null, "to_group_id" uuid null, "to_prompt_field_id" uuid null);`,
    );
    this.addSql(`create index "stage_reference_stage_id_index" on "stage_reference" ("stage_id");`);
    this.addSql(`create index "stage_reference_to_stage_id_index" on "stage_reference" ("to_stage_id");`);
    this.addSql(`create index "stage_reference_to_flow_id_index" on "stage_reference" ("to_flow_id");`);
    this.addSql(`create index "stage_reference_to_group_id_index" on "stage_reference" ("to_group_id");`);
    this.addSql(
      `create index "stage_reference_to_prompt_field_id_index" on "stage_reference" ("to_prompt_field_id");`,
    );

    this.addSql(
      `create table "flow_stage_binding" ("id" uuid not null, "flow_id" uuid not null, "stage_id" uuid not null, "order" int not null, "evaluate_on_plan" boolean not null, "re_evaluate_policies" boolean not null, "invalid_response_action" text not null, "policy_engine_mode" text not null, primary key ("id"));`,
    );
    this.addSql(`create index "flow_stage_binding_flow_id_index" on "flow_stage_binding" ("flow_id");`);
    this.addSql(`create index "flow_stage_binding_stage_id_index" on "flow_stage_binding" ("stage_id");`);
    this.addSql(
      `alter table "flow_stage_binding" add constraint "flow_stage_binding_flow_id_stage_id_order_unique" unique ("flow_id", "stage_id", "order");`,
    );

    this.addSql(
      `create table "user_account" ("id" uuid not null, "username" text not null, "email" text null, "name" text not null, "active" boolean not null, "created_at" timestamptz not null, primary key ("id"));`,
    );

    this.addSql(
      `create table "user_identifier" ("canonical" text not null, "user_id" uuid not null, "is_username" boolean not null, "is_email" boolean not null, primary key ("canonical"));`,
    );
    this.addSql(`create index "user_identifier_user_id_index" on "user_identifier" ("user_id");`);

    this.addSql(
      `create table "session" ("id" uuid not null, "token_hash" text not null, "user_id" uuid not null, "execution_id" uuid not null, "amr" text not null, "aal" int not null, "address" text not null, "user_agent" text not null, "created_at" timestamptz not null, "expires_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`alter table "session" add constraint "session_token_hash_unique" unique ("token_hash");`);
    this.addSql(`create index "session_user_id_index" on "session" ("user_id");`);
    this.addSql(`create index "session_expires_at_index" on "session" ("expires_at");`);

    this.addSql(
      `create table "policy_binding" ("id" uuid not null, "flow_id" uuid null, "stage_binding_id" uuid null, "policy_id" uuid null, "group_id" uuid null, "user_id" uuid null, "order" int not null, "enabled" boolean not null, "negate" boolean not null, "timeout_seconds" int not null, "failure_result" boolean not null, primary key ("id"));`,
    );
    this.addSql(`create index "policy_binding_flow_id_index" on "policy_binding" ("flow_id");`);
    this.addSql(
      `create index "policy_binding_stage_binding_id_index" on "policy_binding" ("stage_binding_id");`,
    );
    this.addSql(`create index "policy_binding_policy_id_index" on "policy_binding" ("policy_id");`);
    this.addSql(`create index "policy_binding_group_id_index" on "policy_binding" ("group_id");`);
    this.addSql(`create index "policy_binding_user_id_index" on "policy_binding" ("user_id");`);

    this.addSql(
      `create table "password" ("user_id" uuid not null, "hash" text not null, "changed_at" timestamptz not null, primary key ("user_id"));`,
    );

    this.addSql(
      `create table "group_member" ("group_id" uuid not null, "user_id" uuid not null, primary key ("group_id", "user_id"));`,
    );
    this.addSql(`create index "group_member_user_id_index" on "group_member" ("user_id");`);

    this.addSql(
      `alter table "execution" add constraint "execution_client_check" check ("client" in ('BROWSER', 'NATIVE'));`,
    );

    this.addSql(
      `alter table "execution_answer" add constraint "execution_answer_execution_id_foreign" foreign key ("execution_id") references "execution" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "flow" add constraint "flow_designation_check" check ("designation" in ('AUTHENTICATION', 'AUTHORIZATION', 'INVALIDATION', 'ENROLLMENT', 'UNENROLLMENT', 'RECOVERY', 'STAGE_CONFIGURATION'));`,
    );
    this.addSql(
      `alter table "flow" add constraint "flow_authentication_check" check ("authentication" in ('NONE', 'REQUIRE_AUTHENTICATED', 'REQUIRE_UNAUTHENTICATED', 'REQUIRE_SUPERUSER', 'REQUIRE_REDIRECT', 'REQUIRE_TOKEN'));`,
    );
    this.addSql(
      `alter table "flow" add constraint "flow_denied_action_check" check ("denied_action" in ('MESSAGE_CONTINUE', 'MESSAGE', 'CONTINUE'));`,
    );
    this.addSql(
      `alter table "flow" add constraint "flow_policy_engine_mode_check" check ("policy_engine_mode" in ('ANY', 'ALL'));`,
    );
    this.addSql(
      `alter table "flow" add constraint "flow_layout_check" check ("layout" in ('STACKED', 'CONTENT_LEFT', 'CONTENT_RIGHT', 'SIDEBAR_LEFT', 'SIDEBAR_RIGHT'));`,
    );

    this.addSql(
      `alter table "flow_token" add constraint "flow_token_flow_id_foreign" foreign key ("flow_id") references "flow" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "flow_token" add constraint "flow_token_purpose_check" check ("purpose" in ('INITIAL_SETUP'));`,
    );

    this.addSql(
      `alter table "prompt_field" add constraint "prompt_field_type_check" check ("type" in ('TEXT', 'USERNAME', 'EMAIL', 'PASSWORD', 'STATIC'));`,
    );

    this.addSql(
      `alter table "stage_reference" add constraint "stage_reference_stage_id_foreign" foreign key ("stage_id") references "stage" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "stage_reference" add constraint "stage_reference_to_stage_id_foreign" foreign key ("to_stage_id") references "stage" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "stage_reference" add constraint "stage_reference_to_flow_id_foreign" foreign key ("to_flow_id") references "flow" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "stage_reference" add constraint "stage_reference_to_group_id_foreign" foreign key ("to_group_id") references "user_group" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "stage_reference" add constraint "stage_reference_to_prompt_field_id_foreign" foreign key ("to_prompt_field_id") references "prompt_field" ("id") on delete no action;`,
    );

    this.addSql(
      `alter table "flow_stage_binding" add constraint "flow_stage_binding_flow_id_foreign" foreign key ("flow_id") references "flow" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "flow_stage_binding" add constraint "flow_stage_binding_stage_id_foreign" foreign key ("stage_id") references "stage" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "flow_stage_binding" add constraint "flow_stage_binding_invalid_response_action_check" check ("invalid_response_action" in ('RETRY', 'RESTART', 'RESTART_WITH_CONTEXT'));`,
    );
    this.addSql(
      `alter table "flow_stage_binding" add constraint "flow_stage_binding_policy_engine_mode_check" check ("policy_engine_mode" in ('ANY', 'ALL'));`,
    );

    this.addSql(
      `alter table "user_identifier" add constraint "user_identifier_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "session" add constraint "session_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "policy_binding" add constraint "policy_binding_flow_id_foreign" foreign key ("flow_id") references "flow" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "policy_binding" add constraint "policy_binding_stage_binding_id_foreign" foreign key ("stage_binding_id") references "flow_stage_binding" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "policy_binding" add constraint "policy_binding_policy_id_foreign" foreign key ("policy_id") references "policy" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "policy_binding" add constraint "policy_binding_group_id_foreign" foreign key ("group_id") references "user_group" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "policy_binding" add constraint "policy_binding_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on delete no action;`,
    );
    this.addSql(
      `alter table "policy_binding" add constraint "policy_binding_one_target" check (num_nonnulls(flow_id, stage_binding_id) = 1);`,
    );
    this.addSql(
      `alter table "policy_binding" add constraint "policy_binding_one_subject" check (num_nonnulls(policy_id, group_id, user_id) = 1);`,
    );

    this.addSql(
      `alter table "password" add constraint "password_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `alter table "group_member" add constraint "group_member_group_id_foreign" foreign key ("group_id") references "user_group" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "group_member" add constraint "group_member_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on update cascade on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "execution_answer" drop constraint "execution_answer_execution_id_foreign";`);
    this.addSql(`alter table "flow_token" drop constraint "flow_token_flow_id_foreign";`);
    this.addSql(`alter table "stage_reference" drop constraint "stage_reference_to_flow_id_foreign";`);
    this.addSql(`alter table "flow_stage_binding" drop constraint "flow_stage_binding_flow_id_foreign";`);
    this.addSql(`alter table "policy_binding" drop constraint "policy_binding_flow_id_foreign";`);
    this.addSql(`alter table "stage_reference" drop constraint "stage_reference_to_group_id_foreign";`);
    this.addSql(`alter table "policy_binding" drop constraint "policy_binding_group_id_foreign";`);
    this.addSql(`alter table "group_member" drop constraint "group_member_group_id_foreign";`);
    this.addSql(`alter table "policy_binding" drop constraint "policy_binding_policy_id_foreign";`);
    this.addSql(
      `alter table "stage_reference" drop constraint "stage_reference_to_prompt_field_id_foreign";`,
    );
    this.addSql(`alter table "stage_reference" drop constraint "stage_reference_stage_id_foreign";`);
    this.addSql(`alter table "stage_reference" drop constraint "stage_reference_to_stage_id_foreign";`);
    this.addSql(`alter table "flow_stage_binding" drop constraint "flow_stage_binding_stage_id_foreign";`);
    this.addSql(`alter table "policy_binding" drop constraint "policy_binding_stage_binding_id_foreign";`);
    this.addSql(`alter table "user_identifier" drop constraint "user_identifier_user_id_foreign";`);
    this.addSql(`alter table "session" drop constraint "session_user_id_foreign";`);
    this.addSql(`alter table "policy_binding" drop constraint "policy_binding_user_id_foreign";`);
    this.addSql(`alter table "password" drop constraint "password_user_id_foreign";`);
    this.addSql(`alter table "group_member" drop constraint "group_member_user_id_foreign";`);

    this.addSql(`drop table if exists "catalogue_version" cascade;`);
    this.addSql(`drop table if exists "event" cascade;`);
    this.addSql(`drop table if exists "execution" cascade;`);
    this.addSql(`drop table if exists "execution_answer" cascade;`);
    this.addSql(`drop table if exists "flow" cascade;`);
    this.addSql(`drop table if exists "flow_token" cascade;`);
    this.addSql(`drop table if exists "user_group" cascade;`);
    this.addSql(`drop table if exists "guess" cascade;`);
    this.addSql(`drop table if exists "policy" cascade;`);
    this.addSql(`drop table if exists "prompt_field" cascade;`);
    this.addSql(`drop table if exists "setting" cascade;`);
    this.addSql(`drop table if exists "stage" cascade;`);
    this.addSql(`drop table if exists "stage_reference" cascade;`);
    this.addSql(`drop table if exists "flow_stage_binding" cascade;`);
    this.addSql(`drop table if exists "user_account" cascade;`);
    this.addSql(`drop table if exists "user_identifier" cascade;`);
    this.addSql(`drop table if exists "session" cascade;`);
    this.addSql(`drop table if exists "policy_binding" cascade;`);
    this.addSql(`drop table if exists "password" cascade;`);
    this.addSql(`drop table if exists "group_member" cascade;`);
  }
}
