import { type Dialect, Kysely, type LogConfig } from "kysely";
import { GatewayError } from "../errors.ts";
import { type DatabaseAddress, describeAddress, parseDatabaseUrl } from "./database-url.ts";
import { migrate } from "./migrations.ts";
import { MIGRATION_TIMEOUT_MS, postgresDialect } from "./postgres.ts";
import type { Schema } from "./schema.ts";
import { sqliteDialect } from "./sqlite.ts";
import { reasonOf } from "./unavailable.ts";
import { watchedDialect } from "./watched-dialect.ts";

export type Store = Kysely<Schema>;

/**
 * Opens the state and brings its tables up to date. Several processes may do so at once.
 *
 * @param databaseUrl `file:PATH` (relative to the working directory), `file:///ABSOLUTE`, or `postgres://USER:PASSWORD@HOST/NAME`.
 * @param onError Called, later on, for each statement that failed and each connection that could not be had.
 * @throws {GatewayError} `ERR_STORE_UNUSABLE`
 */
export async function openStore(databaseUrl: string, onError: () => void = () => undefined): Promise<Store> {
  const address = parseDatabaseUrl(databaseUrl);
  if (address === undefined) {
    throw new GatewayError("ERR_STORE_UNUSABLE", "The gateway's database must be file:PATH or postgres://HOST/NAME.");
  }
  try {
    return await openMigrated(address, onError);
  } catch (cause) {
    const problem = `The gateway's database ${describeAddress(address)} cannot be used (${reasonOf(cause)}).`;
    throw new GatewayError("ERR_STORE_UNUSABLE", `${problem} ${ADVICE[address.engine]}`, { cause });
  }
}

const ADVICE: Readonly<Record<DatabaseAddress["engine"], string>> = {
  sqlite: "Check that the file is a SQLite database and that its folder can be written to.",
  postgres: "Check that the server runs, that the user may log in, and that it may create tables in the database.",
};

async function openMigrated(address: DatabaseAddress, onError: () => void): Promise<Store> {
  const isSqlite = address.engine === "sqlite";
  const patient = open(
    isSqlite ? sqliteDialect(address.file) : postgresDialect(address.url, MIGRATION_TIMEOUT_MS),
    onError,
  );
  try {
    await migrate(patient);
  } catch (error) {
    await patient.destroy().catch(() => undefined);
    throw error;
  }
  if (isSqlite) return patient;
  await patient.destroy();
  return open(postgresDialect(address.url), onError);
}

function open(dialect: Dialect, onError: () => void): Store {
  const log: LogConfig = ({ level }) => (level === "error" ? onError() : undefined);
  return new Kysely<Schema>({ dialect: watchedDialect(dialect, onError), log });
}
