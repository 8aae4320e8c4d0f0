import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LocalSettings } from "../../local/settings.ts";
import { openState } from "../../local/state.ts";
import { botCredentials } from "./support/bot-credentials.ts";
import { discard, type LocalStack, startLocalStack } from "./support/local-stack.ts";

const HOUR_MS = 3_600_000;
const METRICS = "/api/v1/metrics";
const OTHER_AUDIENCE = "b".repeat(64);
/** Words that stand in what the stats app says to those it lets in, and nowhere else. */
const INSIDE = /signups|"metrics"|Acme Notes|dimensions/;

let stack: LocalStack;
/** The second application of the same gateway, at another host name, in front of the same app. */
let otherUrl: string;

beforeAll(async () => {
  stack = await startLocalStack({ env: { LOCAL_SAMPLE_DATA: "false" }, prepare: addSecondApplication });
  otherUrl = stack.dashboardUrl.replace("localhost", "127.0.0.1");
});
afterAll(() => discard(stack));

/** `npm start` keeps a policy file that is there already; this one has two applications. */
async function addSecondApplication({ dataFolder, gatewayPort, statsPort }: LocalSettings): Promise<void> {
  const { audience } = await openState(dataFolder, Date.now());
  const application = (name: string, aud: string, host: string, rule: string): string => `
  - name: ${name}
    aud: ${aud}
    domain: ${host}:${gatewayPort}
    origin: http://127.0.0.1:${statsPort}
    policies: [{ name: Bots, decision: non_identity, include: [{ ${rule} }] }]`;
  const first = application("Statistics", audience, "localhost", `service_token: { token_id: ${crypto.randomUUID()} }`);
  const second = application("Another", OTHER_AUDIENCE, "127.0.0.1", "any_valid_service_token: {}");
  writeFileSync(join(dataFolder, "access.yaml"), `applications:${first}${second}\n`);
}

function pairHeaders(changed: { id?: string; secret?: string } = {}): Record<string, string> {
  const { clientId, clientSecret } = botCredentials(stack.folder);
  return {
    "cf-access-client-id": changed.id ?? clientId,
    "cf-access-client-secret": changed.secret ?? clientSecret,
  };
}

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers, redirect: "manual" });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function jwtFrom(gatewayUrl: string): Promise<string> {
  const { headers } = await get(`${gatewayUrl}${METRICS}`, pairHeaders());
  const jwt = /CF_Authorization=([^;]+)/.exec(headers.getSetCookie().join("\n"))?.[1];
  if (jwt === undefined) throw new TypeError("the exchange gave no JWT");
  return jwt;
}

/** Well formed, for the right issuer, audience and key id, but signed by a key that the gateway never had. */
async function forgedJwt(): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  const { text } = await get(`${stack.dashboardUrl}/cdn-cgi/access/certs`);
  const { keys } = JSON.parse(text) as { keys: { kid: string }[] };
  return new SignJWT({ type: "app", common_name: pairHeaders()["cf-access-client-id"], sub: "" })
    .setProtectedHeader({ alg: "RS256", kid: keys[0]?.kid ?? "", typ: "JWT" })
    .setIssuer(stack.dashboardUrl)
    .setAudience([(await openState(stack.folder, Date.now())).audience])
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
}

describe("through the gateway", () => {
  test("the bot's pair gets in, and so does the JWT it gets: the refusals below are for their own reasons", async () => {
    for (const headers of [pairHeaders(), { "cf-access-token": await jwtFrom(stack.dashboardUrl) }]) {
      const { status, text } = await get(`${stack.dashboardUrl}${METRICS}`, headers);
      expect(status).toBe(200);
      expect(text).toMatch(INSIDE);
    }
  });

  test.each([
    ["no credential", async () => ({}), "no_credential"],
    ["a wrong secret", async () => pairHeaders({ secret: `cfast_${"0".repeat(48)}` }), "service_token_secret_mismatch"],
    ["an unknown id", async () => pairHeaders({ id: `${"0".repeat(32)}.access` }), "service_token_unknown"],
    ["an id alone", async () => ({ "cf-access-client-id": `${"0".repeat(32)}.access` }), "incomplete_credential"],
    ["something that is no JWT", async () => ({ "cf-access-token": "not.a.jwt" }), "token_malformed"],
    ["a forged JWT", async () => ({ "cf-access-token": await forgedJwt() }), "token_signature"],
    ["another application's JWT", async () => ({ "cf-access-token": await jwtFrom(otherUrl) }), "token_wrong_audience"],
    [
      "the header only the gateway may set",
      async () => ({ "cf-access-jwt-assertion": await jwtFrom(stack.dashboardUrl) }),
      "no_credential",
    ],
  ])("%s: 401 with the reason, and nothing of the data", async (_case, headers, reason) => {
    const sent = await headers();
    for (const path of [METRICS, "/", "/api/v1/schema"]) {
      const { status, text } = await get(`${stack.dashboardUrl}${path}`, sent);
      expect(status).toBe(401);
      expect(JSON.parse(text)).toMatchObject({ error: "unauthorized", reason, status_code: 401 });
      expect(text).not.toMatch(INSIDE);
    }
  });
});

describe("straight at the stats app, past the gateway", () => {
  test("the gateway's own assertion is accepted: the refusals below are for their own reasons", async () => {
    const { status } = await get(`${stack.originUrl}${METRICS}`, {
      "cf-access-jwt-assertion": await jwtFrom(stack.dashboardUrl),
    });
    expect(status).toBe(200);
  });

  test.each([
    ["nothing", async () => ({})],
    ["the pair", async () => pairHeaders()],
    ["an e-mail header", async () => ({ "cf-access-authenticated-user-email": "ada@acme.example" })],
    ["the JWT under the client's header", async () => ({ "cf-access-token": await jwtFrom(stack.dashboardUrl) })],
    ["a forged assertion", async () => ({ "cf-access-jwt-assertion": await forgedJwt() })],
    ["another application's assertion", async () => ({ "cf-access-jwt-assertion": await jwtFrom(otherUrl) })],
  ])("%s: 401 and nothing of the data", async (_case, headers) => {
    const sent = await headers();
    for (const path of [METRICS, "/", "/api/v1/schema", "/api/v1/me"]) {
      const { status, text } = await get(`${stack.originUrl}${path}`, sent);
      expect(status).toBe(401);
      expect(text).not.toMatch(INSIDE);
    }
  });
});

test("an expired JWT is refused by the gateway and by the app", async () => {
  const jwt = await jwtFrom(stack.dashboardUrl);
  stack.advance(25 * HOUR_MS);
  const atGateway = await get(`${stack.dashboardUrl}${METRICS}`, { "cf-access-token": jwt });
  expect(atGateway.status).toBe(401);
  expect(JSON.parse(atGateway.text).reason).toBe("token_expired");
  const atApp = await get(`${stack.originUrl}${METRICS}`, { "cf-access-jwt-assertion": jwt });
  expect(atApp.status).toBe(401);
  expect(atApp.text).not.toMatch(INSIDE);
});
