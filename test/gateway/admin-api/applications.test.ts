import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AUD, startGateway, type TestGateway } from "../support/gateway.ts";
import { refusalOf } from "../support/refusal.ts";

const account_id = "023e105f4ecef8ad9ca31a8372d0c353";
const EVERY_BOT = { name: "bots", decision: "non_identity", include: [{ any_valid_service_token: {} }] };
const COMPANY = { name: "company", decision: "allow", include: [{ email_domain: { domain: "acme.example" } }] };

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());
afterEach(async () => {
  for await (const { id, read_only } of list()) if (!read_only) await apps().delete(id, { account_id });
});

interface App extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly aud: string;
  readonly name: string;
  readonly domain: string;
  readonly read_only: boolean;
  readonly policies: readonly { readonly id: string; readonly name: string; readonly precedence: number }[];
}

const apps = () => it.api.zeroTrust.access.applications;
const list = (query: object = {}) => apps().list({ account_id, ...query }) as unknown as AsyncIterable<App>;
const create = (changes: object = {}) => apps().create(application(changes)) as unknown as Promise<App>;
const update = (id: string, changes: object = {}) => apps().update(id, application(changes)) as unknown as Promise<App>;

/** The least that makes an application. Typed loosely: `origin` is a field of ours. */
function application(changes: object = {}) {
  const domain = `${it.host}/reports`;
  return { account_id, type: "self_hosted", name: "Reports", domain, origin: it.origin.url, ...changes } as never;
}

async function namesOf(query: object = {}): Promise<string[]> {
  const names = [];
  for await (const { name } of list(query)) names.push(name);
  return names;
}

/** Status and, of a refusal, the reason that a bot gets. */
async function visit(path: string, headers: Readonly<Record<string, string>> = it.pair): Promise<string> {
  const response = await fetch(it.url + path, {
    headers: { accept: "application/json", ...headers },
    redirect: "manual",
  });
  return response.ok ? "let in" : `${response.status} ${((await response.json()) as { reason: string }).reason}`;
}

