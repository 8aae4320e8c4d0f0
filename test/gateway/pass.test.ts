import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUD, claimsOf, exchange, startGateway, type TestGateway } from "./support/gateway.ts";

const HOUR_MS = 3_600_000;

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway();
});
afterAll(() => it.close());

const status = async (headers: Record<string, string>) => (await fetch(it.url, { headers, redirect: "manual" })).status;
const refusal = async (headers: Record<string, string>) => {
  const response = await fetch(it.url, { headers, redirect: "manual" });
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
};

describe("a bot's way through", () => {
  test("a pair is exchanged for a JWT, which the origin gets and the bot may keep", async () => {
    const response = await fetch(`${it.url}/api?a=1`, { headers: it.pair });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^CF_Authorization=[\w.-]+; Expires=[^;]+ GMT; Path=\/; HttpOnly; SameSite=Lax$/);
    const jwt = /=([^;]+)/.exec(cookie)?.[1] ?? "";
    const claims = claimsOf(jwt);
    expect(claims).toMatchObject({ type: "app", iss: it.url, aud: [AUD], sub: "", common_name: it.token.clientId });
    expect(claims).not.toHaveProperty("nbf");
    expect(it.origin.requests.at(-1)?.values("cf-access-jwt-assertion")).toEqual([jwt]);
    expect(response.headers.get("cf-access-token-expires-at")).toBe(it.token.expiresAt);
    expect(response.headers.get("cf-ray")).toMatch(/^[0-9a-f]{16}$/);
  });

  test("the JWT alone is enough afterwards, in its header or in the cookie", async () => {
    const jwt = await exchange(it);
    for (const headers of [{ "cf-access-token": jwt }, { cookie: `CF_Authorization=${jwt}` }]) {
      const response = await fetch(it.url, { headers });
      expect(response.status).toBe(200);
      expect(response.headers.get("set-cookie")).toBeNull();
      expect(it.origin.requests.at(-1)?.values("cf-access-jwt-assertion")).toEqual([jwt]);
      expect(it.origin.requests.at(-1)?.values("cookie")).toEqual([]);
    }
  });

  test("many pairs at once, and one after the other, get one JWT", async () => {
    const jwts = await Promise.all(Array.from({ length: 20 }, () => exchange(it)));
    expect(new Set([...jwts, await exchange(it)]).size).toBe(1);
  });

  test("the JWT never outlives the token", async () => {
    const short = await it.gateway.tokens.create({ name: "short", duration: "10m" });
    const pair = { "CF-Access-Client-Id": short.clientId, "CF-Access-Client-Secret": short.clientSecret };
    const { exp } = claimsOf(await exchange({ url: it.url, pair }));
    expect(exp).toBe(Math.floor(Date.parse(short.expiresAt ?? "") / 1000));
  });

  test("the origin is told the client, the host, the scheme and the trace, by us alone", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const headers = {
      ...it.pair,
      "x-forwarded-for": "6.6.6.6",
      forwarded: "for=6.6.6.6",
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    };
    await fetch(it.url, { headers });
    const seen = it.origin.requests.at(-1);
    expect(seen?.values("host")).toEqual([it.host]);
    expect(seen?.values("x-forwarded-for")).toEqual(["127.0.0.1"]);
    expect(seen?.values("x-forwarded-host")).toEqual([it.host]);
    expect(seen?.values("x-forwarded-proto")).toEqual(["http"]);
    expect(seen?.values("forwarded")).toEqual([]);
    expect(seen?.values("traceparent")[0]).toMatch(new RegExp(`^00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`));
  });
});

