import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { refusalOf } from "../support/refusal.ts";

const account_id = "023e105f4ecef8ad9ca31a8372d0c353";
const bots = () => ({ account_id, name: "bots", decision: "non_identity" as const, include: [tokenRule()] });
const tokenRule = () => ({ service_token: { token_id: it.token.id } });
const COMPANY = [{ email_domain: { domain: "acme.example" } }];

let it: TestGateway;
let appId: string;
let sequence = 0;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());
beforeEach(async () => {
  sequence += 1;
  appId = await createApp(`/app${sequence}`);
});

const access = () => it.api.zeroTrust.access;

async function createApp(path: string, policies: readonly unknown[] = []): Promise<string> {
  const fields = { type: "self_hosted", name: path, domain: it.host + path, origin: it.origin.url, policies };
  return (await access().applications.create({ account_id, ...fields } as never)).id ?? "";
}

async function visit(path = `/app${sequence}`): Promise<number> {
  return (await fetch(it.url + path, { headers: it.pair })).status;
}

describe("policies of one application", () => {
  const policies = () => access().applications.policies;

  test("are in force as soon as each call returns", async () => {
    expect(await visit()).toBe(403);
    const made = await policies().create(appId, bots() as never);
    expect(made).toMatchObject({ name: "bots", precedence: 1, reusable: false });
    expect(await visit()).toBe(200);
    const place = { account_id, app_id: appId };
    await policies().update(made.id ?? "", {
      ...place,
      ...bots(),
      decision: "bypass",
      include: [{ everyone: {} }],
    } as never);
    expect((await fetch(`${it.url}/app${sequence}`)).status).toBe(200);
    expect(await policies().delete(made.id ?? "", place)).toEqual({ id: made.id });
    expect(await visit()).toBe(403);
    expect(await refusalOf(policies().get(made.id ?? "", place))).toMatchObject({ status: 404 });
  });

  test("come by their precedence, which is theirs alone", async () => {
    await policies().create(appId, { ...bots(), name: "second" } as never);
    await policies().create(appId, { ...bots(), name: "third", precedence: 5 } as never);
    await policies().create(appId, { ...bots(), name: "first", precedence: 0 } as never);
    const names = [];
    for await (const { name } of policies().list(appId, { account_id, per_page: 2 })) names.push(name);
    expect(names).toEqual(["first", "second", "third"]);
    expect(await refusalOf(policies().create(appId, { ...bots(), precedence: 5 } as never))).toMatchObject({
      status: 400,
      pointers: ["/precedence"],
      text: expect.stringContaining("policy precedences must be unique"),
    });
  });

  test("move when their precedence is changed, and stay without one", async () => {
    const first = await policies().create(appId, { ...bots(), name: "first" } as never);
    await policies().create(appId, { ...bots(), name: "second" } as never);
    const place = { account_id, app_id: appId };
    expect(await policies().update(first.id ?? "", { ...place, ...bots(), name: "first" } as never)).toMatchObject({
      precedence: 1,
    });
    await policies().update(first.id ?? "", { ...place, ...bots(), name: "last", precedence: 9 } as never);
    const { result } = await policies().list(appId, { account_id });
    expect(result.map(({ name }) => name)).toEqual(["second", "last"]);
  });

  test("can become reusable", async () => {
    const made = await policies().create(appId, bots() as never);
    await it.api.put(`/accounts/${account_id}/access/apps/${appId}/policies/${made.id}/make_reusable`);
    expect(await access().policies.get(made.id ?? "", { account_id })).toMatchObject({ reusable: true, app_count: 1 });
  });

  test("of an application that is not there are refused", async () => {
    expect(await refusalOf(policies().create(crypto.randomUUID(), bots() as never))).toMatchObject({ status: 404 });
  });
});

