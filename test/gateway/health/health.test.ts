import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isFromThisMachine } from "../../../gateway/src/health/mounts.ts";
import { type ReadinessFacts, readinessOf } from "../../../gateway/src/health/readiness.ts";
import { openStore } from "../../../gateway/src/store/store.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

const READY: ReadinessFacts = {
  storeTrust: "current",
  storeStaleForMs: 0,
  applications: 1,
  configurationProblems: 0,
  signingKeyId: "ab",
  isDraining: false,
};

test("ready means: the store is believed, a key signs, and no stop was asked for", () => {
  expect(readinessOf(READY).status).toBe("ready");
  const grace = readinessOf({ ...READY, storeTrust: "grace", storeStaleForMs: 4_400 });
  expect(grace).toMatchObject({ status: "ready", checks: { store: { state: "grace", stale_for_seconds: 4 } } });
  expect(readinessOf({ ...READY, storeTrust: "none" }).status).toBe("not_ready");
  expect(readinessOf({ ...READY, signingKeyId: null }).status).toBe("not_ready");
  expect(readinessOf({ ...READY, isDraining: true }).status).toBe("not_ready");
});

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway({ admin: true });
});
afterEach(() => it.close());

test("livez and readyz answer on the admin port, to anyone who reaches it", async () => {
  const live = await fetch(`${it.adminUrl}/livez`);
  expect([live.status, await live.json()]).toEqual([200, { status: "alive" }]);
  const ready = await fetch(`${it.adminUrl}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({
    status: "ready",
    checks: {
      store: { ok: true, state: "current", stale_for_seconds: 0 },
      configuration: { ok: true, applications: 1, problems: 0 },
      signing_key: { ok: true, kid: expect.stringMatching(/^[0-9a-f]{64}$/) },
      draining: { ok: true },
    },
  });
});

test("readyz tells a store that is gone, and stays ready while what is known is believed", async () => {
  const other = await openStore(it.config.databaseUrl);
  await sql`alter table changes rename to gone`.execute(other);
  const state = async () => {
    const response = await fetch(`${it.adminUrl}/readyz`);
    const { checks } = (await response.json()) as { checks: { store: { state: string } } };
    return [response.status, checks.store.state];
  };
  await expect.poll(state, { timeout: 15_000 }).toEqual([200, "grace"]);
  await sql`alter table gone rename to changes`.execute(other);
  await expect.poll(state, { timeout: 15_000 }).toEqual([200, "current"]);
  await other.destroy();
});

test("readyz says no from the moment a stop begins, while requests are still let in", async () => {
  const stopping = await startGateway({ admin: true, config: { drainDelayMs: 3_000 } });
  const closed = stopping.close();
  const ready = await fetch(`${stopping.adminUrl}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ status: "not_ready", checks: { draining: { ok: false } } });
  expect((await fetch(stopping.url, { headers: stopping.pair })).status).toBe(200);
  await closed;
});

test("the public port has none of it: those paths are the application's own, behind its policies", async () => {
  for (const path of ["/livez", "/readyz", "/metrics", "/metrics/", "/client/v4/user/tokens/verify"]) {
    const stranger = await fetch(it.url + path, { redirect: "manual" });
    expect([path, stranger.status]).toEqual([path, 401]);
    const elsewhere = await sendRaw(it.port, rawRequest(path, ["Host: 127.0.0.1"]));
    expect([path, elsewhere.status]).toEqual([path, 403]);
    const bot = await fetch(it.url + path, { headers: it.pair });
    expect(bot.status).toBe(200);
    for (const body of [await stranger.text(), elsewhere.body, await bot.text()]) {
      expect(body).not.toMatch(/gatehouse_|alive|"ready"/);
    }
  }
  expect(it.origin.requests.map(({ url }) => url)).toContain("/metrics");
});

test("metrics are for programs on this machine; through a proxy or by another name only with an API token", async () => {
  const adminPort = Number(new URL(it.adminUrl).port);
  const ask = (...lines: string[]) => sendRaw(adminPort, rawRequest("/metrics", lines));
  expect((await ask(`Host: 127.0.0.1:${adminPort}`)).status).toBe(200);
  expect((await ask("Host: localhost")).status).toBe(200);
  expect((await ask("Host: rebound.example")).status).toBe(401);
  expect((await ask("Host: localhost.rebound.example")).status).toBe(401);
  expect((await ask("Host: localhost", "X-Forwarded-For: 192.0.2.1")).status).toBe(401);
  expect((await ask("Host: localhost", "Forwarded: for=192.0.2.1")).status).toBe(401);
  const { secret } = await it.gateway.apiTokens.create({ name: "prometheus", scopes: ["audit_logs:read"] });
  expect((await ask("Host: metrics.example", `Authorization: Bearer ${secret}`)).status).toBe(200);
  const wrong = await it.gateway.apiTokens.create({ name: "other", scopes: ["apps:read"] });
  expect((await ask("Host: metrics.example", `Authorization: Bearer ${wrong.secret}`)).status).toBe(403);
});

test("from this machine is a program on a loopback address, and nobody else", () => {
  const isLocal = (remoteAddress: string | undefined) =>
    isFromThisMachine({ socket: { remoteAddress }, headers: { host: "localhost:4004" } });
  for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.9.9.9"]) expect(isLocal(address)).toBe(true);
  for (const address of ["10.0.0.1", "::ffff:10.0.0.1", "::2", "1127.0.0.1", "127.0.0.1.example", "", undefined]) {
    expect(isLocal(address)).toBe(false);
  }
});
