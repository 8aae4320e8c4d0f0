import { renameSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPostgresDatabase } from "../../support/postgres.ts";
import { exchange, startGateway, type TestGateway } from "../support/gateway.ts";
import { type Link, openLink } from "../support/link.ts";
import { describeOnPostgres } from "../support/stores.ts";

const GENEROUS = { timeout: 15_000, interval: 50 };
const UNKNOWN_PAIR = {
  "CF-Access-Client-Id": `${"0".repeat(32)}.access`,
  "CF-Access-Client-Secret": `cfast_${"x".repeat(48)}`,
};

/** The same wrong pair is sent many times here. */
const UNLIMITED = { failuresPerMinute: 0 };

let it: TestGateway;

const ask = async (headers: Record<string, string>) => {
  const response = await fetch(it.url, { headers: { accept: "application/json", ...headers } });
  const body = (await response.json()) as { readonly reason?: string };
  return { status: response.status, reason: body.reason };
};
const askUnknown = () => ask(UNKNOWN_PAIR);
const isLogged = (text: string) => it.logs.some((line) => line.includes(text));
const readiness = async () => {
  const response = await fetch(`${it.adminUrl}/readyz`);
  return { status: response.status, ...((await response.json()) as { checks: { store: unknown } }).checks };
};
const REFUSED = { status: 503, reason: "store_unavailable" };

describeOnPostgres("a gateway without its Postgres", () => {
  let link: Link;
  let jwt: string;
  const start = async (storeGraceMs: number) => {
    link = await openLink(await createPostgresDatabase());
    it = await startGateway({ databaseUrl: link.url, storeGraceMs, admin: true, limits: UNLIMITED });
    jwt = await exchange(it);
  };
  afterEach(async () => {
    link.restore();
    await it.close();
    await link.close();
  });

  test.each(["cut", "freeze"] as const)(
    "%s: what it knows is let in, what it cannot know is answered 503, readiness says so, and it recovers by itself",
    async (fault) => {
      await start(60_000);
      expect(await askUnknown()).toMatchObject({ status: 401 });
      link[fault]();
      await expect.poll(askUnknown, GENEROUS).toEqual(REFUSED);
      expect(await ask(it.pair)).toMatchObject({ status: 200 });
      expect(await ask({ "cf-access-token": jwt })).toMatchObject({ status: 200 });
      const wrongSecret = { ...it.pair, "CF-Access-Client-Secret": `cfast_${"x".repeat(48)}` };
      expect(await ask(wrongSecret)).toEqual(REFUSED);
      expect(await readiness()).toMatchObject({ status: 200, store: { state: "grace" } });
      await expect.poll(() => isLogged("the store does not answer"), GENEROUS).toBe(true);

      link.restore();
      await expect.poll(askUnknown, GENEROUS).toMatchObject({ status: 401 });
      expect(await readiness()).toMatchObject({ store: { ok: true, state: "current" } });
      await it.gateway.tokens.disable(it.token.id);
      expect(await ask({ "cf-access-token": jwt })).toMatchObject({ status: 401, reason: "service_token_disabled" });
    },
  );

  test("after the grace nobody is let in, until the database answers", async () => {
    await start(5_000);
    link.cut();
    await expect.poll(() => ask(it.pair), GENEROUS).toEqual(REFUSED);
    expect(await ask({ "cf-access-token": jwt })).toEqual(REFUSED);
    expect(await readiness()).toMatchObject({ status: 503, store: { ok: false, state: "none" } });
    link.restore();
    await expect.poll(() => ask({ "cf-access-token": jwt }), GENEROUS).toMatchObject({ status: 200 });
  });

  test("what was revoked elsewhere meanwhile is in force as soon as the database is back", async () => {
    await start(60_000);
    link.cut();
    await expect.poll(askUnknown, GENEROUS).toEqual(REFUSED);
    const direct = new URL(link.url);
    link.restore();
    const other = await startGateway({ databaseUrl: direct.href });
    await other.gateway.tokens.disable(it.token.id);
    await expect.poll(() => ask(it.pair), GENEROUS).toMatchObject({ status: 401, reason: "service_token_disabled" });
    await other.close();
  });

  test("the password of the database is in no log line", async () => {
    await start(60_000);
    const { password } = new URL(link.url);
    link.cut();
    await expect.poll(askUnknown, GENEROUS).toEqual(REFUSED);
    expect(password.length).toBeGreaterThan(8);
    expect(isLogged(password)).toBe(false);
  });
});

describe("a gateway and the faults of its SQLite file", () => {
  const file = () => it.config.databaseUrl.slice("file:".length);
  beforeEach(async () => {
    it = await startGateway({ store: "SQLite", storeGraceMs: 60_000, admin: true, limits: UNLIMITED });
  });
  afterEach(() => it.close());

  test("gone: what is known is let in, what is not is 503; put back, all is as it was", async () => {
    const jwt = await exchange(it);
    renameSync(file(), `${file()}.away`);
    await expect.poll(askUnknown, GENEROUS).toEqual(REFUSED);
    expect(await ask({ "cf-access-token": jwt })).toMatchObject({ status: 200 });
    await expect.poll(() => isLogged("is gone"), GENEROUS).toBe(true);
    await expect(it.gateway.tokens.create({ name: "another" })).rejects.toThrow("is gone");
    renameSync(`${file()}.away`, file());
    await expect.poll(askUnknown, GENEROUS).toMatchObject({ status: 401 });
    await it.gateway.tokens.create({ name: "another" });
  });

  test("locked by another process: requests go on, a write fails in the end, and works when the lock is gone", async () => {
    const jwt = await exchange(it);
    const other = new DatabaseSync(file());
    other.exec("BEGIN IMMEDIATE");
    const write = it.gateway.tokens.create({ name: "another" });
    const writeFails = expect(write).rejects.toThrow("locked");
    for (let times = 0; times < 20; times += 1) {
      expect(await ask({ "cf-access-token": jwt })).toMatchObject({ status: 200 });
    }
    await writeFails;
    expect(await ask(it.pair)).toMatchObject({ status: 200 });
    other.exec("ROLLBACK");
    other.close();
    await it.gateway.tokens.create({ name: "another" });
  });

  test("locked for a moment: the write waits, and no request with it", async () => {
    const other = new DatabaseSync(file());
    other.exec("BEGIN IMMEDIATE");
    const write = it.gateway.tokens.create({ name: "another" });
    expect(await ask(it.pair)).toMatchObject({ status: 200 });
    other.exec("ROLLBACK");
    other.close();
    expect((await write).name).toBe("another");
  });
});
