import { type Dialect, Kysely } from "kysely";
import { GatewayError } from "../errors.ts";
import { type DatabaseAddress, describeAddress, parseDatabaseUrl } from "./database-url.ts";
import { migrate } from "./migrations.ts";
import { postgresDialect } from "./postgres.ts";
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
  const store = new Kysely<Schema>({ dialect: dialectOf(address) });
  try {
    await migrate(store);
    return store;
  } catch (cause) {
    await store.destroy().catch(() => undefined);
    const problem = `The gateway's database ${describeAddress(address)} cannot be used (${reasonOf(cause)}).`;
    throw new GatewayError("ERR_STORE_UNUSABLE", `${problem} ${ADVICE[address.engine]}`, { cause });
  }
}

const ADVICE: Readonly<Record<DatabaseAddress["engine"], string>> = {
  sqlite: "Check that the file is a SQLite database and that its folder can be written to.",
  postgres: "Check that the server runs, that the user may log in, and that it may create tables in the database.",
};

function dialectOf(address: DatabaseAddress): Dialect {
  return address.engine === "sqlite" ? sqliteDialect(address.file) : postgresDialect(address.url);
}

/** A connection that fails on every address of a host name has its reasons inside. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(", ");
  return cause instanceof Error ? cause.message : String(cause);
}
