import { afterEach, beforeEach, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { forEachStore } from "../support/stores.ts";

const ACCOUNT = { account_id: "local" };

forEachStore("access requests by the official SDK", (store) => {
  let it: TestGateway;
  beforeEach(async () => {
    it = await startGateway({ admin: true, store });
  });
  afterEach(() => it.close());

  const list = (query: object = {}) => it.api.zeroTrust.access.logs.accessRequests.list({ ...ACCOUNT, ...query });
  const wrongSecret = () =>
    fetch(it.url, { headers: { ...it.pair, "CF-Access-Client-Secret": "wrong" }, redirect: "manual" });

  test("a wrong secret of a known token is listed, with who, where, what and the ray of the answer", async () => {
    const response = await wrongSecret();
    const [request, ...others] = await list();
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      user_email: "",
      ip_address: "127.0.0.1",
      app_domain: it.host,
      action: "login",
      connection: "service_token",
      allowed: false,
      ray_id: response.headers.get("cf-ray"),
      service_token_client_id: it.token.clientId,
      reason: "service_token_secret_mismatch",
    });
    expect(request?.app_uid).not.toBe("");
    expect(Date.parse(request?.created_at ?? "")).toBe(it.clock.nowMs);
  });

  test("changes are not access requests", async () => {
    expect(await list()).toEqual([]);
  });

  test("time, direction, limit and pages choose; past the end it is empty", async () => {
    const start = it.clock.nowMs;
    for (const minutes of [0, 1, 2, 3, 4]) {
      it.clock.nowMs = start + minutes * 60_000;
      await wrongSecret();
    }
    const minutesOf = (requests: readonly { created_at?: string }[]) =>
      requests.map(({ created_at = "" }) => (Date.parse(created_at) - start) / 60_000);
    expect(minutesOf(await list())).toEqual([4, 3, 2, 1, 0]);
    expect(minutesOf(await list({ direction: "asc", limit: 2 }))).toEqual([0, 1]);
    expect(minutesOf(await list({ page: 2, per_page: 2 }))).toEqual([2, 1]);
    expect(minutesOf(await list({ page: 2, per_page: 2, limit: 3 }))).toEqual([2]);
    expect(minutesOf(await list({ page: 4, per_page: 2 }))).toEqual([]);
    const since = new Date(start + 60_000).toISOString();
    const until = new Date(start + 180_000).toISOString();
    expect(minutesOf(await list({ since, until }))).toEqual([3, 2, 1]);
  });

  test("filters have operators, and fields can be chosen", async () => {
    await wrongSecret();
    await fetch(it.url, { redirect: "manual" });
    const reasons = async (query: Record<string, string>) =>
      (await list(query)).map((request) => (request as { reason?: string }).reason).sort();
    expect(await reasons({})).toEqual(["no_credential", "service_token_secret_mismatch"]);
    expect(await reasons({ non_identity: "true" })).toEqual(["service_token_secret_mismatch"]);
    expect(await reasons({ non_identity: "true", non_identityOp: "neq" })).toEqual(["no_credential"]);
    expect(await reasons({ non_identity: "false" })).toEqual(["no_credential"]);
    expect(await reasons({ allowed: "true" })).toEqual([]);
    expect(await reasons({ allowed: "true", allowedOp: "neq" })).toHaveLength(2);
    expect(await reasons({ app_type: "saas" })).toEqual([]);
    expect(await list({ fields: "ip_address, allowed", limit: 1 })).toEqual([
      { ip_address: "127.0.0.1", allowed: false },
    ]);
  });

  test("a filter that cannot be meant is answered with what is wrong, not with the wrong lines", async () => {
    for (const [query, says] of [
      [{ since: "yesterday" }, "since is an instant"],
      [{ direction: "up" }, "direction is desc or asc"],
      [{ fields: "user_email,secret" }, 'no field "secret"'],
      [{ allowedOp: "like" }, "allowedOp is eq or neq"],
    ] as const) {
      await expect(list(query)).rejects.toMatchObject({
        status: 400,
        errors: [{ message: expect.stringContaining(says) }],
      });
    }
  });

  test("an API token without the scope is refused", async () => {
    const { secret } = await it.gateway.apiTokens.create({ name: "tokens only", scopes: ["service_tokens:read"] });
    const answer = await fetch(`${it.adminUrl}/client/v4/accounts/local/access/logs/access_requests`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect(answer.status).toBe(403);
  });
});
