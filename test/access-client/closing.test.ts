import { accessInterceptor, staticCredentials } from "@gatehouse/access-client";
import { Agent } from "undici";
import { describe, expect, test } from "vitest";
import { PAIR } from "./support/fake-gateway.ts";
import { start, until } from "./support/harness.ts";

describe("close()", () => {
  test("during an exchange: those who wait get their answers, and nobody else is let in", async () => {
    const gate = Promise.withResolvers<void>();
    const { gateway, client, get } = await start({}, { exchangeGate: gate.promise });
    const waiting = [get(), get()];
    await until(() => gateway.exchanges === 1);
    const closing = client.close();
    expect(await get()).toBe("ERR_ACCESS_CLOSED");
    gate.resolve();
    expect(await Promise.all(waiting)).toEqual([200, 200]);
    await closing;
    expect(client.close()).toBe(closing);
  });

  test("during a renewal that nobody waits for: it is ended", async () => {
    const gate = Promise.withResolvers<void>();
    const { clock, gateway, client, get } = await start();
    await get();
    gateway.exchangeGate = gate.promise;
    clock.nowMs += 800_000;
    expect(await get()).toBe(200);
    await until(() => gateway.exchanges === 2);
    await client.close();
    expect(client.stats().origins[0]).toMatchObject({ mode: "none", lastError: null });
    gate.resolve();
  });

  test("during a replay: the request ends well", async () => {
    const { gateway, client, get } = await start();
    await get();
    gateway.revokeAll();
    const replayed = get();
    await client.close();
    expect(await replayed).toBe(200);
  });

  test("waits for an answer's body", async () => {
    const { gateway, client } = await start({}, { app: (_, response) => void response.write("first") });
    const { body } = await client.request("/");
    let isClosed = false;
    const closing = client.close().then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isClosed).toBe(false);
    body.on("error", () => undefined).destroy();
    await closing;
    expect(gateway.exchanges).toBe(1);
  });

  test("of headers(): whoever waits for them is told", async () => {
    const gate = Promise.withResolvers<void>();
    const { gateway, client } = await start({}, { exchangeGate: gate.promise });
    const headers = client.headers();
    await until(() => gateway.exchanges === 1);
    const told = expect(headers).rejects.toMatchObject({ code: "ERR_ACCESS_CLOSED" });
    await client.close();
    await told;
    gate.resolve();
  });

  test("of an interceptor: its dispatcher's requests to the origin are refused from then on", async () => {
    const { gateway } = await start();
    const intercept = accessInterceptor({ origin: gateway.origin, credentials: staticCredentials(PAIR) });
    const agent = new Agent().compose(intercept);
    const request = { origin: gateway.origin, path: "/", method: "GET" } as const;
    await (await agent.request(request)).body.dump();
    await intercept.close();
    await expect(agent.request(request)).rejects.toMatchObject({ code: "ERR_ACCESS_CLOSED" });
    await agent.close();
  });
});

describe("callers that give up", () => {
  test("at each stage end their own request alone, and leave nothing open", async () => {
    const { gateway, client, get } = await start();
    const signal = (abortInMs: number) => AbortSignal.timeout(abortInMs);
    gateway.app = (_, response) => void setTimeout(() => response.end("{}"), 30);
    const impatient = [0, 1, 5, 10, 20].map((delayMs) =>
      client.request("/", { signal: signal(delayMs) }).then(({ body }) => body.dump()),
    );
    const patient = [get(), get()];
    const settled = await Promise.allSettled(impatient);
    expect(settled.every(({ status }) => status === "rejected")).toBe(true);
    expect(await Promise.all(patient)).toEqual([200, 200]);
    expect(gateway.exchanges).toBe(1);
    await client.close();
  });
});