describe("applications by the API", () => {
  test("are in force as soon as the call returns, and gone as soon as they are deleted", async () => {
    expect(await visit("/reports/1")).toBe("let in");
    const made = await create();
    expect(await visit("/reports/1")).toBe("403 service_token_needs_service_auth");
    await update(made.id, { policies: [EVERY_BOT] });
    expect(await visit("/reports/1")).toBe("let in");
    await update(made.id, { policies: [EVERY_BOT], domain: `${it.host}/elsewhere` });
    expect(await visit("/elsewhere/1")).toBe("let in");
    expect(await apps().delete(made.id, { account_id })).toEqual({ id: made.id });
    expect(await refusalOf(apps().get(made.id, { account_id }))).toMatchObject({
      status: 404,
      text: expect.stringContaining("access.api.error.application_not_found"),
    });
  });

  test("have an audience tag that never changes, and what was read may be sent back as it is", async () => {
    const made = await create({ tags: ["a"], skip_interstitial: true, policies: [EVERY_BOT] });
    expect(made).toMatchObject({
      aud: expect.stringMatching(/^[0-9a-f]{64}$/),
      type: "self_hosted",
      domain: `${it.host}/reports`,
      destinations: [{ type: "public", uri: `${it.host}/reports` }],
      self_hosted_domains: [`${it.host}/reports`],
      session_duration: "24h",
      tags: ["a"],
      skip_interstitial: true,
      policies: [{ name: "bots", decision: "non_identity", precedence: 1, reusable: false }],
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const again = await update(made.id, { ...made, aud: "0".repeat(64), name: "New" });
    const { updated_at: _, policies, ...rest } = again;
    expect(rest).toEqual({ ...rest, aud: made.aud, name: "New", tags: ["a"] });
    expect(policies.map(({ id }) => id)).toEqual(made.policies.map(({ id }) => id));
  });

  test("are replaced by PUT: what is left out gets its default; the policies stay unless they are spoken of", async () => {
    const made = await create({
      session_duration: "1h",
      tags: ["a"],
      custom_deny_message: "no",
      policies: [EVERY_BOT],
    });
    const replaced = await update(made.id);
    expect(replaced).toMatchObject({ session_duration: "24h", tags: [], policies: [{ name: "bots" }] });
    expect(replaced).not.toHaveProperty("custom_deny_message");
    expect(await update(made.id, { policies: [] })).toMatchObject({ policies: [] });
    expect(await visit("/reports")).toBe("403 service_token_needs_service_auth");
  });

  test("have two settings of their own call, and keep the rest", async () => {
    const made = await create({ tags: ["a"], policies: [EVERY_BOT] });
    const { settings } = apps();
    expect(await settings.update(made.id, { account_id, allow_iframe: true })).toEqual({
      allow_iframe: true,
      skip_interstitial: false,
    });
    await settings.edit(made.id, { account_id, skip_interstitial: true });
    expect(await apps().get(made.id, { account_id })).toMatchObject({
      allow_iframe: true,
      skip_interstitial: true,
      tags: ["a"],
      policies: [{ name: "bots" }],
    });
  });

  test("are listed page by page, and past the end there is nothing", async () => {
    for (const name of ["One", "Two", "Three"]) {
      await create({ name, domain: `${it.host}/${name}` });
      it.clock.nowMs += 1;
    }
    expect(await namesOf({ per_page: 1 })).toEqual(["Stats", "One", "Two", "Three"]);
    expect((await apps().list({ account_id, page: 99, per_page: 10 })).result).toEqual([]);
  });

  test.each([
    [{ name: "tw" }, ["Two"]],
    [{ name: "Two", exact: true }, ["Two"]],
    [{ name: "tw", exact: true }, []],
    [{ domain: "/two" }, ["Two"]],
    [{ search: "two" }, ["Two"]],
    [{ aud: AUD }, ["Stats"]],
    [{ aud: "nobody" }, []],
  ])("are filtered by %o", async (query, expected) => {
    await create({ name: "Two", domain: `${it.host}/two` });
    expect(await namesOf(query)).toEqual(expected);
  });

  test("are on several destinations, wildcards among them", async () => {
    const destinations = [`${it.host}/a`, `${it.host}/b*/c`].map((uri) => ({ type: "public", uri }));
    const made = await create({ domain: undefined, destinations, policies: [COMPANY] });
    expect(made.domain).toBe(`${it.host}/a`);
    for (const path of ["/a/x", "/b1/c", "/b/x/c/y"]) expect(await visit(path)).toContain("needs_service_auth");
    for (const path of ["/b", "/ab", "/b1/cc"]) expect(await visit(path)).toBe("let in");
  });

  test("of the policy file are shown, and changed there alone", async () => {
    const [stats] = (await apps().list({ account_id })).result as unknown as App[];
    expect(stats).toMatchObject({ name: "Stats", aud: AUD, read_only: true, managed_by: "policy_file" });
    for (const call of [update(stats?.id ?? ""), apps().delete(stats?.id ?? "", { account_id })]) {
      expect(await refusalOf(call)).toMatchObject({
        status: 400,
        text: expect.stringContaining("GATEWAY_POLICY_FILE"),
      });
    }
  });

  test("that want the place of another are refused, however it is written", async () => {
    await create();
    for (const domain of [it.host, `${it.host}/*`, `${it.host}/Reports/`]) {
      expect(await refusalOf(create({ domain }))).toMatchObject({
        status: 400,
        codes: [12_136],
        text: expect.stringMatching(
          /application_already_exists: .*is already taken by the application (?:Reports|Stats)/,
        ),
      });
    }
  });

  test("need an origin, and say where else it may come from", async () => {
    expect(await refusalOf(create({ origin: undefined }))).toMatchObject({
      status: 400,
      codes: [12_130],
      pointers: ["/origin"],
      text: expect.stringContaining("GATEWAY_ORIGINS=HOST=ORIGIN"),
    });
  });

  test.each([
    ["another type", { type: "saas" }, "type", "applications of type saas are not supported"],
    ["a private destination", { destinations: [{ type: "private", cidr: "10.0.0.0/8" }] }, "destinations", "private"],
    ["a scheme in its domain", { domain: "https://a.example" }, "domain", "must be a host"],
    ["two wildcards in one place", { domain: "a.example/x*y*" }, "domain", "two wildcards"],
    ["a domain that is no destination", { destinations: [{ uri: "b.example" }] }, "domain", "one of the destinations"],
    ["second factors", { mfa_config: { allowed_authenticators: ["totp"] } }, "mfa_config", "is not supported"],
    ["isolation", { use_clientless_isolation_app_launcher_url: true }, "use_clientless", "is not supported"],
    ["a field that nobody knows", { isolation: true }, "", "isolation"],
    ["a session without end", { session_duration: "1000h" }, "session_duration", "between 1s and 744h"],
    ["a header with a meaning", { read_service_tokens_from_header: "Cookie" }, "read_service", "meaning of its own"],
    ["cookies that are neither", { same_site_cookie_attribute: "no" }, "same_site", "none, lax or strict"],
    ["a script as deny address", { custom_deny_url: "javascript:alert(1)" }, "custom_deny_url", "http:// or https://"],
    [
      "a line break in the deny address",
      { custom_deny_url: "https://a.example/\r\nx: y" },
      "custom_deny_url",
      "escaped",
    ],
    ["a deny address that fits no header", { custom_deny_url: "https://a.example/日本" }, "custom_deny_url", "escaped"],
    ["a script as logo", { logo_url: "javascript:alert(1)" }, "logo_url", "http:// or https://"],
    [
      "preflights answered twice",
      { options_preflight_bypass: true, cors_headers: { allow_all_origins: true } },
      "options_preflight_bypass",
      "together with cors_headers",
    ],
    [
      "credentials for every website",
      { cors_headers: { allow_all_origins: true, allow_credentials: true } },
      "cors_headers/allow_credentials",
      "any website could read",
    ],
    ["an unknown identity provider", { allowed_idps: ["nobody"] }, "allowed_idps/0", "is not there"],
  ])("with %s are refused by name", async (_, changes, pointer, text) => {
    const refusal = await refusalOf(create(changes));
    expect(refusal).toMatchObject({ status: 400, text: expect.stringContaining(text) });
    expect(refusal.codes.every((code) => code === 12_130)).toBe(true);
    expect(refusal.pointers.join(" ")).toContain(pointer);
    expect(await namesOf()).toEqual(["Stats"]);
  });

  test("tell all problems at once, of their policies too", async () => {
    const policies = [
      { ...EVERY_BOT, decision: "permit" },
      { ...COMPANY, include: [{ email_list: { id: "x" } }] },
    ];
    const { pointers, text } = await refusalOf(create({ session_duration: "x", policies }));
    expect(pointers).toEqual(["/session_duration", "/policies/0/decision", "/policies/1/include/0/email_list"]);
    expect(text).toContain(
      "is not supported; use one of: everyone, email, email_domain, ip, geo, group, service_token",
    );
  });

  test("leave a line in the audit log, with who and what", async () => {
    const made = await create();
    await update(made.id, { name: "Other" });
    const path = `/accounts/${account_id}/access/logs/audit?kind=change&limit=2`;
    const { result } = (await it.api.get(path)) as { result: { lines: readonly object[] } };
    expect(result.lines).toMatchObject([
      {
        event: "application.updated",
        actor: { kind: "api_token", name: "tests" },
        detail: { id: made.id, name: "Other", changed: ["name"] },
      },
      { event: "application.created" },
    ]);
  });
});

describe("policies within an application's body", () => {
  test("are made, kept, changed and dropped as the list says", async () => {
    const made = await create({ policies: [EVERY_BOT, COMPANY] });
    const [bots, company] = made.policies;
    const changed = await update(made.id, {
      policies: [
        { ...company, name: "staff", precedence: 1 },
        { ...EVERY_BOT, name: "new", precedence: 7 },
      ],
    });
    expect(changed.policies).toMatchObject([
      { id: company?.id, name: "staff", precedence: 1 },
      { name: "new", precedence: 7 },
    ]);
    expect(changed.policies.map(({ id }) => id)).not.toContain(bots?.id);
  });

  test.each([
    ["an id that is not there", () => ["nothing"], "names a policy that is not there"],
    [
      "one precedence for two",
      () => [
        { ...EVERY_BOT, precedence: 2 },
        { ...COMPANY, precedence: 2 },
      ],
      "must be unique",
    ],
    ["a token that is not there", () => [botPolicy(crypto.randomUUID())], "service token that is not there"],
    ["a bot's client id", () => [botPolicy(it.token.clientId)], "the Client ID does not go here"],
    ["a token in an Allow policy", () => [{ ...EVERY_BOT, decision: "allow" }], "send the bot to the login page"],
    ["a person under Service Auth", () => [{ ...COMPANY, decision: "non_identity" }], "needs a login"],
    ["a person under Bypass", () => [{ ...COMPANY, decision: "bypass" }], "needs a login"],
    [
      "countries that nobody tells",
      () => [{ ...COMPANY, exclude: [{ geo: { country_code: "KP" } }] }],
      "GATEWAY_COUNTRY",
    ],
    [
      "certificates that nobody checks",
      () => [{ ...COMPANY, require: [{ certificate: {} }] }],
      "GATEWAY_TLS_CLIENT_CA",
    ],
  ])("with %s are refused", async (_, policies, text) => {
    expect(await refusalOf(create({ policies: policies() }))).toMatchObject({
      status: 400,
      text: expect.stringContaining(text),
    });
  });

  function botPolicy(token_id: string) {
    return { ...EVERY_BOT, include: [{ service_token: { token_id } }] };
  }
});
