import { type Dialect, Kysely, type LogConfig } from "kysely";
import { type DatabaseAddress, describeAddress, parseDatabaseUrl } from "./database-url.ts";
import { StoreError } from "./errors.ts";
import { type Migrations, migrate } from "./migrate.ts";
import { MIGRATION_TIMEOUT_MS, postgresDialect } from "./postgres.ts";
import { sqliteDialect } from "./sqlite.ts";
import { reasonOf } from "./unavailable.ts";
import { watchedDialect } from "./watched-dialect.ts";

export interface StoreOptions {
  /** Whose store it is, in a word for messages and for Postgres's list of connections: "gateway". */
  readonly owner: string;
  readonly migrations: Migrations;
  /** Where it is noted which of them were made. Two apps in one database need two names. Default: kysely's. */
  readonly migrationTable?: string;
  /** Called, later on, for each statement that failed and each connection that could not be had. */
  readonly onError?: () => void;
}

/**
 * Opens an app's state and brings its tables up to date. Several processes may do so at once.
 *
 * @param databaseUrl `file:PATH` (relative to the working directory), `file:///ABSOLUTE`, or `postgres://USER:PASSWORD@HOST/NAME`.
 * @throws {StoreError} `ERR_STORE_UNUSABLE`
 */
export async function openStore<Schema>(databaseUrl: string, options: StoreOptions): Promise<Kysely<Schema>> {
  const whose = `The ${options.owner}'s database`;
  const address = parseDatabaseUrl(databaseUrl);
  if (address === undefined) {
    throw new StoreError("ERR_STORE_UNUSABLE", `${whose} must be file:PATH or postgres://HOST/NAME.`);
  }
  try {
    return await openMigrated<Schema>(address, options);
  } catch (cause) {
    const problem = `${whose} ${describeAddress(address)} cannot be used (${reasonOf(cause)}).`;
    throw new StoreError("ERR_STORE_UNUSABLE", `${problem} ${ADVICE[address.engine]}`, { cause });
  }
}

const ADVICE: Readonly<Record<DatabaseAddress["engine"], string>> = {
  sqlite: "Check that the file is a SQLite database and that its folder can be written to.",
  postgres: "Check that the server runs, that the user may log in, and that it may create tables in the database.",
};

async function openMigrated<Schema>(
  address: DatabaseAddress,
  { owner, migrations, migrationTable, onError = () => undefined }: StoreOptions,
): Promise<Kysely<Schema>> {
  const isSqlite = address.engine === "sqlite";
  const patient = open<Schema>(
    isSqlite ? sqliteDialect(address.file, owner) : postgresDialect(address.url, owner, MIGRATION_TIMEOUT_MS),
    onError,
  );
  try {
    await migrate(patient, migrations, migrationTable);
  } catch (error) {
    await patient.destroy().catch(() => undefined);
    throw error;
  }
  if (isSqlite) return patient;
  await patient.destroy();
  return open(postgresDialect(address.url, owner), onError);
}

function open<Schema>(dialect: Dialect, onError: () => void): Kysely<Schema> {
  const log: LogConfig = ({ level }) => (level === "error" ? onError() : undefined);
  return new Kysely<Schema>({ dialect: watchedDialect(dialect, onError), log });
}
