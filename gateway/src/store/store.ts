import { Kysely } from "kysely";
import { GatewayError } from "../errors.ts";
import { migrate } from "./migrations.ts";
import type { Schema } from "./schema.ts";
import { sqliteDialect } from "./sqlite.ts";

export type Store = Kysely<Schema>;

/**
 * Opens the state and brings its tables up to date.
 *
 * @param databaseUrl `file:PATH`, relative to the working directory, or `file:///ABSOLUTE`.
 * @throws {GatewayError} `ERR_STORE_UNUSABLE`
 */
export async function openStore(databaseUrl: string): Promise<Store> {
  const store = new Kysely<Schema>({ dialect: sqliteDialect(databaseUrl) });
  try {
    await migrate(store);
    return store;
  } catch (cause) {
    await store.destroy().catch(() => undefined);
    const message = `The gateway's database ${databaseUrl} cannot be used (${reasonOf(cause)}). Check that the file is a SQLite database and that its folder can be written to.`;
    throw new GatewayError("ERR_STORE_UNUSABLE", message, { cause });
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
