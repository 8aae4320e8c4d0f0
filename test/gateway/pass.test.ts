import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUD, claimsOf, exchange, startGateway, type TestGateway } from "./support/gateway.ts";

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway();
});
afterAll(() => it.close());

describe("a bot's way through", () => {
  test("a pair is exchanged for a JWT, which the origin gets and the bot may keep", async () => {
    const response = await fetch(`${it.url}/api?a=1`, { headers: it.pair });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
    const jwt = await exchange(it);
    expect(claimsOf(jwt)).toMatchObject({
      type: "app",
      iss: it.url,
      aud: [AUD],
      sub: "",
      common_name: it.token.clientId,
    });
    expect(claimsOf(jwt)).not.toHaveProperty("nbf");
    expect(it.origin.requests.at(-1)?.values("cf-access-jwt-assertion")).toEqual([jwt]);
    const replay = await fetch(it.url, { headers: { "cf-access-token": jwt } });
    expect(replay.status).toBe(200);
    expect(replay.headers.get("set-cookie")).toBeNull();
  });
});
