import { openStore } from "@gatehouse/service/store";
import type { Kysely } from "kysely";
import { MIGRATIONS } from "./migrations.ts";
import type { Schema } from "./schema.ts";

export type Store = Kysely<Schema>;

/**
 * What the bot keeps beyond a restart, and shares with its replicas. Several may open it at once.
 *
 * The database may be the gateway's.
 *
 * @param databaseUrl `file:PATH`, or `postgres://USER:PASSWORD@HOST/NAME` for replicas on several machines.
 * @throws {StoreError} `ERR_STORE_UNUSABLE`
 */
export function openBotStore(databaseUrl: string): Promise<Store> {
  return openStore<Schema>(databaseUrl, { owner: "bot", migrations: MIGRATIONS, migrationTable: "bot_migrations" });
}
