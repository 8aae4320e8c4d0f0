import plugin from "@cloudflare/pages-plugin-cloudflare-access";
import { generateLoginURL, generateLogoutURL, getIdentity } from "@cloudflare/pages-plugin-cloudflare-access/api";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { AUD, exchange } from "../support/gateway.ts";
import { type LoginSetup, logInAs, startWithLogin } from "../support/login.ts";

/**
 * Independent code that checks Access's JWTs, as its vendor publishes it, against ours: the Pages plugin, and the sample of the docs
 * (https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/).
 */
let it: LoginSetup;
beforeAll(async () => {
  it = await startWithLogin({ admin: true });
});
afterAll(() => it.close());

async function personsPass(): Promise<string> {
  const browser = openBrowser();
  await logInAs(browser, it.url, "ada");
  return browser.cookie("localhost", "CF_Authorization") ?? "";
}

/** What an app's own function gets to see behind the plugin; or the plugin's answer. */
async function throughPlugin(jwt: string, domain = it.url) {
  const seen: { payload?: Record<string, unknown>; identity?: unknown } = {};
  const data = {} as {
    cloudflareAccess?: { JWT: { payload: Record<string, unknown>; getIdentity(): Promise<unknown> } };
  };
  const handle = plugin({ aud: AUD, domain: domain as `https://${string}.cloudflareaccess.com` });
  const context = {
    request: new Request(`${it.url}/reports?x=1`, { headers: { "Cf-Access-Jwt-Assertion": jwt } }),
    functionPath: "",
    env: {},
    params: {},
    data,
    waitUntil: () => undefined,
    passThroughOnException: () => undefined,
    async next() {
      const found = data.cloudflareAccess?.JWT;
      Object.assign(seen, { payload: found?.payload, identity: await found?.getIdentity() });
      return new Response("the app");
    },
  };
  const response = await handle(context as unknown as Parameters<typeof handle>[0]);
  return { status: response.status, location: response.headers.get("location"), ...seen };
}

/** The documented sample, with a key set that was fetched before any rotation and is kept. */
async function sample() {
  const keys = createRemoteJWKSet(new URL(`${it.url}/cdn-cgi/access/certs`));
  return async (jwt: string) => (await jwtVerify(jwt, keys, { issuer: it.url, audience: AUD })).payload;
}

describe("Cloudflare's Pages plugin", () => {
  test("lets a person through, and tells the app who it is", async () => {
    const { status, payload, identity } = await throughPlugin(await personsPass());
    expect(status).toBe(200);
    expect(payload).toMatchObject({ type: "app", email: "ada@acme.example", iss: it.url });
    expect(identity).toMatchObject({
      email: "ada@acme.example",
      name: "Ada Okafor",
      idp: { type: "oidc" },
      user_uuid: payload?.["sub"],
      service_token_status: false,
      ip: "127.0.0.1",
    });
  });

  test("lets a bot through", async () => {
    const { status, payload, identity } = await throughPlugin(await exchange(it));
    expect(status).toBe(200);
    expect(payload).toMatchObject({ sub: "", common_name: it.token.clientId });
    expect(identity).toMatchObject({ service_token_id: it.token.clientId, service_token_status: true });
  });

  test("sends everybody else to a login page of ours, which brings them back", async () => {
    const { status, location } = await throughPlugin("a.b.c");
    expect(status).toBe(302);
    const page = await logInAs(openBrowser(), location ?? "", "ada");
    expect([page.status, page.url]).toEqual([200, `${it.url}/reports?x=1`]);
  });

  test("its own helpers make addresses that work here", async () => {
    const browser = openBrowser();
    const back = `${it.url}/deep?y=2`;
    const page = await logInAs(
      browser,
      generateLoginURL({ redirectURL: back, domain: it.url as never, aud: AUD }),
      "sam",
    );
    expect(page.url).toBe(back);
    const jwt = browser.cookie("localhost", "CF_Authorization") ?? "";
    expect(await getIdentity({ jwt, domain: it.url as never })).toMatchObject({
      email: "sam@acme.example",
      amr: [],
      groups: [],
    });
    const out = await fetch(generateLogoutURL({ domain: it.url as never }), {
      headers: { cookie: `CF_Authorization=${jwt}` },
    });
    expect(await out.json()).toEqual({ logged_out: true });
    expect(await getIdentity({ jwt, domain: it.url as never })).toBeUndefined();
  });
});

describe("the documented sample with jose", () => {
  test("takes a person's JWT and a bot's", async () => {
    const verify = await sample();
    expect(await verify(await personsPass())).toMatchObject({ email: "ada@acme.example" });
    expect(await verify(await exchange(it))).toMatchObject({ common_name: it.token.clientId, sub: "" });
  });
});

test("across a rotation of the signing key both go on with what was signed before and after, and so do those who hold a JWT", async () => {
  const verify = await sample();
  const before = [await personsPass(), await exchange(it)];
  for (const jwt of before) await verify(jwt);
  await it.api.zeroTrust.access.keys.rotate({ account_id: "acme" });
  const kidOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split(".")[0] ?? "", "base64url").toString()).kid as string;
  const between = [await personsPass(), await exchange(it)];
  // The new key signs once verifiers had time to fetch it.
  it.clock.nowMs += 15 * 60_000;
  vi.useFakeTimers({ toFake: ["Date"], now: it.clock.nowMs });
  const after = [await personsPass(), await exchange(it)];
  expect(new Set([...before, ...after].map(kidOf)).size).toBe(2);
  const fresh = await sample();
  for (const jwt of [...before, ...between, ...after]) {
    expect((await throughPlugin(jwt)).status).toBe(200);
    await fresh(jwt);
    const answer = await fetch(it.url, { headers: { "cf-access-token": jwt }, redirect: "manual" });
    expect(answer.status).toBe(200);
  }
  vi.useRealTimers();
});
