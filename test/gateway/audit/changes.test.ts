import { afterEach, beforeEach, expect, test } from "vitest";
import type { AuditPage } from "../../../gateway/src/audit/audit-log.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account_id = "local";
const EVERYONE = [{ everyone: {} }];

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway({ admin: true });
});
afterEach(() => it.close());

async function changes(): Promise<AuditPage["lines"]> {
  const response = await fetch(`${it.adminUrl}/client/v4/accounts/x/access/logs/audit?kind=change`, {
    headers: { authorization: `Bearer ${it.apiToken}` },
  });
  return ((await response.json()) as { result: AuditPage }).result.lines.toReversed();
}

/** Calls of the SDK in order, each with the event that it must leave. `undefined`: none, for it changes nothing. */
async function makeChanges(): Promise<readonly string[]> {
  const { access, identityProviders, organizations } = it.api.zeroTrust;
  const { serviceTokens, applications, policies, groups, keys } = access;
  const id = (made: { id?: string | undefined }) => made.id ?? "";
  const token = id(await serviceTokens.create({ account_id, name: "reports" }));
  await serviceTokens.update(token, { account_id, name: "weekly reports" });
  await serviceTokens.update(token, { account_id, enabled: false } as never);
  await serviceTokens.update(token, { account_id, enabled: true } as never);
  await serviceTokens.rotate(token, { account_id });
  await serviceTokens.refresh(token, { account_id });
  await serviceTokens.delete(token, { account_id });
  const group = id(await groups.create({ account_id, name: "all", include: EVERYONE }));
  await groups.update(group, { account_id, name: "everyone", include: EVERYONE });
  const policy = id(await policies.create({ account_id, name: "open", decision: "bypass", include: EVERYONE }));
  await policies.update(policy, { account_id, name: "wide open", decision: "bypass", include: EVERYONE });
  const app = { account_id, type: "self_hosted", domain: `${it.host}/reports`, origin: it.origin.url } as const;
  const application = id(await applications.create({ ...app, name: "Reports", policies: [policy] } as never));
  await applications.update(application, { ...app, name: "Weekly reports" } as never);
  await applications.revokeTokens(application, { account_id });
  await applications.delete(application, { account_id });
  await policies.delete(policy, { account_id });
  await groups.delete(group, { account_id });
  const config = { client_id: "gatehouse", client_secret: "idp-secret-0123456789", issuer: "https://id.example" };
  const provider = { account_id, name: "Company", type: "oidc", config } as never;
  const idp = id((await identityProviders.create(provider)) as { id?: string });
  await identityProviders.update(idp, { ...(provider as object), name: "Company login" } as never);
  await identityProviders.delete(idp, { account_id });
  await organizations.update({ account_id, name: "Acme" });
  await organizations.revokeUsers({ account_id, email: "ada@acme.example" });
  await keys.update({ account_id, key_rotation_interval_days: 30 });
  await keys.rotate({ account_id });
  return [
    "service_token.created",
    "service_token.updated",
    "service_token.disabled",
    "service_token.enabled",
    "service_token.rotated",
    "service_token.refreshed",
    "service_token.deleted",
    "group.created",
    "group.updated",
    "policy.created",
    "policy.updated",
    "application.created",
    "application.updated",
    "application.revoked",
    "application.deleted",
    "policy.deleted",
    "group.deleted",
    "identity_provider.created",
    "identity_provider.updated",
    "identity_provider.deleted",
    "organization.updated",
    "user.revoked",
    "signing_key.settings_updated",
    "signing_key.rotated",
  ];
}

test("every change by the API is one line, in order, with the API token's name, the address and the call's ray", async () => {
  const before = (await changes()).length;
  const events = await makeChanges();
  const lines = (await changes()).slice(before);
  expect(lines.map(({ event }) => event)).toEqual(events);
  for (const line of lines) {
    expect(line).toMatchObject({ actor: { kind: "api_token", name: "tests" }, ip: "127.0.0.1", allowed: true });
    expect([line.event, line.ray_id]).toEqual([line.event, expect.stringMatching(/^[0-9a-f]{16}$/)]);
  }
  expect(new Set(lines.map(({ ray_id }) => ray_id)).size).toBe(lines.length);
  const text = JSON.stringify(await changes());
  for (const secret of ["idp-secret-0123456789", it.token.clientSecret, it.apiToken, "cfast_"]) {
    expect(text).not.toContain(secret);
  }
});

test("a change that was refused leaves no line", async () => {
  const before = await changes();
  const { serviceTokens, policies } = it.api.zeroTrust.access;
  await expect(serviceTokens.create({ account_id, name: "" })).rejects.toMatchObject({ status: 400 });
  await expect(serviceTokens.rotate("no such token", { account_id })).rejects.toMatchObject({ status: 404 });
  const include = [{ service_token: { token_id: it.token.id } }];
  const wrong = policies.create({ account_id, name: "bots", decision: "allow", include });
  await expect(wrong).rejects.toMatchObject({ status: 400 });
  expect(await changes()).toEqual(before);
});
