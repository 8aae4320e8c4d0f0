import { createPublicKey, createSign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSecretBox } from "../../../gateway/src/keys/secret-box.ts";
import { deriveKeys } from "../../../gateway/src/keys/secret-key.ts";
import { openSigningKeys, type SigningKeys } from "../../../gateway/src/keys/signing-keys.ts";
import { openChangeFeed } from "../../../gateway/src/store/change-feed.ts";
import { openStore } from "../../../gateway/src/store/store.ts";
import { forgeToken, strangersKey } from "../support/forged-token.ts";
import { AUD, claimsOf, exchange, OTHER_AUD, SECRET_KEY, startGateway, type TestGateway } from "../support/gateway.ts";

let it: TestGateway;
let keys: SigningKeys;
let closeStore: () => Promise<void>;
beforeAll(async () => {
  it = await startGateway({
    config: { limits: { failuresPerMinute: 0 } },
    applications: (host, origin) => `
  - name: Other
    aud: ${OTHER_AUD}
    domain: ${host}/other
    origin: ${origin}
    policies:
      - { name: bots, decision: non_identity, include: [{ any_valid_service_token: {} }] }`,
  });
  // The gateway's own keys, read from its store: a token of ours for another purpose needs a real signature.
  const store = await openStore(it.config.databaseUrl);
  const feed = await openChangeFeed({ store, logger: { error: () => undefined } as never, now: Date.now });
  keys = await openSigningKeys({ store, feed, box: createSecretBox(deriveKeys(SECRET_KEY).sealing), now: Date.now });
  closeStore = async () => {
    feed.close();
    await store.destroy();
  };
});
afterAll(async () => {
  await closeStore();
  await it.close();
});