describe("reusable policies", () => {
  const policies = () => access().policies;

  test("are shared, count their applications, and change for all of them at once", async () => {
    const made = await policies().create({ ...bots(), session_duration: "30m" } as never);
    expect(made).toMatchObject({ reusable: true, app_count: 0, session_duration: "30m" });
    await createApp(`/shared${sequence}/a`, [made.id]);
    await createApp(`/shared${sequence}/b`, [{ id: made.id, precedence: 3 }]);
    expect(await policies().get(made.id ?? "", { account_id })).toMatchObject({ app_count: 2 });
    expect(await visit(`/shared${sequence}/a`)).toBe(200);
    await policies().update(made.id ?? "", { ...bots(), decision: "deny", include: COMPANY } as never);
    expect(await visit(`/shared${sequence}/a`)).toBe(403);
    expect(await visit(`/shared${sequence}/b`)).toBe(403);
  });

  test("are not deleted while an application has them", async () => {
    const made = await policies().create(bots() as never);
    const other = await createApp(`/user${sequence}`, [made.id]);
    expect(await refusalOf(policies().delete(made.id ?? "", { account_id }))).toMatchObject({
      status: 400,
      text: expect.stringContaining(`in use by the applications "/user${sequence}"`),
    });
    await access().applications.delete(other, { account_id });
    expect(await policies().delete(made.id ?? "", { account_id })).toEqual({ id: made.id });
  });

  test("are not changed in passing, by one of their applications", async () => {
    const made = await policies().create(bots() as never);
    await createApp(`/passing${sequence}`, [made.id]);
    const body = { type: "self_hosted", name: "x", domain: `${it.host}/x${sequence}`, origin: it.origin.url };
    const policies_ = [{ ...made, name: "changed" }];
    expect(
      await refusalOf(access().applications.create({ account_id, ...body, policies: policies_ } as never)),
    ).toMatchObject({
      text: expect.stringContaining("would change the reusable policy"),
    });
    const place = { account_id, app_id: appId };
    await access().applications.update(appId, { account_id, ...body, policies: [made.id] } as never);
    expect(await refusalOf(access().applications.policies.delete(made.id ?? "", place))).toMatchObject({
      text: expect.stringContaining("This policy is reusable"),
    });
  });

  test("keep a token from being deleted, until they no longer name it", async () => {
    const token = await access().serviceTokens.create({ account_id, name: "named" });
    const include = [{ service_token: { token_id: token.id ?? "" } }];
    const made = await policies().create({ ...bots(), include } as never);
    const gone = () => access().serviceTokens.delete(token.id ?? "", { account_id });
    expect(await refusalOf(gone())).toMatchObject({
      status: 400,
      codes: [12_139],
      text: expect.stringContaining('policy "bots"'),
    });
    await policies().delete(made.id ?? "", { account_id });
    expect(await gone()).toMatchObject({ id: token.id });
  });

  test.each([
    "email_list",
    "ip_list",
    "github-organization",
    "gsuite",
    "azureAD",
    "okta",
    "saml",
    "device_posture",
    "external_evaluation",
    "auth_context",
    "linked_app_token",
    "user_risk_score",
    "cloudflare_account_member",
    "constructor",
    "__proto__",
  ])("with the selector %s are refused by its name", async (selector) => {
    const include = [JSON.parse(`{"${selector}":{"id":"x"}}`)];
    const { status, text } = await refusalOf(policies().create({ ...bots(), include } as never));
    expect(status).toBe(400);
    expect(text).toMatch(/is not supported; use one of: everyone|must have exactly one key/);
    if (selector !== "__proto__") expect(text).toContain(`include.0.${selector}: is not supported`);
  });

  test.each([
    ["isolation_required", true],
    ["approval_required", true],
    ["approval_groups", [{ approvals_needed: 1 }]],
    ["purpose_justification_required", true],
    ["mfa_config", { allowed_authenticators: ["totp"] }],
    ["connection_rules", { ssh: { usernames: ["root"] } }],
  ])("that switch %s on are refused, for nobody would hold to it", async (field, value) => {
    expect(await refusalOf(policies().create({ ...bots(), [field]: value } as never))).toMatchObject({
      status: 400,
      pointers: [`/${field}`],
      text: expect.stringContaining("is not supported by this gateway"),
    });
    expect(
      await policies().create({ ...bots(), isolation_required: false, approval_required: null } as never),
    ).toMatchObject({ name: "bots" });
  });

  test.each([
    ["no include", { include: [] }, "let nobody in"],
    ["no name", { name: "" }, "must not be empty"],
    ["a name that is none", { name: { toString: 1 } }, "name"],
    ["no body", null, "expected object"],
    ["rules that are none", { include: "everyone" }, "include"],
    ["two selectors in one rule", { include: [{ everyone: {}, certificate: {} }] }, "exactly one key"],
    ["a range that is none", { include: [{ ip: { ip: "10.0.0.0/33" } }] }, "is not an IP address or range"],
    ["a group that is not there", { include: [{ group: { id: "nobody" } }] }, "names a group that is not there"],
    [
      "a login method that is not there",
      { decision: "allow", include: [{ login_method: { id: "x" } }] },
      "identity provider that is not there",
    ],
  ])("with %s are refused", async (_, changes, text) => {
    const { account_id: _account, ...fields } = bots();
    const body = changes === null ? undefined : { ...fields, ...changes };
    const call = it.api.post(`/accounts/${account_id}/access/policies`, { body });
    expect(await refusalOf(call)).toMatchObject({ status: 400, text: expect.stringContaining(text) });
  });
});
