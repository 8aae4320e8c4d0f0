import Cloudflare from "cloudflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseScopes } from "../../../gateway/src/api-tokens/scopes.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account = { account_id: "acme" };

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

const sdk = (apiToken: string) => new Cloudflare({ apiToken, baseURL: `${it.adminUrl}/client/v4` });
const list = (apiToken: string) => sdk(apiToken).zeroTrust.access.serviceTokens.list(account);

describe("an API token", () => {
  test.each([
    ["none", {}],
    ["a wrong one", { authorization: "Bearer gatehouse_wrong" }],
    ["another scheme", { authorization: "Basic YTpi" }],
    ["nothing after Bearer", { authorization: "Bearer" }],
    ["e-mail and key, as of old", { "x-auth-email": "a@b.example", "x-auth-key": "k" }],
  ])("%s is 401, with an advice, and no retry", async (_, headers) => {
    const answer = await fetch(`${it.adminUrl}/client/v4/accounts/acme/access/service_tokens`, { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(answer.headers.get("x-should-retry")).toBe("false");
    const advice = expect.stringContaining("Authorization: Bearer");
    expect(await answer.json()).toMatchObject({ errors: [{ code: 10000, message: advice }], result: null });
  });

  test("ends when its time is over, and when it is deleted", async () => {
    const short = await it.gateway.apiTokens.create({ name: "short", scopes: ["*:read"], duration: "1h" });
    expect((await list(short.secret)).result).toHaveLength(1);
    it.clock.nowMs += 3_600_000;
    await expect(list(short.secret)).rejects.toBeInstanceOf(Cloudflare.AuthenticationError);
    const long = await it.gateway.apiTokens.create({ name: "long", scopes: ["*:read"] });
    expect((await list(long.secret)).result).toHaveLength(1);
    await it.gateway.apiTokens.delete(long.id);
    await expect(list(long.secret)).rejects.toBeInstanceOf(Cloudflare.AuthenticationError);
  });

  test("tells in the list when it was used, and never what it is", async () => {
    const made = await it.gateway.apiTokens.create({ name: "used", scopes: ["service_tokens:read"] });
    await list(made.secret);
    const lastUsed = async () => (await it.gateway.apiTokens.list()).find(({ id }) => id === made.id)?.lastUsedAt;
    await expect.poll(lastUsed, { timeout: 20_000, interval: 200 }).toBe(new Date(it.clock.nowMs).toISOString());
    expect(JSON.stringify(await it.gateway.apiTokens.list())).not.toContain(made.secret);
    expect(it.logs.join("")).not.toContain(made.secret.slice(10, 40));
  });

  test("is slowed down by nothing that others do, while wrong ones from one address are cut off", async () => {
    const statuses = [];
    for (let attempt = 0; attempt < 40; attempt++) {
      const headers = { authorization: `Bearer wrong-${attempt}` };
      statuses.push((await fetch(`${it.adminUrl}/client/v4/user/tokens/verify`, { headers })).status);
    }
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    let calls = 0;
    const counted = sdk("wrong").withOptions({
      fetch: (url, init) => {
        calls += 1;
        return fetch(url, init);
      },
    });
    await expect(counted.user.tokens.verify()).rejects.toBeInstanceOf(Cloudflare.RateLimitError);
    expect(calls).toBe(1);
    expect(await it.api.user.tokens.verify()).toMatchObject({ status: "active" });
  });

  test.each([
    [{ name: "", scopes: ["all"] }, "ERR_API_TOKEN_INVALID"],
    [{ name: "a", scopes: [] }, "ERR_API_TOKEN_INVALID"],
    [{ name: "a", scopes: ["service_tokens"] }, "ERR_API_TOKEN_INVALID"],
    [{ name: "a", scopes: ["all"], duration: "soon" }, "ERR_DURATION_INVALID"],
  ])("is not made from %j", async (token, code) => {
    await expect(it.gateway.apiTokens.create(token)).rejects.toMatchObject({ code });
  });

  test("that is not there cannot be deleted", async () => {
    await expect(it.gateway.apiTokens.delete("x")).rejects.toMatchObject({ code: "ERR_API_TOKEN_NOT_FOUND" });
  });
});

describe("scopes", () => {
  test.each([
    [["service_tokens:read"], ["service_tokens:read"]],
    [["apps:*"], ["apps:read", "apps:write"]],
    [
      ["apps:write", "apps:read", "apps:write"],
      ["apps:read", "apps:write"],
    ],
    [["*:read"], ["service_tokens:read", "apps:read", "organization:read", "users:read", "audit_logs:read"]],
  ])("%j are %j", (words, scopes) => expect(parseScopes(words)).toEqual(scopes));

  test.each(["", "apps", "apps:admin", "*", "apps:read:x", "ALL"])("%j is none", (word) => {
    expect(parseScopes(["all", word])).toEqual({ unknown: word });
  });

  test("all is everything", () => expect(parseScopes(["all"])).toHaveLength(9));
});
