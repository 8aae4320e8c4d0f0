import { type Migrations, sequence } from "@gatehouse/service/store";
import { type Kysely, sql } from "kysely";

export const MIGRATIONS: Migrations = {
  "001-first-tables": {
    async up(db: Kysely<unknown>): Promise<void> {
      await createTokenTables(db);
      await createKeyAndSessionTables(db);
      await createChangeTable(db);
    },
  },
  "002-applications-and-audit": {
    async up(db: Kysely<unknown>): Promise<void> {
      await createDocumentTables(db);
      await createApplicationPolicies(db);
      await extendTokens(db);
      await extendSessions(db);
      await createPeopleTable(db);
      await extendSigningKeys(db);
      await createAdminTables(db);
      await createAuditTable(db);
    },
  },
};

async function createTokenTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("service_tokens")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("client_id", "text", (column) => column.notNull().unique())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("is_enabled", "integer", (column) => column.notNull())
    .addColumn("duration", "text", (column) => column.notNull())
    .addColumn("expires_at", "text")
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("updated_at", "text", (column) => column.notNull())
    .addColumn("last_seen_at", "text")
    .execute();
  await db.schema
    .createTable("service_token_secrets")
    .addColumn("token_id", "text", (column) => column.notNull().references("service_tokens.id").onDelete("cascade"))
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull())
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("expires_at", "text")
    .addColumn("last_seen_at", "text")
    .addPrimaryKeyConstraint("service_token_secrets_pk", ["token_id", "version"])
    .execute();
}

async function createKeyAndSessionTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("signing_keys")
    .addColumn("kid", "text", (column) => column.primaryKey())
    .addColumn("public_jwk", "text", (column) => column.notNull())
    .addColumn("sealed_private_key", "text", (column) => column.notNull())
    .addColumn("created_at", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("sessions")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("person_id", "text", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("sealed_id_token", "text", (column) => column.notNull())
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("expires_at", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("spent_tickets")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("expires_at", "text", (column) => column.notNull())
    .execute();
}

async function createChangeTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("changes")
    .addColumn("seq", ...sequence(db))
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("at", "text", (column) => column.notNull())
    .execute();
}

async function createDocumentTables(db: Kysely<unknown>): Promise<void> {
  const documentTable = (name: string) =>
    db.schema
      .createTable(name)
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("document", "text", (column) => column.notNull())
      .addColumn("created_at", "text", (column) => column.notNull())
      .addColumn("updated_at", "text", (column) => column.notNull());
  await documentTable("applications")
    .addColumn("aud", "text", (column) => column.notNull().unique())
    .execute();
  await documentTable("policies")
    .addColumn("application_id", "text", (column) => column.references("applications.id").onDelete("cascade"))
    .execute();
  await documentTable("groups").execute();
  await documentTable("identity_providers")
    .addColumn("sealed_secret", "text", (column) => column.notNull())
    .execute();
  await documentTable("organizations").execute();
}

async function createApplicationPolicies(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("application_policies")
    .addColumn("application_id", "text", (column) => column.notNull().references("applications.id").onDelete("cascade"))
    .addColumn("policy_id", "text", (column) => column.notNull().references("policies.id").onDelete("cascade"))
    .addColumn("precedence", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("application_policies_pk", ["application_id", "policy_id"])
    .execute();
}

async function extendTokens(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("retired_secrets")
    .addColumn("token_id", "text", (column) => column.notNull().references("service_tokens.id").onDelete("cascade"))
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("retired_secrets_pk", ["token_id", "version"])
    .execute();
  // A page of a long list is read in the order of this.
  await db.schema.createIndex("service_tokens_by_age").on("service_tokens").columns(["created_at", "id"]).execute();
}

async function extendSessions(db: Kysely<unknown>): Promise<void> {
  for (const column of ["identity_provider_id", "ip", "user_agent"]) {
    await db.schema
      .alterTable("sessions")
      .addColumn(column, "text", (definition) => definition.notNull().defaultTo(""))
      .execute();
  }
  await db.schema
    .alterTable("sessions")
    .addColumn("claims", "text", (definition) => definition.notNull().defaultTo("{}"))
    .execute();
  await db.schema.createIndex("sessions_by_email").on("sessions").column("email").execute();
  await db.schema.createIndex("sessions_by_person").on("sessions").column("person_id").execute();
  await sql`update sessions set email = lower(email)`.execute(db);
}

async function createPeopleTable(db: Kysely<unknown>): Promise<void> {
  let table = db.schema.createTable("people").addColumn("id", "text", (column) => column.primaryKey());
  for (const name of ["email", "name", "identity_provider_id", "ip", "created_at", "last_login_at"]) {
    table = table.addColumn(name, "text", (column) => column.notNull());
  }
  await table.execute();
}

async function extendSigningKeys(db: Kysely<unknown>): Promise<void> {
  for (const column of ["certificate", "signs_from"]) {
    await db.schema
      .alterTable("signing_keys")
      .addColumn(column, "text", (definition) => definition.notNull().defaultTo(""))
      .execute();
  }
  await db.schema.alterTable("signing_keys").addColumn("expires_at", "text").execute();
  await db.schema
    .createTable("key_settings")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("rotation_interval_days", "integer", (column) => column.notNull())
    .execute();
}

async function createAdminTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("revocations")
    .addColumn("scope", "text", (column) => column.primaryKey())
    .addColumn("not_before_seconds", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("api_tokens")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull().unique())
    .addColumn("scopes", "text", (column) => column.notNull())
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("expires_at", "text")
    .addColumn("last_used_at", "text")
    .execute();
}

async function createAuditTable(db: Kysely<unknown>): Promise<void> {
  let table = db.schema.createTable("audit_events").addColumn("seq", ...sequence(db));
  for (const name of ["at", "kind", "event", "actor_kind", "actor", "ip", "application_id", "application"]) {
    table = table.addColumn(name, "text", (column) => column.notNull());
  }
  table = table.addColumn("is_allowed", "integer", (column) => column.notNull());
  for (const name of ["reason", "ray_id", "detail"])
    table = table.addColumn(name, "text", (column) => column.notNull());
  await table.execute();
  await db.schema.createIndex("audit_events_by_time").on("audit_events").column("at").execute();
  // What finds few lines among many; the rest is found by reading backwards.
  for (const name of ["event", "actor", "ip", "application_id", "ray_id"]) {
    await db.schema.createIndex(`audit_events_by_${name}`).on("audit_events").columns([name, "seq"]).execute();
  }
}
