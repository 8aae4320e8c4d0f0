import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type Dialect, type SqliteDatabase, SqliteDialect } from "kysely";
import { makePrivateFolder } from "../private-folder.ts";
import { PatientSqliteDriver } from "./sqlite-driver.ts";

/** The driver waits for locks; SQLite's own wait blocks the process: enough for a quick writer, too short to be felt. */
const BUSY_TIMEOUT_MS = 10;
/** At the start there is nobody to block. */
const OPENING_TIMEOUT_MS = 2_000;

/** kysely's SQLite dialect over `node:sqlite`. The file is made readable by its owner only. */
export function sqliteDialect(file: string, owner: string): Dialect {
  const config = { database: async () => openDatabase(file) };
  const dialect = new SqliteDialect(config);
  return {
    createDriver: () => new PatientSqliteDriver({ file, owner }, config),
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

function openDatabase(file: string): SqliteDatabase {
  makePrivateFolder(dirname(file));
  const database = new DatabaseSync(file);
  chmodSync(file, 0o600);
  database.exec(`
    PRAGMA busy_timeout = ${OPENING_TIMEOUT_MS};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};`);
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
