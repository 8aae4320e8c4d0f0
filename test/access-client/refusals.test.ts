import { Readable } from "node:stream";
import { AccessRequestError } from "@gatehouse/access-client";
import { describe, expect, test } from "vitest";
import { AUDIENCE, PAIR } from "./support/fake-gateway.ts";
import { start } from "./support/harness.ts";

const stream = () => Readable.from([Buffer.from("once")]);

describe("6. 401: that token is dropped, one exchange, one replay", () => {
  test("is dropped, exchanged once, and the request is sent once more with its body", async () => {
    const { gateway, client, get } = await start();
    await get();
    gateway.revokeAll();
    const { statusCode, body } = await client.request("/api", { method: "POST", body: "hello" });
    expect([statusCode, await body.json()]).toEqual([200, { method: "POST", url: "/api", body: "hello" }]);
    expect(gateway.exchanges).toBe(2);
    expect(client.stats().replays).toBe(1);
  });

  test("1,000 requests with the refused token share one exchange", async () => {
    const { gateway, get } = await start();
    await get();
    gateway.revokeAll();
    expect(new Set(await Promise.all(Array.from({ length: 1_000 }, () => get())))).toEqual(new Set([200]));
    expect(gateway.exchanges).toBe(2);
  });

  test("a stream is never sent twice: a typed error, and the next request has a new token", async () => {
    const { gateway, client, get } = await start();
    await get();
    gateway.revokeAll();
    await expect(client.request("/", { method: "POST", body: stream() })).rejects.toMatchObject({
      code: "ERR_ACCESS_UNAUTHENTICATED",
      reason: "token_revoked",
    });
    expect(gateway.seen.filter((request) => request.method === "POST")).toHaveLength(1);
    expect(await get()).toBe(200);
  });

  test("a stream goes through on a good token and on a cold client", async () => {
    const { client } = await start();
    const { body } = await client.request("/", { method: "POST", body: stream() });
    expect(await body.json()).toMatchObject({ body: "once" });
  });

  test.each([
    ["a text", "hello"],
    ["bytes", new TextEncoder().encode("hello")],
    ["parameters", new URLSearchParams("hello")],
  ])("fetch sends %s once more as well", async (_, body) => {
    const { gateway, client, get } = await start();
    await get();
    gateway.revokeAll();
    const response = await client.fetch("/api", { method: "POST", body });
    expect(await response.json()).toMatchObject({ body: expect.stringContaining("hello") });
  });

  test("a refusal of the new token as well is final", async () => {
    const { gateway, client, get } = await start();
    await get();
    Object.assign(gateway, { mode: "no-reuse" });
    await expect(client.request("/")).rejects.toMatchObject({ code: "ERR_ACCESS_UNAUTHENTICATED" });
    expect(gateway.exchanges).toBe(2);
  });
});