describe("who is refused", () => {
  test("a program without a credential gets 401 and JSON, never a login page", async () => {
    const response = await fetch(`${it.url}/x`, { headers: { accept: "text/html" } });
    expect(response.status).toBe(401);
    expect(response.headers.get("cf-access-aud")).toBe(AUD);
    expect(response.headers.get("cf-access-domain")).toBe(it.host);
    expect(response.headers.get("www-authenticate")).toBe("Cloudflare-Access");
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).toMatchObject({ error: "unauthorized", reason: "no_credential", status_code: 401, aud: AUD });
    expect(body.ray_id).toBe(response.headers.get("cf-ray"));
  });

  test.each([
    ["a wrong secret", { "CF-Access-Client-Secret": "cfast_wrong" }, "service_token_secret_mismatch"],
    ["an unknown id", { "CF-Access-Client-Id": `${"0".repeat(32)}.access` }, "service_token_unknown"],
  ])("%s", async (_, changed, reason) => {
    expect(await refusal({ ...it.pair, ...changed })).toMatchObject({ status: 401, reason });
  });

  test("a JWT that is not one, and a pair that is half of one", async () => {
    expect(await refusal({ "cf-access-token": "garbage" })).toMatchObject({ status: 401, reason: "token_malformed" });
    expect(await refusal({ cookie: "CF_Authorization=%00" })).toMatchObject({ status: 401, reason: "token_malformed" });
    const { "CF-Access-Client-Id": id = "" } = it.pair;
    expect(await refusal({ "CF-Access-Client-Id": id })).toMatchObject({ reason: "incomplete_credential" });
  });

  test("a browser without a way to log in gets a page", async () => {
    const text = await new Promise<string>((resolve) => {
      const headers = { accept: "text/html", "sec-fetch-mode": "navigate" };
      httpRequest(it.url, { headers }, async (response) => {
        let body = "";
        for await (const chunk of response) body += String(chunk);
        resolve(`${response.statusCode} ${body}`);
      }).end();
    });
    expect(text).toMatch(/^403 <!doctype html>/);
    expect(text).toContain("You have no access to Stats");
  });

  test("none of them reached the origin", async () => {
    const before = it.origin.requests.length;
    await status({});
    await status({ "cf-access-token": "x" });
    expect(it.origin.requests).toHaveLength(before);
  });
});

