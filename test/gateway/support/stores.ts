import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { createPostgresDatabase, postgresPrograms } from "../../support/postgres.ts";

export type StoreName = "SQLite" | "Postgres";

/** A new, empty database, as GATEWAY_DATABASE_URL names it. */
export interface TestDatabase {
  readonly url: string;
  /** Deletes a file; a Postgres database goes with the test run's server. */
  remove(): void;
}

/** What this machine can run: everything, or SQLite alone (said once before the tests). */
export const stores: readonly StoreName[] = postgresPrograms === undefined ? ["SQLite"] : ["SQLite", "Postgres"];

/** Of gateways that tests start without naming one: the project "gateway on Postgres" (vitest.config.ts) runs whole suites on it. */
export const defaultStore: StoreName = process.env.GATEHOUSE_TEST_STORE === "Postgres" ? "Postgres" : "SQLite";

/** `describe` once per store: `forEachStore("tokens", (store) => { beforeEach(async () => { it = await startGateway({ store }); }); … })`. */
export function forEachStore(title: string, suite: (store: StoreName) => void): void {
  for (const store of stores) describe(`${title}, on ${store}`, () => suite(store));
}

/** `describe` for what only Postgres can show: several gateways. */
export const describeOnPostgres = describe.skipIf(postgresPrograms === undefined);

export async function createDatabase(store: StoreName): Promise<TestDatabase> {
  if (store === "Postgres") return { url: await createPostgresDatabase(), remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-store-"));
  return {
    url: `file:${join(folder, "gateway.sqlite")}`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