async function refusal(jwt: string, path = "/") {
  const response = await fetch(it.url + path, { headers: { "cf-access-token": jwt } });
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const sign = (claims: Record<string, unknown>) => {
  const { kid, privateKey } = keys.current();
  const input = `${encode({ alg: "RS256", kid, typ: "JWT" })}.${encode(claims)}`;
  return `${input}.${createSign("RSA-SHA256").update(input).sign(privateKey).toString("base64url")}`;
};
const goodClaims = async () => claimsOf(await exchange(it));

describe("forged JWTs", () => {
  test("a good one, signed here by hand, is let in: the cases below differ by one thing each", async () => {
    expect(await refusal(await sign(await goodClaims()))).toMatchObject({ status: 200 });
  });

  test("no algorithm, an HMAC with our public key, and another RSA algorithm are refused", async () => {
    const claims = await goodClaims();
    const { kid } = keys.current();
    const pem = String(keys.publicKey(kid)?.export({ type: "spki", format: "pem" }));
    const forgeries = [
      forgeToken({ alg: "none", kid }, claims),
      forgeToken({ alg: "None", kid, typ: "JWT" }, claims),
      forgeToken({ alg: "HS256", kid }, claims, pem),
      forgeToken({ alg: "HS256", kid }, claims, pem.trim()),
      forgeToken({ alg: "RS512", kid }, claims, strangersKey()),
      forgeToken({ alg: "PS256", kid }, claims, strangersKey()),
    ];
    for (const jwt of forgeries) expect(await refusal(jwt)).toMatchObject({ status: 401, error: "unauthorized" });
  });

  test("a stranger's key is refused: under our kid, under its own, with the key inside the header", async () => {
    const claims = await goodClaims();
    const key = strangersKey();
    const jwk = createPublicKey(key).export({ format: "jwk" });
    const { kid } = keys.current();
    for (const header of [
      { kid },
      { kid: "unknown" },
      {},
      { jwk },
      { kid, jwk },
      { kid, jku: `${it.origin.url}/jwks` },
    ]) {
      expect(await refusal(forgeToken({ alg: "RS256", ...header }, claims, key))).toMatchObject({
        status: 401,
        reason: "token_signature",
      });
    }
    expect(it.origin.requests.some(({ url }) => url === "/jwks")).toBe(false);
  });

  test.each([
    ["another issuer", { iss: "https://team.cloudflareaccess.com" }, "token_malformed"],
    ["another audience", { aud: ["c".repeat(64)] }, "token_wrong_audience"],
    ["no audience", { aud: [] }, "token_wrong_audience"],
    ["another type", { type: "org" }, "token_malformed"],
    ["the type of a login redirect", { type: "meta" }, "token_malformed"],
    ["the type of an application's description", { type: "match" }, "token_malformed"],
    ["no type", { type: undefined }, "token_malformed"],
    ["no expiry", { exp: undefined }, "token_malformed"],
    ["an expiry that is text", { exp: "9999999999" }, "token_malformed"],
    ["a future", { iat: 4_000_000_000, exp: 4_000_000_100 }, "token_malformed"],
    ["an unknown client id", { common_name: `${"9".repeat(32)}.access` }, "token_revoked"],
    ["a secret's version that never was", { client_secret_version: 2 }, "token_revoked"],
    ["no secret's version", { client_secret_version: undefined }, "token_malformed"],
    ["a person's id beside a bot's name", { sub: "x" }, "token_malformed"],
  ])("a JWT of ours with %s is refused", async (_, changed, reason) => {
    expect(await refusal(await sign({ ...(await goodClaims()), ...changed }))).toMatchObject({ status: 401, reason });
  });

  test("a critical header that nobody knows is refused", async () => {
    const jwt = await sign(await goodClaims());
    const [, payload = "", signature = ""] = jwt.split(".");
    const header = Buffer.from(JSON.stringify({ alg: "RS256", kid: keys.current().kid, crit: ["x"], x: 1 })).toString(
      "base64url",
    );
    expect(await refusal(`${header}.${payload}.${signature}`)).toMatchObject({ status: 401 });
  });

  test("what the gateway signs about itself for anyone is no pass", async () => {
    const headers = { "cf-access-metadata-request": "true" };
    const match = (await fetch(it.url, { method: "HEAD", headers })).headers.get("cf-access-metadata") ?? "";
    expect(claimsOf(match)).toMatchObject({ type: "match", aud: AUD });
    expect(await refusal(match)).toMatchObject({ status: 401, reason: "token_malformed" });
  });

  test("a flood of unknown kids reads and fetches nothing, and good JWTs pass meanwhile", async () => {
    const claims = await goodClaims();
    const jwt = await exchange(it);
    const key = strangersKey();
    const before = it.origin.requests.length;
    const flood = Array.from({ length: 40 }, (_, index) =>
      refusal(forgeToken({ alg: "RS256", kid: `${index}`.repeat(64) }, claims, key)),
    );
    expect(await refusal(jwt)).toMatchObject({ status: 200 });
    for (const answer of await Promise.all(flood)) expect(answer).toMatchObject({ reason: "token_signature" });
    expect(it.origin.requests.length).toBe(before + 1);
  });

  test("another application's JWT is refused, also once it was verified for its own", async () => {
    const jwt = await exchange(it, "/other/x");
    expect(claimsOf(jwt).aud).toEqual([OTHER_AUD]);
    expect(await refusal(jwt, "/other/x")).toMatchObject({ status: 200 });
    expect(await refusal(jwt, "/")).toMatchObject({ status: 401, reason: "token_wrong_audience", aud: AUD });
    expect(await refusal(jwt, "/other/y")).toMatchObject({ status: 200 });
  });

  test("a JWT that shares all but its signature with a remembered one is refused", async () => {
    const jwt = await exchange(it);
    expect(await refusal(jwt)).toMatchObject({ status: 200 });
    const other = jwt.slice(0, -6) + (jwt.endsWith("AAAAAA") ? "BBBBBB" : "AAAAAA");
    expect(await refusal(other)).toMatchObject({ status: 401, reason: "token_signature" });
    expect(await refusal(`${jwt.split(".").slice(0, 2).join(".")}.`)).toMatchObject({ status: 401 });
    expect(await refusal("x".repeat(10_000))).toMatchObject({ status: 401, reason: "token_malformed" });
  });
});
