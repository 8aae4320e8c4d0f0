import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLogger } from "@gatehouse/service";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ChangeFeed, openChangeFeed } from "../../../gateway/src/store/change-feed.ts";
import { openStore, type Store } from "../../../gateway/src/store/store.ts";
import { createLastSeen, type LastSeen } from "../../../gateway/src/tokens/last-seen.ts";
import { createServiceTokens, type ServiceTokens } from "../../../gateway/src/tokens/service-tokens.ts";
import { openTokenDirectory, type TokenDirectory } from "../../../gateway/src/tokens/token-directory.ts";

const logger = createLogger({ app: "gateway", level: "silent" });
const START_MS = Date.parse("2026-11-23T12:00:00Z");

let folder = "";
let file = "";
let nowMs = START_MS;
let store: Store;
let feed: ChangeFeed;
let directory: TokenDirectory;
let lastSeen: LastSeen;
let tokens: ServiceTokens;

beforeEach(async () => {
  nowMs = START_MS;
  folder = mkdtempSync(join(tmpdir(), "gatehouse-seen-"));
  file = join(folder, "gateway.sqlite");
  const now = () => nowMs;
  store = await openStore(`file:${file}`);
  feed = await openChangeFeed({ store, logger, now });
  directory = await openTokenDirectory(store, feed);
  lastSeen = createLastSeen({ store, directory, logger, now });
  tokens = createServiceTokens({ store, feed, pepper: Buffer.alloc(32), referrersOf: () => [], now });
});
afterEach(async () => {
  await lastSeen.close();
  feed.close();
  await store.destroy();
  rmSync(folder, { recursive: true, force: true });
});

describe("when a service token was last seen", () => {
  test("is written per version of its secret, the latest instant of many", async () => {
    const { id } = await tokens.create({ name: "bot" });
    await tokens.rotate(id, { previousSecretExpiresAt: "2026-12-01T00:00:00Z" });
    lastSeen.touch(id, 1);
    nowMs += 1_000;
    for (let count = 0; count < 1_000; count++) lastSeen.touch(id, 2);
    nowMs += 1_000;
    lastSeen.touch(id, 1);
    await lastSeen.flush();
    const { lastSeenAt, secrets } = await tokens.get(id);
    expect(lastSeenAt).toBe("2026-11-23T12:00:02.000Z");
    expect(secrets.map((secret) => secret.lastSeenAt)).toEqual([
      "2026-11-23T12:00:01.000Z",
      "2026-11-23T12:00:02.000Z",
    ]);
  });

  test("is told to all gateways the first time that a secret is used, and not again", async () => {
    const { id } = await tokens.create({ name: "bot" });
    let changes = 0;
    feed.subscribe("service_token", () => {
      changes += 1;
    });
    expect(directory.byId(id)?.secrets[0]?.isSeen).toBe(false);
    for (const expected of [1, 1, 1]) {
      lastSeen.touch(id, 1);
      await lastSeen.flush();
      await feed.poll();
      expect(changes).toBe(expected);
      expect(directory.byId(id)?.secrets[0]?.isSeen).toBe(true);
    }
  });

  test("is kept while it cannot be written, and written later", async () => {
    const ids = [];
    for (let count = 0; count < 150; count++) ids.push((await tokens.create({ name: `bot ${count}` })).id);
    const database = new DatabaseSync(file);
    database.exec("ALTER TABLE service_token_secrets RENAME TO gone");
    for (const id of ids) lastSeen.touch(id, 1);
    await expect(lastSeen.flush()).rejects.toThrow();
    database.exec("ALTER TABLE gone RENAME TO service_token_secrets");
    database.close();
    nowMs += 60_000;
    await lastSeen.flush();
    const seen = (await tokens.list()).map(({ lastSeenAt }) => lastSeenAt);
    expect(new Set(seen)).toEqual(new Set(["2026-11-23T12:00:00.000Z"]));
  });

  test("of a token that is gone is forgotten", async () => {
    const { id } = await tokens.create({ name: "bot" });
    lastSeen.touch(id, 1);
    await tokens.delete(id);
    await lastSeen.flush();
    expect(await tokens.list()).toEqual([]);
  });
});
