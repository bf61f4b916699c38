import { Migration } from '@mikro-orm/migrations';

export class Migration20261126200620_journeys extends Migration {
  override name = 'Migration20261126200620_journeys';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "mail" ("id" uuid not null, "template" text not null, "recipient" text null, "user_id" uuid null, "language" text not null, "sealed" text null, "status" text not null, "attempts" int not null default 0, "next_attempt_at" timestamptz not null, "claim" uuid null, "claimed_until" timestamptz null, "last_error" text null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "settled_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "mail_settled_at_index" on "mail" ("settled_at");`);
    this.addSql(`create index "mail_queued_index" on "mail" ("next_attempt_at") where status = 'QUEUED';`);

    this.addSql(
      `create table "rate" ("key" text not null, "count" int not null, "expires_at" timestamptz not null, primary key ("key"));`,
    );
    this.addSql(`create index "rate_expires_at_index" on "rate" ("expires_at");`);

    this.addSql(
      `create table "used_once" ("key" text not null, "expires_at" timestamptz not null, primary key ("key"));`,
    );
    this.addSql(`create index "used_once_expires_at_index" on "used_once" ("expires_at");`);

    this.addSql(
      `create table "consent" ("id" uuid not null, "user_id" uuid not null, "stage_id" uuid not null, "permissions" jsonb not null, "granted_at" timestamptz not null, "expires_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "consent_stage_id_index" on "consent" ("stage_id");`);
    this.addSql(`create index "consent_expires_at_index" on "consent" ("expires_at");`);
    this.addSql(
      `alter table "consent" add constraint "consent_user_id_stage_id_unique" unique ("user_id", "stage_id");`,
    );

    this.addSql(
      `alter table "installation" add "brand_name" text not null default 'Stagedoor', add "language" text not null default 'EN';`,
    );
    this.addSql(
      `alter table "installation" add constraint "installation_language_check" check ("language" in ('EN', 'DE'));`,
    );

    this.addSql(`alter table "prompt_field" drop constraint "prompt_field_type_check";`);
    this.addSql(
      `alter table "prompt_field" add "choices" jsonb not null default '[]', add "label_expression" text null, add "placeholder_expression" text null, add "initial_value_expression" text null, add "choices_expression" text null;`,
    );
    this.addSql(
      `alter table "prompt_field" add constraint "prompt_field_type_check" check ("type" in ('TEXT', 'TEXT_AREA', 'TEXT_READ_ONLY', 'TEXT_AREA_READ_ONLY', 'USERNAME', 'EMAIL', 'PASSWORD', 'NUMBER', 'CHECKBOX', 'RADIO_BUTTON_GROUP', 'DROPDOWN', 'DATE', 'DATE_TIME', 'FILE', 'SEPARATOR', 'HIDDEN', 'STATIC', 'ALERT_INFO', 'ALERT_WARNING', 'ALERT_DANGER', 'LOCALE'));`,
    );

    this.addSql(
      `alter table "user_account" add "awaits_verification" boolean not null default false, add "email_verified_at" timestamptz null, add "kind" text not null default 'INTERNAL', add "path" text not null default 'users';`,
    );
    this.addSql(
      `create index "user_account_unverified_index" on "user_account" ("created_at") where awaits_verification;`,
    );
    this.addSql(
      `alter table "user_account" add constraint "user_account_kind_check" check ("kind" in ('INTERNAL', 'EXTERNAL', 'SERVICE_ACCOUNT'));`,
    );

    this.addSql(`alter table "flow_token" drop constraint "flow_token_purpose_check";`);
    this.addSql(
      `alter table "flow_token" add "execution_id" uuid null, add "confirmed_at" timestamptz null;`,
    );
    this.addSql(
      `alter table "flow_token" add constraint "flow_token_execution_id_foreign" foreign key ("execution_id") references "execution" ("id") on delete cascade;`,
    );
    this.addSql(`create index "flow_token_execution_id_index" on "flow_token" ("execution_id");`);
    this.addSql(
      `alter table "flow_token" add constraint "flow_token_purpose_check" check ("purpose" in ('INITIAL_SETUP', 'RECOVERY', 'MAIL_LINK'));`,
    );

    this.addSql(
      `alter table "mail" add constraint "mail_language_check" check ("language" in ('EN', 'DE'));`,
    );
    this.addSql(
      `alter table "mail" add constraint "mail_status_check" check ("status" in ('QUEUED', 'SENT', 'DEAD', 'VOID'));`,
    );

    this.addSql(
      `alter table "consent" add constraint "consent_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "consent" add constraint "consent_stage_id_foreign" foreign key ("stage_id") references "stage" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "mail" cascade;`);
    this.addSql(`drop table if exists "rate" cascade;`);
    this.addSql(`drop table if exists "used_once" cascade;`);
    this.addSql(`drop table if exists "consent" cascade;`);

    this.addSql(`alter table "flow_token" drop constraint "flow_token_execution_id_foreign";`);

    this.addSql(`drop index "flow_token_execution_id_index";`);
    this.addSql(`alter table "flow_token" drop constraint "flow_token_purpose_check";`);
    this.addSql(`alter table "flow_token" drop column "execution_id", drop column "confirmed_at";`);
    this.addSql(
      `alter table "flow_token" add constraint "flow_token_purpose_check" check ("purpose" in ('INITIAL_SETUP', 'RECOVERY'));`,
    );

    this.addSql(`alter table "installation" drop constraint "installation_language_check";`);
    this.addSql(`alter table "installation" drop column "brand_name", drop column "language";`);

    this.addSql(`alter table "prompt_field" drop constraint "prompt_field_type_check";`);
    this.addSql(
      `alter table "prompt_field" drop column "choices", drop column "label_expression", drop column "placeholder_expression", drop column "initial_value_expression", drop column "choices_expression";`,
    );
    this.addSql(
      `alter table "prompt_field" add constraint "prompt_field_type_check" check ("type" in ('TEXT', 'USERNAME', 'EMAIL', 'PASSWORD', 'STATIC'));`,
    );

    this.addSql(`drop index "user_account_unverified_index";`);
    this.addSql(`alter table "user_account" drop constraint "user_account_kind_check";`);
    this.addSql(
      `alter table "user_account" drop column "awaits_verification", drop column "email_verified_at", drop column "kind", drop column "path";`,
    );
  }
}
