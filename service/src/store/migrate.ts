import { type Kysely, sql } from "kysely";
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from "kysely/migration";
import { isPostgres } from "./dialect.ts";

/** By name. Names are sorted: a new one goes to the end and an old one never changes. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Brings the tables to this version, whole or not at all. Does nothing when they are there. */
export async function migrate<Schema>(db: Kysely<Schema>, migrations: Migrations, table?: string): Promise<void> {
  await db.connection().execute(async (connection) => {
    // On Postgres, kysely does the same with an advisory lock and a transaction of its own.
    if (isPostgres(connection)) return migrateToLatest(connection, migrations, table);
    await sql`begin immediate`.execute(connection);
    try {
      await migrateToLatest(connection, migrations, table);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection).catch(() => undefined);
      throw error;
    }
  });
}

async function migrateToLatest<Schema>(
  db: Kysely<Schema>,
  migrations: Migrations,
  migrationTableName: string = DEFAULT_MIGRATION_TABLE,
): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations }, migrationTableName });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
