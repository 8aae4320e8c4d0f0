import Cloudflare from "cloudflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account = { account_id: "acme" };
const headers = () => ({ authorization: `Bearer ${it.apiToken}` });
const TOKENS = "/client/v4/accounts/acme/access/service_tokens";

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

async function call(path: string, init: RequestInit = {}) {
  const response = await fetch(it.adminUrl + path, { ...init, headers: { ...headers(), ...init.headers } });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

describe("the admin API", () => {
  test("takes the official SDK: creates and lists, and a page past the end is empty", async () => {
    const created = await it.api.zeroTrust.access.serviceTokens.create({ ...account, name: "from the SDK" });
    expect(created).toMatchObject({ name: "from the SDK", enabled: true, duration: "8760h" });
    const names = [];
    for await (const { name } of it.api.zeroTrust.access.serviceTokens.list({ ...account, per_page: 1 }))
      names.push(name);
    expect(names.toSorted()).toEqual(["from the SDK", "stats bot"]);
  });

  test("verifies an API token as Cloudflare does", async () => {
    expect(await it.api.user.tokens.verify()).toMatchObject({ status: "active" });
    expect(await it.api.accounts.tokens.verify(account)).toMatchObject({ status: "active" });
    const other = new Cloudflare({ apiToken: "wrong", baseURL: `${it.adminUrl}/client/v4` });
    await expect(other.user.tokens.verify()).rejects.toMatchObject({ status: 401, errors: [{ code: 1000 }] });
  });

  test("answers in an envelope, with a ray id, and is not cached", async () => {
    const { status, headers: got, body } = await call(TOKENS);
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, errors: [], messages: [], result_info: { page: 1, per_page: 25 } });
    expect(got.get("cf-ray")).toMatch(/^[0-9a-f]{16}$/);
    expect(got.get("cache-control")).toBe("no-store");
    expect(got.get("x-powered-by")).toBeNull();
  });

  test.each([
    ["an unknown path", "/client/v4/accounts/acme/access/nothing", {}, 404, /Could not route/],
    ["another method", TOKENS, { method: "PATCH" }, 405, /GET, POST are/],
    ["what is no JSON", TOKENS, post("{"), 400, /not readable JSON/],
    ["a form", TOKENS, post("name=a", "application/x-www-form-urlencoded"), 415, /application\/json/],
    ["no body", TOKENS, { method: "POST" }, 400, /invalid_request/],
    ["a body that is no object", TOKENS, post("[1]"), 400, /invalid_request/],
    ["a body that is too large", TOKENS, post(JSON.stringify({ name: "x".repeat(2 ** 20) })), 413, /too large/],
    ["a broken escape in the path", "/client/v4/accounts/%zz/access/service_tokens", {}, 400, /broken escape/],
  ])("refuses %s, in the envelope", async (_, path, init, status, message) => {
    const got = await call(path, init);
    expect([got.status, got.body]).toMatchObject([status, { success: false, result: null }]);
    expect((got.body["errors"] as { message: string }[])[0]?.message).toMatch(message);
    expect(got.headers.get("x-should-retry")).toBe("false");
  });

  test("points at each wrong field", async () => {
    const { body } = await call(TOKENS, post(JSON.stringify({ name: 1, duration: 2 })));
    const errors = body["errors"] as { code: number; source: { pointer: string } }[];
    expect(errors.map(({ code, source }) => [code, source.pointer])).toEqual([
      [12130, "/name"],
      [12130, "/duration"],
    ]);
  });

  test("tells which scope is missing", async () => {
    const { secret } = await it.gateway.apiTokens.create({ name: "reader", scopes: ["service_tokens:read"] });
    const reader = new Cloudflare({ apiToken: secret, baseURL: `${it.adminUrl}/client/v4` });
    expect((await reader.zeroTrust.access.serviceTokens.list(account)).result.length).toBeGreaterThan(0);
    const refused = reader.zeroTrust.access.serviceTokens.create({ ...account, name: "x" });
    await expect(refused).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("service_tokens:write"),
    });
  });
});

function post(body: string, type = "application/json"): RequestInit {
  return { method: "POST", body, headers: { "content-type": type } };
}
