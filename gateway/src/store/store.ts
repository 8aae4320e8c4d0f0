import { openStore as openSharedStore } from "@gatehouse/service/store";
import type { Kysely } from "kysely";
import { MIGRATIONS } from "./migrations.ts";
import type { Schema } from "./schema.ts";

export type Store = Kysely<Schema>;

/**
 * Opens the gateway's state and brings its tables up to date. Several processes may do so at once.
 *
 * @param databaseUrl `file:PATH` (relative to the working directory), `file:///ABSOLUTE`, or `postgres://USER:PASSWORD@HOST/NAME`.
 * @param onError Called, later on, for each statement that failed and each connection that could not be had.
 * @throws {StoreError} `ERR_STORE_UNUSABLE`
 */
export function openStore(databaseUrl: string, onError: () => void = () => undefined): Promise<Store> {
  return openSharedStore<Schema>(databaseUrl, { owner: "gateway", migrations: MIGRATIONS, onError });
}
