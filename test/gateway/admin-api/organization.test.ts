import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { refusalOf } from "../support/refusal.ts";
import { startScriptedProvider } from "../support/scripted-provider.ts";

const account_id = "023e105f4ecef8ad9ca31a8372d0c353";
const PATH = `/accounts/${account_id}/access/organizations`;
const PROVIDER = { account_id, name: "Company", type: "oidc" };
const CONFIG = { issuer: "https://idp.example.com", client_id: "gate", client_secret: "very-secret-indeed" };

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({
    admin: true,
    identityProvider: { issuer: "https://env.example.com", clientId: "env", clientSecret: "env-very-secret" },
  });
});
afterAll(() => it.close());

const organizations = () => it.api.zeroTrust.organizations;
const providers = () => it.api.zeroTrust.identityProviders;

describe("the organization", () => {
  test("has defaults before it is set", async () => {
    expect(await organizations().list({ account_id })).toEqual({
      name: "Gatehouse",
      auth_domain: it.host,
      session_duration: "24h",
      strict_service_token_auth: false,
      auto_redirect_to_identity: true,
      deny_unmatched_requests: true,
    });
  });

  test("is set by POST and PUT as a whole, by PATCH in part", async () => {
    await organizations().create({ account_id, name: "Acme", auth_domain: it.host, session_duration: "8h" } as never);
    const patched = await it.api.patch(PATH, { body: { strict_service_token_auth: true } });
    expect((patched as { result: object }).result).toMatchObject({
      name: "Acme",
      session_duration: "8h",
      strict_service_token_auth: true,
    });
    expect(await organizations().update({ account_id, name: "Acme" })).toMatchObject({
      session_duration: "24h",
      strict_service_token_auth: false,
    });
  });

  test("is strict from the moment that the call returns", async () => {
    const cookie = async () => (await fetch(it.url, { headers: it.pair })).headers.get("set-cookie");
    expect(await cookie()).toContain("CF_Authorization");
    await organizations().update({ account_id, strict_service_token_auth: true } as never);
    expect(await cookie()).toBeNull();
    await organizations().update({ account_id });
    expect(await cookie()).toContain("CF_Authorization");
  });

  test.each([
    ["requests that nobody covers", { deny_unmatched_requests: false }, "always true here"],
    ["other accounts", { trusted_accounts: ["x"] }, "is not supported"],
    ["second factors", { mfa_required_for_all_apps: true }, "require auth_method in the policies"],
    ["another address", { auth_domain: "evil.example" }, "set by GATEWAY_ISSUER alone"],
    ["a session without end", { session_duration: "9999h" }, "between 1s and 744h"],
  ])("does not promise anything about %s", async (_, changes, text) => {
    const call = it.api.patch(PATH, { body: changes });
    expect(await refusalOf(call)).toMatchObject({ status: 400, text: expect.stringContaining(text) });
  });
});

describe("identity providers", () => {
  const create = (config: object = {}, fields: object = {}) =>
    providers().create({ ...PROVIDER, config: { ...CONFIG, ...config }, ...fields } as never);

  test("are made, read, replaced and deleted, and never show their secret", async () => {
    const made = await create();
    const expected = {
      issuer: CONFIG.issuer,
      client_id: "gate",
      client_secret: "**********",
      scopes: ["openid", "email", "profile"],
    };
    expect(made).toMatchObject({ name: "Company", type: "oidc", config: expected });
    expect(JSON.stringify(made)).toContain(`${it.url}/cdn-cgi/access/callback`);
    const id = made.id ?? "";
    // As it was read: the hidden secret means the one that is there.
    expect(await providers().update(id, { ...made, account_id, name: "New" } as never)).toMatchObject({ name: "New" });
    expect(await providers().get(id, { account_id })).toMatchObject({ name: "New" });
    expect(await providers().delete(id, { account_id })).toEqual({ id });
    expect(await refusalOf(providers().get(id, { account_id }))).toMatchObject({ status: 404 });
    expect(it.logs.join("")).not.toContain(CONFIG.client_secret);
  });

  test("keep their secret from another issuer: leaving it out would send it there", async () => {
    const { id = "" } = await create();
    const config = { ...CONFIG, issuer: "https://evil.example", client_secret: undefined };
    expect(await refusalOf(providers().update(id, { ...PROVIDER, config } as never))).toMatchObject({
      status: 400,
      pointers: ["/config/client_secret"],
    });
    await providers().delete(id, { account_id });
  });

  test("are found by their addresses, as clients send them that know no issuer", async () => {
    const provider = await startScriptedProvider();
    const response = await fetch(`${provider.issuer}/.well-known/openid-configuration`);
    const known = (await response.json()) as Record<string, string>;
    const { authorization_endpoint: auth_url, token_endpoint: token_url, jwks_uri: certs_url } = known;
    const made = await create({ issuer: undefined, auth_url, token_url, certs_url });
    expect(made.config).toMatchObject({ issuer: provider.issuer, auth_url });
    const other = { issuer: undefined, auth_url, token_url, certs_url: `${provider.issuer}/other` };
    expect(await refusalOf(create(other))).toMatchObject({ status: 400, pointers: ["/config/issuer"] });
    await providers().delete(made.id ?? "", { account_id });
    await provider.close();
  });

  test("of the environment are listed, and changed there alone", async () => {
    const { result } = await providers().list({ account_id });
    expect(result).toMatchObject([
      { config: { issuer: "https://env.example.com" }, read_only: true, managed_by: "environment" },
    ]);
    expect(JSON.stringify(result)).not.toContain("env-very-secret");
    const id = result[0]?.id ?? "";
    expect(await refusalOf(providers().delete(id, { account_id }))).toMatchObject({
      status: 400,
      text: expect.stringContaining("managed by the gateway's environment"),
    });
  });

  test("are not deleted while something names them", async () => {
    const { id = "" } = await create();
    const fields = { type: "self_hosted", name: "Named", domain: `${it.host}/named`, origin: it.origin.url };
    const policies = [{ name: "by login", decision: "allow", include: [{ login_method: { id } }] }];
    await it.api.zeroTrust.access.applications.create({ account_id, ...fields, allowed_idps: [id], policies } as never);
    const { text } = await refusalOf(providers().delete(id, { account_id }));
    expect(text).toContain('in use by application "Named", policy "by login"');
  });

  test.each([
    ["another type", {}, { type: "azureAD" }, "azureAD is not supported"],
    ["one-time PINs", {}, { type: "onetimepin" }, "onetimepin is not supported"],
    ["no issuer", { issuer: undefined }, {}, "/.well-known/openid-configuration"],
    ["plain http", { issuer: "http://idp.example.com" }, {}, "must be an https:// URL"],
    ["no secret", { client_secret: undefined }, {}, "client_secret: is required"],
    ["no openid", { scopes: ["email"] }, {}, "must have openid"],
    ["PKCE off", { pkce_enabled: false }, {}, "is always true here"],
    ["provisioning", {}, { scim_config: { enabled: true } }, "provisioning by SCIM"],
  ])("with %s are refused", async (_, config, fields, text) => {
    expect(await refusalOf(create(config, fields))).toMatchObject({ status: 400, text: expect.stringContaining(text) });
  });
});
