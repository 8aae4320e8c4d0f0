import { createAccessClient, staticCredentials } from "@gatehouse/access-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AUD, exchange, startGateway, type TestGateway } from "./support/gateway.ts";
import { rawRequest, sendRaw } from "./support/raw-request.ts";

let it: TestGateway;
let jwt: string;
beforeAll(async () => {
  it = await startGateway({
    admin: true,
    applications: (host, origin) => `
  - name: Open
    aud: ${"c".repeat(64)}
    domain: ${host}/open
    origin: ${origin}
    policies: [{ name: open, decision: bypass, include: [{ everyone: {} }] }]
  - name: People
    aud: ${"d".repeat(64)}
    domain: ${host}/people
    origin: ${origin}
    policies: [{ name: company, decision: allow, include: [{ email_domain: { domain: acme.example } }] }]`,
  });
  jwt = await exchange(it);
  await setStrict(true);
});
afterAll(() => it.close());

async function setStrict(isStrict: boolean): Promise<void> {
  await it.api.zeroTrust.organizations.update({ account_id: "local", strict_service_token_auth: isStrict } as never);
}

async function ask(headers: Record<string, string>, path = "/") {
  const response = await fetch(it.url + path, { headers, redirect: "manual" });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, cookie: response.headers.get("set-cookie"), headers: response.headers, ...body };
}

describe("strict mode", () => {
  afterEach(() => setStrict(true));

  test("takes the pair with every request, and sets no cookie for it", async () => {
    for (let index = 0; index < 2; index += 1) {
      expect(await ask(it.pair)).toMatchObject({ status: 200, cookie: null });
    }
    expect(it.origin.requests.at(-1)?.values("cf-access-jwt-assertion")).toHaveLength(1);
  });

  test("takes no bot's JWT in place of its pair, by whatever way it comes", async () => {
    for (const headers of [{ "cf-access-token": jwt }, { cookie: `CF_Authorization=${jwt}` }]) {
      const refused = await ask(headers);
      expect(refused).toMatchObject({ status: 401, reason: "pair_required", error: "unauthorized", aud: AUD });
      expect(refused.headers.get("www-authenticate")).toBe("Cloudflare-Access");
    }
  });

  test("takes the JWT that it gave the origin back from nobody", async () => {
    await ask(it.pair);
    const [assertion = ""] = it.origin.requests.at(-1)?.values("cf-access-jwt-assertion") ?? [];
    expect(await ask({ "cf-access-token": assertion })).toMatchObject({ status: 401, reason: "pair_required" });
  });

  test("ignores a cookie beside the pair, good or bad", async () => {
    for (const cookie of [`CF_Authorization=${jwt}`, "CF_Authorization=garbage"]) {
      expect(await ask({ ...it.pair, cookie })).toMatchObject({ status: 200, cookie: null });
      const wrong = { ...it.pair, "CF-Access-Client-Secret": "cfast_wrong", cookie };
      expect(await ask(wrong)).toMatchObject({ status: 401, reason: "service_token_secret_mismatch" });
    }
  });

  test("answers 401 to duplicates and halves, 403 to a good pair that no policy admits, and lets a bypass be", async () => {
    const pair = Object.entries(it.pair).map(([name, value]) => `${name}: ${value}`);
    for (const lines of [[...pair, ...pair], pair.slice(0, 1)]) {
      expect((await sendRaw(it.port, rawRequest("/", [`Host: ${it.host}`, ...lines]))).status).toBe(401);
    }
    expect(await ask(it.pair, "/people")).toMatchObject({ status: 403, reason: "service_token_needs_service_auth" });
    expect(await ask(it.pair, "/open")).toMatchObject({ status: 200 });
    expect(it.origin.requests.at(-1)?.values("cf-access-jwt-assertion")).toEqual([]);
  });

  test("is in force at once and can be taken back", async () => {
    await setStrict(false);
    expect(await ask({ "cf-access-token": jwt })).toMatchObject({ status: 200 });
    expect((await ask(it.pair)).cookie).toContain("CF_Authorization=");
    await setStrict(true);
    expect(await ask({ "cf-access-token": jwt })).toMatchObject({ status: 401 });
  });

  test("is noticed by our client while it holds a JWT: no request fails", async () => {
    await setStrict(false);
    const { clientId, clientSecret } = it.token;
    const client = createAccessClient({ origin: it.url, credentials: staticCredentials({ clientId, clientSecret }) });
    const get = async () => (await client.request("/x")).statusCode;
    expect(await get()).toBe(200);
    await setStrict(true);
    expect(await get()).toBe(200);
    expect(await get()).toBe(200);
    await client.close();
  });
});
