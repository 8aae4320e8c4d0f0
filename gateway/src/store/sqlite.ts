import { chmodSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { type SqliteDatabase, SqliteDialect } from "kysely";

/** How long a statement waits for another process's write. The wait blocks the event loop, hence short. */
const BUSY_TIMEOUT_MS = 1_000;

/** kysely's SQLite dialect over `node:sqlite`. The file is made readable by its owner only. */
export function sqliteDialect(databaseUrl: string): SqliteDialect {
  const file = sqliteFile(databaseUrl);
  return new SqliteDialect({ database: async () => openDatabase(file) });
}

function sqliteFile(databaseUrl: string): string {
  return databaseUrl.startsWith("file://") ? fileURLToPath(databaseUrl) : resolve(databaseUrl.slice("file:".length));
}

function openDatabase(file: string): SqliteDatabase {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file);
  chmodSync(file, 0o600);
  database.exec(`
    PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;`);
  return { close: () => database.close(), prepare: (sql) => prepare(database, sql) };
}

/** The four members of better-sqlite3's statement that kysely calls. */
function prepare(database: DatabaseSync, sql: string): ReturnType<SqliteDatabase["prepare"]> {
  const statement = database.prepare(sql);
  const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
