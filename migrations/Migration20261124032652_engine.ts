import { Migration } from '@mikro-orm/migrations';

export class Migration20261124032652_engine extends Migration {
  override name = 'Migration20261124032652_engine';

  override up(): void | Promise<void> {
    // What runs is kept in another form from now on, partly encrypted: whoever is in a flow at this moment begins it again.
    this.addSql(`delete from "execution";`);
    this.addSql(
      `create table "execution_trace" ("execution_id" uuid not null, "version" int not null, "entries" jsonb not null, "address" text not null, "created_at" timestamptz not null, primary key ("execution_id", "version"));`,
    );

    this.addSql(`alter table "execution" add "status" text not null, add "user_id" uuid null;`);
    this.addSql(`create index "execution_user_id_index" on "execution" ("user_id");`);
    this.addSql(`create index "execution_created_at_id_index" on "execution" ("created_at", "id");`);
    this.addSql(
      `alter table "execution" add constraint "execution_status_check" check ("status" in ('RUNNING', 'COMPLETED', 'DENIED', 'CANCELLED'));`,
    );

    this.addSql(`alter table "flow_token" drop constraint "flow_token_purpose_check";`);
    this.addSql(`alter table "flow_token" add "user_id" uuid null, add "suspension" text null;`);
    this.addSql(
      `alter table "flow_token" add constraint "flow_token_user_id_foreign" foreign key ("user_id") references "user_account" ("id") on delete cascade;`,
    );
    this.addSql(`create index "flow_token_user_id_index" on "flow_token" ("user_id");`);
    this.addSql(
      `alter table "flow_token" add constraint "flow_token_purpose_check" check ("purpose" in ('INITIAL_SETUP', 'RECOVERY'));`,
    );

    this.addSql(
      `alter table "execution_trace" add constraint "execution_trace_execution_id_foreign" foreign key ("execution_id") references "execution" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "execution_trace" cascade;`);

    this.addSql(`alter table "flow_token" drop constraint "flow_token_user_id_foreign";`);

    this.addSql(`drop index "execution_user_id_index";`);
    this.addSql(`drop index "execution_created_at_id_index";`);
    this.addSql(`alter table "execution" drop constraint "execution_status_check";`);
    this.addSql(`alter table "execution" drop column "status", drop column "user_id";`);

    this.addSql(`drop index "flow_token_user_id_index";`);
    this.addSql(`alter table "flow_token" drop constraint "flow_token_purpose_check";`);
    this.addSql(`alter table "flow_token" drop column "user_id", drop column "suspension";`);
    this.addSql(
      `alter table "flow_token" add constraint "flow_token_purpose_check" check ("purpose" in ('INITIAL_SETUP'));`,
    );
  }
}