describe("time and revocation", () => {
  test("a disabled token stops at once, pair and JWT, and works again when enabled", async () => {
    const jwt = await exchange(it);
    await it.gateway.tokens.disable(it.token.id);
    expect(await refusal(it.pair)).toMatchObject({ status: 401, reason: "service_token_disabled" });
    expect(await refusal({ "cf-access-token": jwt })).toMatchObject({ status: 401, reason: "service_token_disabled" });
    await it.gateway.tokens.enable(it.token.id);
    expect(await status({ "cf-access-token": jwt })).toBe(200);
  });

  test("a rotation with overlap keeps both secrets and their JWTs until its end, and one without cuts at once", async () => {
    const token = await it.gateway.tokens.create({ name: "rotated" });
    const pairOf = (secret: string) => ({ "CF-Access-Client-Id": token.clientId, "CF-Access-Client-Secret": secret });
    const first = pairOf(token.clientSecret);
    const firstJwt = await exchange({ url: it.url, pair: first });
    const previousSecretExpiresAt = new Date(it.clock.nowMs + HOUR_MS).toISOString();
    const second = pairOf((await it.gateway.tokens.rotate(token.id, { previousSecretExpiresAt })).clientSecret);
    for (const headers of [first, second, { "cf-access-token": firstJwt }]) expect(await status(headers)).toBe(200);
    it.clock.nowMs += HOUR_MS;
    expect(await refusal(first)).toMatchObject({ reason: "service_token_secret_mismatch" });
    expect(await refusal({ "cf-access-token": firstJwt })).toMatchObject({ reason: "token_revoked" });
    const secondJwt = await exchange({ url: it.url, pair: second });
    await it.gateway.tokens.rotate(token.id);
    expect(await refusal(second)).toMatchObject({ status: 401 });
    expect(await refusal({ "cf-access-token": secondJwt })).toMatchObject({ reason: "token_revoked" });
    it.clock.nowMs -= HOUR_MS;
  });

  test("a deleted token's JWT is dead", async () => {
    const token = await it.gateway.tokens.create({ name: "deleted" });
    const pair = { "CF-Access-Client-Id": token.clientId, "CF-Access-Client-Secret": token.clientSecret };
    const jwt = await exchange({ url: it.url, pair });
    await it.gateway.tokens.delete(token.id);
    expect(await refusal({ "cf-access-token": jwt })).toMatchObject({ status: 401, reason: "token_revoked" });
    expect(await refusal(pair)).toMatchObject({ status: 401, reason: "service_token_unknown" });
  });

  test("a JWT is good until exp - 1 and not at exp, remembered or not", async () => {
    const jwt = await exchange(it);
    const expMs = Number(claimsOf(jwt).exp) * 1000;
    const nowMs = it.clock.nowMs;
    it.clock.nowMs = expMs - 1;
    expect(await status({ "cf-access-token": jwt })).toBe(200);
    it.clock.nowMs = expMs;
    expect(await refusal({ "cf-access-token": jwt })).toMatchObject({ status: 401, reason: "token_expired" });
    it.clock.nowMs = nowMs;
  });

  test("an expired token is refused", async () => {
    const nowMs = it.clock.nowMs;
    it.clock.nowMs = Date.parse(it.token.expiresAt ?? "");
    expect(await refusal(it.pair)).toMatchObject({ status: 401, reason: "service_token_expired" });
    it.clock.nowMs = nowMs;
  });

  test("last use is written for the token and for the version of its secret", async () => {
    const token = await it.gateway.tokens.create({ name: "seen" });
    await exchange({
      url: it.url,
      pair: { "CF-Access-Client-Id": token.clientId, "CF-Access-Client-Secret": token.clientSecret },
    });
    const seenAt = new Date(it.clock.nowMs).toISOString();
    await it.restart();
    expect(await it.gateway.tokens.get(token.id)).toMatchObject({
      lastSeenAt: seenAt,
      secrets: [{ version: 1, lastSeenAt: seenAt }],
    });
  });
});

describe("keys", () => {
  test("are published, and stay the same over a restart: a JWT from before still counts", async () => {
    const jwt = await exchange(it);
    const certs = async () => (await fetch(`${it.url}/cdn-cgi/access/certs`)).json();
    const before = (await certs()) as { keys: Record<string, string>[] };
    expect(before.keys).toEqual([
      {
        kid: expect.stringMatching(/^[0-9a-f]{64}$/),
        kty: "RSA",
        alg: "RS256",
        use: "sig",
        e: "AQAB",
        n: expect.any(String),
      },
    ]);
    await it.restart();
    expect(await certs()).toEqual(before);
    expect(await status({ "cf-access-token": jwt })).toBe(200);
  });
});

describe("the log", () => {
  test("has a line per request, with its trace and reason, and no secret, JWT or query", async () => {
    it.logs.length = 0;
    const jwt = await exchange(it, "/a?password=hunter2");
    await refusal({ ...it.pair, "CF-Access-Client-Secret": "cfast_somebodyelse1234567890" });
    await status({ "cf-access-token": `${jwt}x` });
    await expect.poll(() => it.logs.length).toBe(3);
    const [allowed, refused] = it.logs.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(allowed).toMatchObject({
      msg: "request",
      method: "GET",
      path: "/a",
      status: 200,
      decision: "allowed",
      policy: "bots",
      application: "Stats",
      subject: { kind: "service_token", clientId: it.token.clientId },
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(refused).toMatchObject({ status: 401, decision: "refused", reason: "service_token_secret_mismatch" });
    const all = it.logs.join("");
    for (const secret of [
      it.token.clientSecret,
      "somebodyelse",
      "hunter2",
      jwt.split(".")[1] ?? "?",
      jwt.split(".")[2] ?? "?",
    ]) {
      expect(all).not.toContain(secret);
    }
  });
});
