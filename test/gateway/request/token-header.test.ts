import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimsOf, exchange, startGateway, type TestGateway } from "../support/gateway.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";

let it: TestGateway;
let json: string;
beforeAll(async () => {
  it = await startGateway({ fields: "    read_service_tokens_from_header: X-Stats-Token" });
  const { clientId, clientSecret } = it.token;
  json = JSON.stringify({ "cf-access-client-id": clientId, "cf-access-client-secret": clientSecret });
});
afterAll(() => it.close());

const send = (lines: readonly string[]) => sendRaw(it.port, rawRequest("/", [`Host: ${it.host}`, ...lines]));
const reasonOf = (body: string) => (JSON.parse(body) as { reason: string }).reason;

describe("the one header that an application reads service tokens from", () => {
  test("carries the pair as JSON, and the origin gets the JWT instead of it", async () => {
    const { status, head } = await send([`X-Stats-Token: ${json}`]);
    expect(status).toBe(200);
    expect(head).toContain("CF_Authorization=");
    const seen = it.origin.requests.at(-1);
    expect(claimsOf(seen?.values("cf-access-jwt-assertion")[0] ?? "")).toMatchObject({
      common_name: it.token.clientId,
    });
    expect(seen?.rawHeaders.join("\n").toLowerCase()).not.toContain("stats-token");
  });

  test.each(["X_Stats_Token", "x.stats.token", "X-Stats_Token", "x_STATS_token"])(
    "%s is no credential, and does not reach the origin either",
    async (name) => {
      expect(reasonOf((await send([`${name}: ${json}`])).body)).toBe("no_credential");
      const pair = Object.entries(it.pair).map(([key, value]) => `${key}: ${value}`);
      expect((await send([...pair, `${name}: evil`])).status).toBe(200);
      expect(it.origin.requests.at(-1)?.rawHeaders.join("\n")).not.toContain("evil");
    },
  );

  test("together with the pair, with a JWT, or twice, it is refused", async () => {
    const pair = Object.entries(it.pair).map(([key, value]) => `${key}: ${value}`);
    const own = `X-Stats-Token: ${json}`;
    for (const more of [pair, [`cf-access-token: ${await exchange(it)}`], [own], ["CF-Access-Client-Id: x"]]) {
      const { status, body } = await send([own, ...more]);
      expect([status, reasonOf(body)]).toEqual([401, "ambiguous_credential"]);
    }
  });

  test.each([
    "",
    "garbage",
    "null",
    "[]",
    '"text"',
    "{}",
    "{",
    '{"cf-access-client-id": "x"}',
    '{"cf-access-client-id": 1, "cf-access-client-secret": 2}',
    '{"CF-Access-Client-Id": "x", "CF-Access-Client-Secret": "y"}',
    '{"__proto__": {"cf-access-client-id": "x", "cf-access-client-secret": "y"}}',
  ])("%s is half a credential", async (value) => {
    const { status, body } = await send([`X-Stats-Token: ${value}`]);
    expect([status, reasonOf(body)]).toEqual([401, "incomplete_credential"]);
  });

  test("a wrong secret in it is one", async () => {
    const { body } = await send([`X-Stats-Token: ${json.replace("cfast_", "cfast-")}`]);
    expect(reasonOf(body)).toBe("service_token_secret_mismatch");
  });
});
