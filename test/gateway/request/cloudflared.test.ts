import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUD, exchange } from "../support/gateway.ts";
import { type LoginSetup, startWithLogin } from "../support/login.ts";

let it: LoginSetup;
beforeAll(async () => {
  it = await startWithLogin();
});
afterAll(() => it.close());

const keys = () => createRemoteJWKSet(new URL(`${it.url}/cdn-cgi/access/certs`));

describe("what Access's command line asks", () => {
  test("which application is here: a signed description, whatever the credential", async () => {
    const headers = { "cf-access-metadata-request": "true", "user-agent": "cloudflared/2026.8.2" };
    const response = await fetch(`${it.url}/deep/path?x=1`, { method: "HEAD", headers, redirect: "manual" });
    expect(response.headers.get("cf-access-aud")).toBe(AUD);
    expect(response.headers.get("cf-access-domain")).toBe(it.host);
    const { payload, protectedHeader } = await jwtVerify(response.headers.get("cf-access-metadata") ?? "", keys());
    expect(protectedHeader.alg).toBe("RS256");
    expect(payload).toMatchObject({
      type: "match",
      hostname: "localhost",
      auth_domain: "localhost",
      aud: AUD,
      app_hostname: "localhost",
    });
    expect(Math.abs((payload.iat ?? 0) * 1000 - it.clock.nowMs)).toBeLessThan(5_000);
    expect(it.origin.requests).toHaveLength(0);
  });

  test("the description is signed once for many", async () => {
    const ask = async () => {
      const headers = { "cf-access-metadata-request": "true" };
      return (await fetch(it.url, { method: "HEAD", headers })).headers.get("cf-access-metadata");
    };
    expect(new Set(await Promise.all([ask(), ask(), ask()])).size).toBe(1);
  });

  test("whether its JWT still counts: through with a good one, to the login with any other", async () => {
    const check = (jwt: string) =>
      fetch(`${it.url}/?cloudflared_token_check=true`, { headers: { "cf-access-token": jwt }, redirect: "manual" });
    expect((await check(await exchange(it))).status).toBe(200);
    for (const jwt of ["garbage", "a.b.c"]) {
      const response = await check(jwt);
      expect(response.status).toBe(302);
      expect(new URL(response.headers.get("location") ?? "").pathname).toMatch(/^\/cdn-cgi\/access\/login\//);
    }
  });

  test("but whoever shows a service token is never sent to a login", async () => {
    const wrong = { ...it.pair, "CF-Access-Client-Secret": "x" };
    for (const headers of [wrong, { "CF-Access-Client-Id": "half" }]) {
      const response = await fetch(`${it.url}/?cloudflared_token_check=true`, { headers, redirect: "manual" });
      expect(response.status).toBe(401);
    }
  });

  test("where to log in, with a HEAD", async () => {
    const headers = { "user-agent": "cloudflared/2026.8.2" };
    const response = await fetch(it.url, { method: "HEAD", headers, redirect: "manual" });
    expect(response.status).toBe(302);
    expect(response.headers.get("cf-access-aud")).toBe(AUD);
    expect(response.headers.get("cf-access-domain")).toBe(it.host);
    expect(response.headers.get("www-authenticate")).toBe("Cloudflare-Access");
  });

  test("the redirect says that no service token was accepted, in a JWT that is no pass", async () => {
    const headers = { "user-agent": "cloudflared/2026.8.2" };
    const response = await fetch(`${it.url}/a?b=1`, { method: "HEAD", headers, redirect: "manual" });
    const url = new URL(response.headers.get("location") ?? "");
    expect(url.searchParams.get("kid")).toBe(AUD);
    expect(url.searchParams.get("redirect_url")).toBe("/a?b=1");
    const meta = url.searchParams.get("meta") ?? "";
    const { payload } = await jwtVerify(meta, keys());
    expect(payload).toMatchObject({ type: "meta", aud: AUD, auth_status: "NONE", service_token_status: false });
    const refused = await fetch(it.url, { headers: { "cf-access-token": meta } });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ reason: "token_malformed" });
  });
});
