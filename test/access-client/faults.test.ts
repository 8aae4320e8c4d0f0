import { rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { environmentCredentials, fileCredentials, type TokenCache } from "@gatehouse/access-client";
import { Agent, interceptors } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { createFile, jsonFile } from "./support/credentials-file.ts";
import { PAIR } from "./support/fake-gateway.ts";
import { start, until } from "./support/harness.ts";
import { startStranger } from "./support/stranger.ts";

const ROTATED = { ...PAIR, clientSecret: "cfast_rotated" };
const ID = "CLOUDFLARE_ACCESS_CLIENT_ID";
const SECRET = "CLOUDFLARE_ACCESS_CLIENT_SECRET";

describe("the secret", () => {
  test("is wrong: 401 by its reason, one exchange for all who ask", async () => {
    const { gateway, client, get } = await start({}, { clientSecret: "another" });
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => get())))).toEqual(
      new Set(["ERR_ACCESS_UNAUTHENTICATED"]),
    );
    expect(gateway.exchanges).toBe(1);
    expect(client.stats().origins[0]?.lastError).toMatchObject({ code: "ERR_ACCESS_UNAUTHENTICATED" });
  });

  test("is revoked while requests are in flight: each gets its answer or the reason, and none hangs", async () => {
    const arrived: (() => void)[] = [];
    const { gateway, client, get } = await start(
      {},
      {
        app: (_, response) => (gateway.seen.length > 1 ? void arrived.push(() => response.end("{}")) : response.end()),
      },
    );
    const early = get();
    await until(() => arrived.length === 1);
    Object.assign(gateway, { clientSecret: "revoked" });
    gateway.revokeAll();
    const late = await Promise.all([get(), get()]);
    for (const finish of arrived) finish();
    expect([await early, ...late]).toEqual([200, "ERR_ACCESS_UNAUTHENTICATED", "ERR_ACCESS_UNAUTHENTICATED"]);
    await expect(client.request("/")).rejects.toMatchObject({ reason: "service_token_secret_mismatch" });
  });

  test("is rotated twice at once: the second one is used, whether the first was seen or not", async () => {
    const file = await createFile(jsonFile(PAIR));
    const { gateway, client, get } = await start({ credentials: fileCredentials(file, { intervalMs: 10 }) });
    expect(await get()).toBe(200);
    await writeFile(file, jsonFile(ROTATED));
    await writeFile(file, jsonFile({ ...PAIR, clientSecret: "cfast_twice" }));
    gateway.clientSecret = "cfast_twice";
    await until(() => client.stats().rotations === 1);
    gateway.revokeAll();
    expect(await get()).toBe(200);
  });

  test("is rotated twice in a row: each is followed, and no request fails", async () => {
    const file = await createFile(jsonFile(PAIR));
    const { gateway, client, get } = await start({ credentials: fileCredentials(file, { intervalMs: 10 }) });
    await get();
    for (const [index, clientSecret] of ["cfast_second", "cfast_third"].entries()) {
      gateway.clientSecret = clientSecret;
      await writeFile(file, jsonFile({ ...PAIR, clientSecret }));
      await until(() => client.stats().rotations === index + 1);
      expect(await get()).toBe(200);
    }
    expect(client.stats().exchangeFailures).toBe(0);
  });
});

describe("the source of the pair", () => {
  test.each([
    ["half-written", (file: string) => writeFile(file, jsonFile(ROTATED).slice(0, 30))],
    ["emptied", (file: string) => writeFile(file, "")],
    ["deleted", (file: string) => rm(file)],
  ])("a file that is %s: the earlier pair serves on, and stats() says what is wrong", async (_, spoil) => {
    const file = await createFile(jsonFile(PAIR));
    const { clock, client, get } = await start({ credentials: fileCredentials(file, { intervalMs: 600_000 }) });
    expect(await get()).toBe(200);
    await spoil(file);
    clock.nowMs += 900_000;
    expect(await get()).toBe(200);
    expect(client.stats().origins[0]?.lastError).toMatchObject({ code: "ERR_ACCESS_CREDENTIALS_UNREADABLE" });
    await writeFile(file, jsonFile(PAIR));
    clock.nowMs += 900_000;
    expect(await get()).toBe(200);
    expect(client.stats().origins[0]?.lastError).toBeNull();
  });

  test("a deleted file of the environment's does no more harm", async () => {
    const file = await createFile(PAIR.clientSecret);
    const env = { [ID]: PAIR.clientId, [`${SECRET}_FILE`]: file };
    const { clock, get } = await start({ credentials: environmentCredentials(env) });
    expect(await get()).toBe(200);
    await rm(file);
    clock.nowMs += 900_000;
    expect(await get()).toBe(200);
  });

  test("nor does a secret manager that is down", async () => {
    let isDown = false;
    const read = () => (isDown ? Promise.reject(new RangeError("sealed")) : PAIR);
    const { clock, get } = await start({ credentials: { name: "vault", read } });
    expect(await get()).toBe(200);
    isDown = true;
    clock.nowMs += 900_000;
    expect(await get()).toBe(200);
  });

  test("environment and file disagree: refused by both names, whichever would have been right", async () => {
    const file = await createFile(PAIR.clientSecret);
    const env = { [ID]: PAIR.clientId, [SECRET]: "another", [`${SECRET}_FILE`]: file };
    const { gateway, client } = await start({ credentials: environmentCredentials(env) });
    await expect(client.request("/")).rejects.toMatchObject({
      code: "ERR_ACCESS_CREDENTIALS_UNREADABLE",
      message: expect.stringMatching(new RegExp(`${SECRET}.*${SECRET}_FILE`)),
    });
    expect(gateway.seen).toEqual([]);
  });
});

