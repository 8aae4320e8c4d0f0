import { rm, writeFile } from "node:fs/promises";
import {
  type CredentialSource,
  type Credentials,
  callbackCredentials,
  fileCredentials,
} from "@gatehouse/access-client";
import { describe, expect, test } from "vitest";
import { createFile, jsonFile } from "./support/credentials-file.ts";
import { PAIR } from "./support/fake-gateway.ts";
import { start, until } from "./support/harness.ts";

const ROTATED = { ...PAIR, clientSecret: "cfast_rotated" };

const envFile = ({ clientId, clientSecret }: Credentials): string =>
  `# written by an admin\nCLOUDFLARE_ACCESS_CLIENT_ID=${clientId}\nCLOUDFLARE_ACCESS_CLIENT_SECRET="${clientSecret}"\n`;

/** A source that says when it changes. */
function createSource(): CredentialSource & { set(pair: Credentials): void; watchers: number } {
  let pair: Credentials = PAIR;
  const listeners = new Set<() => void>();
  return {
    name: "vault",
    read: () => pair,
    watch(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    set(next) {
      pair = next;
      for (const listener of listeners) listener();
    },
    get watchers() {
      return listeners.size;
    },
  };
}

describe("10. Rotation: a credentials file", () => {
  test.each([
    ["an env file", envFile],
    ["JSON", jsonFile],
  ])("is %s", async (_, format) => {
    const { get } = await start({ credentials: fileCredentials(await createFile(format(PAIR))) });
    expect(await get()).toBe(200);
  });

  test("that is rewritten is followed without a restart and before the old secret is refused", async () => {
    const file = await createFile(envFile(PAIR));
    const { gateway, client, get } = await start({ credentials: fileCredentials(file, { intervalMs: 10 }) });
    expect(await get()).toBe(200);
    await writeFile(file, jsonFile(ROTATED));
    gateway.clientSecret = ROTATED.clientSecret;
    await until(() => client.stats().rotations === 1);
    gateway.revokeAll();
    expect(await get()).toBe(200);
    expect(client.stats().exchangeFailures).toBe(0);
  });

  test("that is half written or gone does no harm while an earlier pair is known", async () => {
    const file = await createFile(jsonFile(PAIR));
    const { clock, get } = await start({ credentials: fileCredentials(file, { intervalMs: 10 }) });
    expect(await get()).toBe(200);
    await writeFile(file, jsonFile(ROTATED).slice(0, 30));
    clock.nowMs += 900_000;
    expect(await get()).toBe(200);
    await rm(file);
    clock.nowMs += 900_000;
    expect(await get()).toBe(200);
  });

  test.each([
    ["is not there", undefined, "ENOENT"],
    ["is empty", "", "has no clientId"],
    ["lacks the secret", `{"client_id":"x"}`, "has no clientSecret"],
    ["is broken JSON", `{"client_secret":"cfast_hidden"`, "is not valid JSON"],
  ])("that %s at the start is said, with its path and without its content", async (_, text, why) => {
    const file = text === undefined ? "/nowhere/credentials" : await createFile(text);
    const { client, gateway } = await start({ credentials: fileCredentials(file) });
    const error = await client.request("/").catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: "ERR_ACCESS_CREDENTIALS_UNREADABLE" });
    expect(String(error)).toContain(why);
    expect(String(error)).toContain(file);
    expect(String(error)).not.toContain("cfast_hidden");
    expect(gateway.seen).toEqual([]);
  });

  test("with an impossible interval is a programmer's mistake", () => {
    expect(() => fileCredentials("x", { intervalMs: 0 })).toThrow(TypeError);
    expect(() => fileCredentials("")).toThrow(TypeError);
  });
});

describe("10. Rotation: a source with news", () => {
  test("the newest pair is exchanged at once, behind the pass at hand", async () => {
    const source = createSource();
    const { gateway, client, get } = await start({ credentials: source });
    await get();
    gateway.clientSecret = ROTATED.clientSecret;
    source.set(ROTATED);
    await until(() => client.stats().rotations === 1);
    expect(gateway.exchanges).toBe(2);
  });

  test("the newest pair is exchanged before the first request, too, where it is known where to", async () => {
    const source = createSource();
    const { gateway, client, get } = await start({ credentials: source, exchangePath: "/me" });
    gateway.clientSecret = ROTATED.clientSecret;
    source.set(ROTATED);
    await until(() => client.stats().exchanges === 1);
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(1);
  });

  test("without that, nothing is asked of a gateway that nobody wanted anything of", async () => {
    const source = createSource();
    const { gateway, client, get } = await start({ credentials: source });
    source.set(PAIR);
    expect(client.stats().exchanges).toBe(0);
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(1);
  });

  test("a pair that is not in force yet leaves the one at hand serving, and is taken when it works", async () => {
    const source = createSource();
    const { clock, gateway, client, get } = await start({ credentials: source });
    await get();
    source.set(ROTATED);
    await until(() => client.stats().exchangeFailures === 1);
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(2);
    gateway.clientSecret = ROTATED.clientSecret;
    clock.nowMs += 31_000;
    expect(await get()).toBe(200);
    await until(() => client.stats().rotations === 1);
    expect(gateway.exchanges).toBe(3);
  });

  test("a pair that never works does not cost an exchange per request", async () => {
    const source = createSource();
    const { clock, gateway, client, get } = await start({ credentials: source });
    await get();
    source.set(ROTATED);
    await until(() => client.stats().exchangeFailures === 1);
    for (let count = 0; count < 20; count += 1) expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(2);
    clock.nowMs += 900_000;
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(4);
  });

  test("news without a change costs no exchange", async () => {
    const source = createSource();
    const { gateway, get } = await start({ credentials: source });
    await get();
    source.set(PAIR);
    await get();
    expect(gateway.exchanges).toBe(1);
  });

  test("news end the hold of a refused pair at once", async () => {
    const source = createSource();
    const { gateway, get } = await start({ credentials: source }, { clientSecret: ROTATED.clientSecret });
    expect(await get()).toBe("ERR_ACCESS_UNAUTHENTICATED");
    expect(await get()).toBe("ERR_ACCESS_UNAUTHENTICATED");
    expect(gateway.exchanges).toBe(1);
    gateway.clientSecret = PAIR.clientSecret;
    source.set(PAIR);
    expect(await get()).toBe(200);
  });

  test("closing the client ends the watching", async () => {
    const source = createSource();
    const { client } = await start({ credentials: source });
    expect(source.watchers).toBe(1);
    await client.close();
    expect(source.watchers).toBe(0);
  });

  test("a callback may be asked again at a pace", () => {
    expect(callbackCredentials(() => PAIR, { refreshMs: 5_000 }).watch).toBeTypeOf("function");
    expect(callbackCredentials(() => PAIR).watch).toBeUndefined();
    expect(() => callbackCredentials(() => PAIR, { refreshMs: 5 })).toThrow(TypeError);
  });
});
