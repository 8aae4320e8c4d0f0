import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccessClient, fileTokenCache, staticCredentials } from "@gatehouse/access-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { PAIR } from "./support/fake-gateway.ts";
import { get as getOnce, start, until } from "./support/harness.ts";

async function cacheFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "token-cache-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "tokens.json");
}

/** Another process, as far as the gateway can tell. */
function another(origin: string, file: string, now: () => number) {
  const client = createAccessClient({
    origin,
    credentials: staticCredentials(PAIR),
    tokenCache: fileTokenCache(file, now),
    now,
  });
  onTestFinished(() => client.close());
  return client;
}

describe("12. Cross-process token cache", () => {
  test("a second process uses the first one's JWT: one exchange for both", async () => {
    const file = await cacheFile();
    const { clock, gateway, get } = await start({ tokenCache: fileTokenCache(file) });
    expect(await get()).toBe(200);
    await until(() => existsSync(file));
    expect(
      await getOnce(
        another(gateway.origin, file, () => clock.nowMs),
        "/",
      ),
    ).toBe(200);
    expect(gateway.exchanges).toBe(1);
  });

  test("it holds the JWT and never the secret, and only its owner may read it", async () => {
    const file = await cacheFile();
    const { gateway, get } = await start({ tokenCache: fileTokenCache(file) });
    await get();
    await until(() => existsSync(file));
    const text = await readFile(file, "utf8");
    expect(text).toContain(gateway.tokens[0] ?? "none");
    expect(text).not.toContain(PAIR.clientSecret);
    expect(text).not.toContain(PAIR.clientId);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("a JWT that the gateway refuses does not come back from it", async () => {
    const values = new Map<string, string>();
    const tokenCache = {
      get: (key: string) => values.get(key),
      set: (key: string, value: string) => void values.set(key, value),
    };
    const { gateway, get } = await start({ tokenCache });
    await get();
    gateway.revokeAll();
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(2);
  });

  test.each([
    ["is garbage", "not json"],
    ["holds an injected header", JSON.stringify({ jwt: "a\r\nHost: evil", staleAtMs: 9e15, deadAtMs: 9e15 })],
  ])("a cache that %s costs an exchange and nothing else", async (_, value) => {
    const { gateway, get } = await start({ tokenCache: { get: () => value, set: () => undefined } });
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(1);
  });

  test("a cache that throws costs an exchange and nothing else", async () => {
    const fail = () => Promise.reject(new RangeError("full"));
    const { get } = await start({ tokenCache: { get: fail, set: fail } });
    expect(await get()).toBe(200);
  });

  test("a broken file is replaced", async () => {
    const file = await cacheFile();
    await writeFile(file, "{");
    const cache = fileTokenCache(file);
    await cache.set("key", "value", Date.now() + 1_000);
    expect(await cache.get("key")).toBe("value");
  });
});
