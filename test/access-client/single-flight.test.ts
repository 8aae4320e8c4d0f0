import { createAccessClient, staticCredentials } from "@gatehouse/access-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { PAIR } from "./support/fake-gateway.ts";
import { get as getWith, start, until } from "./support/harness.ts";

describe("18. Exchanges are counted", () => {
  test("1,000 concurrent cold requests, by request and by fetch, cause exactly one exchange", async () => {
    const { gateway, client, get } = await start();
    const byFetch = async () => (await client.fetch("/f")).status;
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? get() : byFetch())),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(gateway.exchanges).toBe(1);
    expect(client.stats()).toMatchObject({ exchanges: 1 });
  });

  test("a dead token is never sent: 1,000 requests across an expiry cause one more exchange", async () => {
    const { clock, gateway, get } = await start({}, { tokenLifeSeconds: 900 });
    await get();
    clock.nowMs += 900_000;
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => get()));
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(gateway.exchanges).toBe(2);
    expect(gateway.seen.filter((request) => !request.isAdmitted)).toEqual([]);
  });

  test("no request fails while the exchange is down for less than the token's remaining life", async () => {
    const { clock, gateway, client, get } = await start({}, { tokenLifeSeconds: 900 });
    await get();
    clock.nowMs += 790_000;
    gateway.exchangeFailure = 503;
    for (let second = 0; second < 100; second += 1) {
      expect(await get()).toBe(200);
      clock.nowMs += 1_000;
    }
    gateway.exchangeFailure = undefined;
    clock.nowMs += 10_000;
    expect(await get()).toBe(200);
    expect(client.stats().origins[0]?.lastError).toBeNull();
    expect(client.stats().exchangeFailures).toBeGreaterThan(0);
  });
});

describe("2. One exchange in flight", () => {
  test("a failed exchange fails those who waited, and the next request tries anew", async () => {
    const { gateway, get } = await start({}, { exchangeFailure: "cut" });
    const answers = await Promise.all(Array.from({ length: 100 }, () => get()));
    expect(new Set(answers)).toEqual(new Set(["ERR_ACCESS_EXCHANGE_FAILED"]));
    expect(gateway.exchanges).toBe(1);
    gateway.exchangeFailure = undefined;
    expect(await get()).toBe(200);
  });

  test("state belongs to a client: two clients exchange each for itself", async () => {
    const { gateway, get } = await start();
    const other = createAccessClient({ origin: gateway.origin, credentials: staticCredentials(PAIR) });
    onTestFinished(() => other.close());
    await Promise.all([get(), getWith(other, "/")]);
    expect(gateway.exchanges).toBe(2);
  });
});

describe("16. Timeouts and AbortSignal", () => {
  test("a caller that gives up while it waits fails at once; the exchange goes on and serves the others", async () => {
    const gate = Promise.withResolvers<void>();
    const { gateway, client, get } = await start({}, { exchangeGate: gate.promise });
    const controller = new AbortController();
    const impatient = client.request("/", { signal: controller.signal });
    const impatientFetch = client.fetch("/", { signal: controller.signal });
    const patient = get();
    await until(() => gateway.exchanges === 1);
    controller.abort();
    await expect(impatient).rejects.toThrow();
    await expect(impatientFetch).rejects.toThrow();
    gate.resolve();
    expect(await patient).toBe(200);
    expect(gateway.exchanges).toBe(1);
    expect(gateway.seen).toHaveLength(2);
  });

  test("an abort during the response ends the response", async () => {
    const { client } = await start({}, { app: (_, response) => void response.write("first") });
    const controller = new AbortController();
    const { body } = await client.request("/", { signal: controller.signal });
    controller.abort();
    await expect(body.text()).rejects.toThrow();
  });

  test("a gateway that never answers the exchange is a typed timeout", async () => {
    const gate = Promise.withResolvers<void>();
    const { client, get } = await start({ timeoutMs: 50 }, { exchangeGate: gate.promise });
    expect(await get()).toBe("ERR_ACCESS_TIMEOUT");
    expect(client.stats().origins[0]?.lastError).toMatchObject({ code: "ERR_ACCESS_TIMEOUT" });
    gate.resolve();
  });

  test("an app that never answers is undici's own timeout, and the token stays", async () => {
    const { gateway, client } = await start(
      { timeoutMs: 100 },
      { app: (incoming, response) => void (incoming.headers["cf-access-token"] === undefined && response.end()) },
    );
    await expect(client.request("/")).rejects.toMatchObject({ code: "UND_ERR_HEADERS_TIMEOUT" });
    expect(client.stats().origins[0]?.mode).toBe("exchange");
    expect(gateway.exchanges).toBe(1);
  });

  test("a source of credentials that never answers is one, too", async () => {
    const source = { name: "vault", read: () => new Promise<never>(() => undefined) };
    const { get } = await start({ timeoutMs: 50, credentials: source });
    expect(await get()).toBe("ERR_ACCESS_TIMEOUT");
  });

  test("a closed client says so", async () => {
    const { client, get } = await start();
    await client.close();
    expect(await get()).toBe("ERR_ACCESS_CLOSED");
    await expect(client.fetch("/")).rejects.toMatchObject({ code: "ERR_ACCESS_CLOSED" });
    await expect(client.headers()).rejects.toMatchObject({ code: "ERR_ACCESS_CLOSED" });
  });
});
