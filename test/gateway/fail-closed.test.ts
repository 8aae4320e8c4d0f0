import { DatabaseSync } from "node:sqlite";
import { createGateway } from "@gatehouse/gateway";
import { createLogger } from "@gatehouse/service";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exchange, startGateway, type TestGateway } from "./support/gateway.ts";

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway({ store: "SQLite", storeGraceMs: 0 });
});
afterEach(() => it.close());

const database = () => new DatabaseSync(it.config.databaseUrl.slice("file:".length));

describe("failing closed", () => {
  test("when the store no longer answers and no grace is given, nobody is let in on what is remembered, until it does again", async () => {
    const jwt = await exchange(it);
    const refusal = async () => {
      const response = await fetch(it.url, { headers: { "cf-access-token": jwt } });
      return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
    };
    const other = database();
    other.exec("ALTER TABLE changes RENAME TO gone");
    await expect.poll(refusal, { timeout: 15_000 }).toMatchObject({ status: 503, reason: "store_unavailable" });
    other.exec("ALTER TABLE gone RENAME TO changes");
    await expect.poll(refusal, { timeout: 5_000 }).toMatchObject({ status: 200 });
    other.close();
  });

  test("a database of another secret key stops the start", async () => {
    const logger = createLogger({ app: "gateway", level: "silent" });
    const start = createGateway({ ...it.config, secretKey: "f".repeat(64) }, { logger });
    await expect(start).rejects.toMatchObject({ code: "ERR_SECRET_KEY_MISMATCH" });
  });

  test("private keys are not readable in the database, and its file is its owner's alone", async () => {
    const row = database().prepare("SELECT sealed_private_key FROM signing_keys").get();
    expect(String(row?.sealed_private_key)).not.toMatch(/PRIVATE KEY|MII/);
    const { statSync } = await import("node:fs");
    expect(statSync(it.config.databaseUrl.slice("file:".length)).mode & 0o077).toBe(0);
  });

  test("a stop waits for a request under way, and not for idle connections", async () => {
    let release = () => undefined as unknown;
    it.origin.answerWith((_, response) => {
      release = () => response.end("late");
    });
    const answer = fetch(it.url, { headers: it.pair });
    await expect.poll(() => it.origin.requests.length).toBe(1);
    const closed = it.gateway.close(20_000);
    release();
    expect(await (await answer).text()).toBe("late");
    await closed;
    await expect(fetch(it.url)).rejects.toThrow();
  });
});