describe("7. 403 and the login page", () => {
  test("a wrong secret carries status, reason, ray id, audience and advice", async () => {
    const { client } = await start({}, { clientSecret: "another" });
    const error = await client.request("/").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AccessRequestError);
    expect(error).toMatchObject({
      code: "ERR_ACCESS_UNAUTHENTICATED",
      status: 401,
      reason: "service_token_secret_mismatch",
      rayId: "8f00ba4",
      aud: AUDIENCE,
      advice: expect.stringContaining("secret"),
    });
  });

  test("fetch throws the same error, unwrapped", async () => {
    const { client } = await start({}, { clientSecret: "another" });
    await expect(client.fetch("/")).rejects.toMatchObject({ reason: "service_token_secret_mismatch" });
  });

  test("a 403 is final: no refresh, no second try", async () => {
    const { gateway, client, get } = await start();
    await get();
    gateway.isForbidden = true;
    await expect(client.request("/")).rejects.toMatchObject({
      code: "ERR_ACCESS_FORBIDDEN",
      status: 403,
      reason: "no_policy_matched",
    });
    expect(gateway).toMatchObject({ exchanges: 1 });
    expect(gateway.seen).toHaveLength(3);
    gateway.isForbidden = false;
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(1);
  });

  test("a login redirect is a typed error, whose page is not parsed, and says when the policy is at fault", async () => {
    const { client } = await start({}, { refusals: "login", isForbidden: true });
    await expect(client.request("/")).rejects.toMatchObject({
      code: "ERR_ACCESS_LOGIN_REDIRECT",
      status: 302,
      reason: "service_token_needs_service_auth",
      aud: AUDIENCE,
    });
  });

  test("a login redirect for an ended token renews it, as a 401 does", async () => {
    const { gateway, get } = await start({}, { refusals: "login" });
    await get();
    gateway.revokeAll();
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(2);
  });

  test("a login page in place of the answer is a typed error", async () => {
    const headers = { "content-type": "text/html", "cf-access-aud": AUDIENCE };
    const { client } = await start({}, { app: (_, response) => void response.writeHead(200, headers).end("<html>") });
    await expect(client.request("/")).rejects.toMatchObject({ code: "ERR_ACCESS_LOGIN_PAGE" });
  });

  test.each([401, 403, 302, 404, 500])("the app's own %i comes back as it is", async (status) => {
    const app = (_: unknown, response: import("node:http").ServerResponse) =>
      void response.writeHead(status, { location: "/cdn-cgi/accessible", "www-authenticate": "Basic" }).end("mine");
    const { gateway, client } = await start({}, { app });
    const { statusCode, body } = await client.request("/");
    expect([statusCode, await body.text()]).toEqual([status, "mine"]);
    expect(gateway.exchanges).toBe(1);
  });

  test("a refusal's endless body is cut short", async () => {
    const { client } = await start(
      {},
      {
        app: (_, response) => {
          response.writeHead(403, { "cf-access-aud": AUDIENCE, "content-type": "application/json" });
          const more = setInterval(() => response.write("x".repeat(65_536)), 1);
          response.on("close", () => clearInterval(more));
        },
      },
    );
    await expect(client.request("/")).rejects.toMatchObject({ code: "ERR_ACCESS_FORBIDDEN" });
  });
});

describe("11. Negative cache", () => {
  test("is not sent again for 30 seconds, and then it is", async () => {
    const { clock, gateway, get } = await start({}, { clientSecret: "another" });
    for (let round = 0; round < 5; round += 1) expect(await get()).toBe("ERR_ACCESS_UNAUTHENTICATED");
    expect(gateway.exchanges).toBe(1);
    gateway.clientSecret = PAIR.clientSecret;
    clock.nowMs += 30_000;
    expect(await get()).toBe(200);
  });
});

describe("17. Strict servers", () => {
  test("a strict server gives no JWT: the pair goes with each request", async () => {
    const { gateway, client, get } = await start({}, { mode: "strict" });
    expect([await get(), await get()]).toEqual([200, 200]);
    expect(gateway.exchanges).toBe(3);
    expect(client.stats().origins[0]?.mode).toBe("pair");
  });

  test("a strict server that turns to exchanging is noticed", async () => {
    const { clock, gateway, client, get } = await start({}, { mode: "strict" });
    await get();
    gateway.mode = "exchange";
    clock.nowMs += 600_000;
    await get();
    expect(client.stats().origins[0]?.mode).toBe("exchange");
  });

  test("a strict server's 401 for a secret that ended is final without a newer one", async () => {
    const { gateway, get } = await start({}, { mode: "strict" });
    await get();
    gateway.clientSecret = "rotated";
    expect(await get()).toBe("ERR_ACCESS_UNAUTHENTICATED");
  });

  test.each(["bare", "login"] as const)(
    "a server that gives a JWT but does not take it back (%s refusal) gets the pair from then on",
    async (refusals) => {
      const { gateway, client, get } = await start({}, { mode: "no-reuse", refusals });
      expect([await get(), await get(), await get()]).toEqual([200, 200, 200]);
      expect(client.stats()).toMatchObject({ replays: 1, origins: [{ mode: "pair" }] });
      expect(gateway.seen.filter((request) => !request.isAdmitted)).toHaveLength(1);
    },
  );
});
