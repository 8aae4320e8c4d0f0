import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUD, claimsOf, exchange, startGateway, type TestGateway } from "../support/gateway.ts";

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

const account_id = "local";

async function ask(jwt: string, path: string) {
  const response = await fetch(it.url + path, { headers: { "cf-access-token": jwt } });
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
}

/** A verification that is remembered must not outlive what it was made under. */
describe("what is remembered of a JWT", () => {
  test("counts for the policies of now: one that is taken away refuses the same JWT, one that comes back takes it", async () => {
    const apps = it.api.zeroTrust.access.applications;
    const policy = { name: "bots", decision: "non_identity" as const, include: [{ any_valid_service_token: {} }] };
    const app = (policies: unknown[]) =>
      ({
        account_id,
        type: "self_hosted",
        name: "Kept",
        domain: `${it.host}/kept`,
        origin: it.origin.url,
        policies,
      }) as never;
    const { id } = (await apps.create(app([policy]))) as { id: string };
    const jwt = await exchange(it, "/kept/x");
    expect(await ask(jwt, "/kept/x")).toMatchObject({ status: 200 });
    const nobody = { ...policy, include: [{ service_token: { token_id: it.token.id } }], exclude: [{ everyone: {} }] };
    await apps.update(id, app([nobody]));
    expect(await ask(jwt, "/kept/x")).toMatchObject({ status: 403, reason: "no_policy_matched" });
    await apps.update(id, app([policy]));
    expect(await ask(jwt, "/kept/x")).toMatchObject({ status: 200 });
    await apps.delete(id, { account_id });
    expect(await ask(jwt, "/kept/x")).toMatchObject({ status: 401, reason: "token_wrong_audience", aud: AUD });
  });

  test("ends with the application's revocation, and the pair gets a new one at once", async () => {
    const apps = it.api.zeroTrust.access.applications;
    const { id } = (await apps.create({
      account_id,
      type: "self_hosted",
      name: "Revoked",
      domain: `${it.host}/revoked`,
      origin: it.origin.url,
      policies: [{ name: "bots", decision: "non_identity", include: [{ any_valid_service_token: {} }] }],
    } as never)) as { id: string };
    const old = await exchange(it, "/revoked/x");
    expect(await ask(old, "/revoked/x")).toMatchObject({ status: 200 });
    await apps.revokeTokens(id, { account_id });
    expect(await ask(old, "/revoked/x")).toMatchObject({ status: 401, reason: "token_revoked" });
    const fresh = await exchange(it, "/revoked/x");
    expect(fresh).not.toBe(old);
    expect(Number(claimsOf(fresh).iat)).toBeGreaterThan(Number(claimsOf(old).iat));
    expect(await ask(fresh, "/revoked/x")).toMatchObject({ status: 200 });
  });

  test("lives as long as its policy says, not its application", async () => {
    const apps = it.api.zeroTrust.access.applications;
    const include = [{ any_valid_service_token: {} }];
    await apps.create({
      account_id,
      type: "self_hosted",
      name: "Short",
      domain: `${it.host}/short`,
      origin: it.origin.url,
      session_duration: "24h",
      policies: [{ name: "bots", decision: "non_identity", include, session_duration: "30m" }],
    } as never);
    const jwt = await exchange(it, "/short");
    const { iat, exp } = claimsOf(jwt);
    expect(Number(exp) - Number(iat)).toBe(30 * 60);
    it.clock.nowMs += 31 * 60_000;
    expect(await ask(jwt, "/short")).toMatchObject({ status: 401, reason: "token_expired" });
  });
});
