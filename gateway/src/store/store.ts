import { type Dialect, Kysely } from "kysely";
import { GatewayError } from "../errors.ts";
import { type DatabaseAddress, describeAddress, parseDatabaseUrl } from "./database-url.ts";
import { migrate } from "./migrations.ts";
import { MIGRATION_TIMEOUT_MS, postgresDialect } from "./postgres.ts";
import type { Schema } from "./schema.ts";
import { sqliteDialect } from "./sqlite.ts";

export type Store = Kysely<Schema>;

/**
 * Opens the state and brings its tables up to date. Several processes may do so at once.
 *
 * @param databaseUrl `file:PATH` (relative to the working directory), `file:///ABSOLUTE`, or `postgres://USER:PASSWORD@HOST/NAME`.
 * @throws {GatewayError} `ERR_STORE_UNUSABLE`
 */
export async function openStore(databaseUrl: string): Promise<Store> {
  const address = parseDatabaseUrl(databaseUrl);
  if (address === undefined) {
    throw new GatewayError("ERR_STORE_UNUSABLE", "The gateway's database must be file:PATH or postgres://HOST/NAME.");
  }
  try {
    return await openMigrated(address);
  } catch (cause) {
    const problem = `The gateway's database ${describeAddress(address)} cannot be used (${reasonOf(cause)}).`;
    throw new GatewayError("ERR_STORE_UNUSABLE", `${problem} ${ADVICE[address.engine]}`, { cause });
  }
}

const ADVICE: Readonly<Record<DatabaseAddress["engine"], string>> = {
  sqlite: "Check that the file is a SQLite database and that its folder can be written to.",
  postgres: "Check that the server runs, that the user may log in, and that it may create tables in the database.",
};

async function openMigrated(address: DatabaseAddress): Promise<Store> {
  const isSqlite = address.engine === "sqlite";
  const patient = open(isSqlite ? sqliteDialect(address.file) : postgresDialect(address.url, MIGRATION_TIMEOUT_MS));
  try {
    await migrate(patient);
  } catch (error) {
    await patient.destroy().catch(() => undefined);
    throw error;
  }
  if (isSqlite) return patient;
  await patient.destroy();
  return open(postgresDialect(address.url));
}

function open(dialect: Dialect): Store {
  return new Kysely<Schema>({ dialect });
}

/** A connection that fails on every address of a host name has its reasons inside. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(", ");
  return cause instanceof Error ? cause.message : String(cause);
}