describe("the gateway, at the exchange", () => {
  test.each([
    ["answers what is no HTTP", (request: IncomingMessage) => request.socket.end("\0garbage\r\n\r\n")],
    ["resets the connection", (request: IncomingMessage) => request.socket.resetAndDestroy()],
    ["closes it", (request: IncomingMessage) => request.socket.end()],
  ])(
    "%s: a typed error with the network's as its cause, and the next request tries anew",
    async (_, exchangeFailure) => {
      const { gateway, client, get } = await start({}, { exchangeFailure });
      await expect(client.request("/")).rejects.toMatchObject({
        code: "ERR_ACCESS_EXCHANGE_FAILED",
        cause: expect.any(Error),
      });
      gateway.exchangeFailure = undefined;
      expect(await get()).toBe(200);
    },
  );

  test("hangs: a typed timeout", async () => {
    const { get } = await start({ timeoutMs: 60 }, { exchangeFailure: () => undefined });
    expect(await get()).toBe("ERR_ACCESS_TIMEOUT");
  });

  test.each([
    ["a cookie that is no JWT", "CF_Authorization=garbage; Path=/"],
    ["a cookie that could not stand in a header", 'CF_Authorization=a.eyJpYXQiOjEsImV4cCI6OX0."\u00e9; Path=/'],
  ])("gives %s: it is not used, and the pair goes along instead", async (_, cookie) => {
    const { gateway, client, get } = await start(
      {},
      { mode: "strict", app: (_request, response) => void response.setHeader("set-cookie", cookie).end("{}") },
    );
    expect([await get(), await get()]).toEqual([200, 200]);
    expect(client.stats().origins[0]?.mode).toBe("pair");
    expect(gateway.seen.every(({ headers }) => headers["cf-access-token"] === undefined)).toBe(true);
  });

  test.each(["a bare agent", "an agent that follows redirects"])(
    "redirects elsewhere, through %s: a typed error, and no secret byte leaves",
    async (kind) => {
      const stranger = await startStranger();
      const dispatcher =
        kind === "a bare agent" ? new Agent() : new Agent().compose(interceptors.redirect({ maxRedirections: 5 }));
      onTestFinished(() => dispatcher.close());
      const exchangeFailure = (_: unknown, response: ServerResponse) => {
        response.removeHeader("cf-ray");
        response.writeHead(307, { location: `${stranger.origin}/steal` }).end();
      };
      const { client } = await start({ dispatcher }, { exchangeFailure });
      await expect(client.request("/")).rejects.toMatchObject({
        code: "ERR_ACCESS_CAPTIVE_PORTAL",
        message: expect.stringContaining(stranger.origin),
      });
      expect(stranger.requests).toEqual([]);
      expect(stranger.received()).toBe("");
    },
  );
});

describe("the JWT", () => {
  test.each([
    ["has no exp", { exp: undefined }],
    ["has an exp in the past", { exp: 1_000_000_000 }],
    ["ends before it begins", { iat: 4_000_000_000 }],
    ["has times that are texts", { iat: "1", exp: "2" }],
  ])("%s: it is not used, the pair goes along instead, and no request fails", async (_, changes) => {
    const { gateway, client, get } = await start({}, { changeClaims: (claims) => ({ ...claims, ...changes }) });
    expect([await get(), await get(), await get()]).toEqual([200, 200, 200]);
    expect(client.stats()).toMatchObject({ exchanges: 1, replays: 0, origins: [{ mode: "pair" }] });
    expect(gateway.seen.every(({ headers }) => headers["cf-access-token"] === undefined)).toBe(true);
  });

  test("is dead by the gateway's clock although fresh by its own times: the pair goes along instead", async () => {
    const iat = Date.parse("2026-11-23T11:00:00Z") / 1_000;
    const { client, get } = await start({}, { changeClaims: (claims) => ({ ...claims, iat, exp: iat + 900 }) });
    expect([await get(), await get()]).toEqual([200, 200]);
    expect(client.stats().origins[0]?.mode).toBe("pair");
  });

  test("is 16 KB long: it is received, kept and sent", async () => {
    const groups = Array.from({ length: 400 }, (_, index) => `a-group-with-a-long-name-${index}`);
    const { gateway, get } = await start({}, { changeClaims: (claims) => ({ ...claims, groups }) });
    expect([await get(), await get()]).toEqual([200, 200]);
    expect(gateway.tokens[0]?.length).toBeGreaterThan(16_000);
    expect(gateway.exchanges).toBe(1);
  });
});

describe("the clock", () => {
  test.each([-600, 600])("is %i s off: a token is used for its whole life and never beyond", async (offSeconds) => {
    const clock = { nowMs: Date.parse("2026-11-23T12:00:00Z") };
    const { gateway, get } = await start({ now: () => clock.nowMs + offSeconds * 1_000 }, { now: () => clock.nowMs });
    for (let minute = 0; minute < 40; minute += 1) {
      expect(await get()).toBe(200);
      await until(() => gateway.tokens.length === gateway.exchanges);
      clock.nowMs += 60_000;
    }
    expect(gateway.seen.filter(({ isAdmitted }) => !isAdmitted)).toEqual([]);
    expect(gateway.exchanges).toBeLessThanOrEqual(4);
  });
});

test("a token cache that never answers costs the time limit and no more", async () => {
  const tokenCache: TokenCache = { get: () => new Promise<never>(() => undefined), set: () => undefined };
  const { get } = await start({ tokenCache, timeoutMs: 60 });
  expect(await get()).toBe("ERR_ACCESS_TIMEOUT");
});
