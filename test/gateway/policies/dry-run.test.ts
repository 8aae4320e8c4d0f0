import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createConfiguration } from "../../../gateway/src/policies/configuration.ts";
import { dryRun } from "../../../gateway/src/policies/dry-run.ts";
import { parsePolicyFile } from "../../../gateway/src/policies/policy-file.ts";
import { authorize, type RequestFacts, type Subject } from "../../../gateway/src/request/authorize.ts";
import { OTHER_AUD, startGateway, type TestGateway } from "../support/gateway.ts";
import { rawRequest, sendRaw } from "../support/raw-request.ts";
import { refusalOf } from "../support/refusal.ts";

const account_id = "023e105f4ecef8ad9ca31a8372d0c353";

interface DryRun {
  readonly application: { readonly name: string } | null;
  readonly decision: string;
  readonly reason: string;
  readonly policy: { readonly name: string } | null;
  readonly policies: readonly { readonly name: string; readonly matches: boolean; readonly decides: boolean }[];
}

const POLICIES = `
      - name: no strangers
        decision: deny
        include: [{ email: { email: eve@acme.example } }]
      - name: bots
        decision: non_identity
        include: [{ any_valid_service_token: {} }]
        require: [{ ip: { ip: 127.0.0.0/8 } }]
      - name: company
        decision: allow
        include: [{ email_domain: { domain: acme.example } }]`;

describe("a dry run by the API", () => {
  let it: TestGateway;
  beforeAll(async () => {
    it = await startGateway({
      admin: true,
      policies: POLICIES,
      applications: (host, origin) => `
  - { name: Open, aud: ${OTHER_AUD}, domain: "${host}/open", origin: "${origin}", options_preflight_bypass: true, policies: [{ name: all, decision: bypass, include: [{ everyone: {} }] }] }`,
    });
  });
  afterAll(() => it.close());

  async function ask(body: object): Promise<DryRun> {
    const path = `/accounts/${account_id}/access/policy_dry_run`;
    return ((await it.api.post(path, { body })) as { result: DryRun }).result;
  }

  test("says for a token, a person and nobody who decides", async () => {
    const url = `${it.url}/reports?x=1`;
    const bot = { service_token: it.token.id };
    expect(await ask({ url, ip: "127.0.0.1", subject: bot })).toMatchObject({
      application: { name: "Stats" },
      decision: "allowed",
      reason: "",
      policy: { name: "bots" },
      policies: [
        {
          name: "bots",
          applies: true,
          matches: true,
          decides: true,
          rules: [
            { list: "include", rule: { any_valid_service_token: {} }, matches: true },
            { list: "require", rule: { ip: { ip: "127.0.0.0/8" } }, matches: true },
          ],
        },
        { name: "no strangers", applies: true, matches: false, decides: false },
        { name: "company", applies: false, matches: false, decides: false },
      ],
    });
    expect(await ask({ url, ip: "10.0.0.1", subject: bot })).toMatchObject({
      decision: "refused",
      reason: "no_policy_matched",
      policy: null,
    });
    expect(await ask({ url, subject: { email: "Ada@acme.example" } })).toMatchObject({
      decision: "allowed",
      policy: { name: "company" },
    });
    expect(await ask({ url, subject: { email: "eve@acme.example" } })).toMatchObject({
      decision: "refused",
      reason: "policy_denied",
      policy: { name: "no strangers" },
    });
    expect(await ask({ url })).toMatchObject({ decision: "refused", reason: "no_credential" });
  });

  test("knows what needs no policy, and what no application has", async () => {
    expect(await ask({ url: `${it.url}/open` })).toMatchObject({ decision: "bypassed", policy: { name: "all" } });
    expect(await ask({ url: `${it.url}/open`, method: "OPTIONS" })).toMatchObject({
      decision: "bypassed",
      reason: "preflight",
    });
    expect(await ask({ url: `${it.url}/cdn-cgi/access/certs` })).toMatchObject({ decision: "answered" });
    expect(await ask({ url: "https://nowhere.example/" })).toMatchObject({
      application: null,
      reason: "no_application",
    });
    expect(await ask({ url: `${it.url}/OPEN` })).toMatchObject({ decision: "refused", reason: "bad_request" });
  });

  test("takes a token's client id too, and tells a token that is out of use", async () => {
    const token = await it.gateway.tokens.create({ name: "idle" });
    await it.gateway.tokens.disable(token.id);
    expect(await ask({ url: it.url, subject: { service_token: token.clientId } })).toMatchObject({
      decision: "refused",
      reason: "service_token_disabled",
    });
  });

  test.each([
    ["a path that two servers read in two ways", { url: "http://a.example/x/../y" }, 400, "a dot segment"],
    ["no address", {}, 400, "url"],
    ["an address that is none", { url: "http://a.example", ip: "x" }, 400, "is not an IP address"],
    ["a subject that is none", { url: "http://a.example", subject: { name: "x" } }, 400, "leave it out for nobody"],
    [
      "a token that is not there",
      { url: "http://a.example", subject: { service_token: "x" } },
      404,
      "no service token",
    ],
  ])("refuses %s", async (_, body, status, text) =>
    expect(await refusalOf(ask(body))).toMatchObject({ status, text: expect.stringContaining(text) }),
  );

  test("gives what the gateway then does", async () => {
    const bot = { service_token: it.token.id };
    for (const path of ["/", "/reports", "/open", "/open/x", "/OPEN", "/cdn-cgi/access/certs"]) {
      for (const subject of [bot, undefined]) {
        const url = it.url + path;
        const { decision, reason } = await ask({ url, ip: "127.0.0.1", subject });
        const response = await fetch(url, { headers: subject === undefined ? {} : it.pair, redirect: "manual" });
        expect([path, response.ok]).toEqual([path, decision !== "refused"]);
        if (!response.ok) expect(await response.json()).toMatchObject({ reason });
      }
    }
  });
});

test("at the issuer's own host, where there is no application, the gateway itself answers", async () => {
  const host = "login.localhost";
  const it = await startGateway({ admin: true, config: { issuer: `http://${host}` } });
  const ask = async (path: string, method = "GET") => {
    const body = { url: `http://${host}${path}`, method };
    const answer = await it.api.post(`/accounts/${account_id}/access/policy_dry_run`, { body });
    const { decision, reason } = (answer as { result: DryRun }).result;
    return `${decision} ${reason}`;
  };
  for (const path of ["login", "launcher", "certs", "callback", "logout", "get-identity"]) {
    expect([path, await ask(`/cdn-cgi/access/${path}`)]).toEqual([path, "answered own_endpoint"]);
  }
  const asGatewayDoes = async (path: string) => {
    const { body } = await sendRaw(it.port, rawRequest(path, [`Host: ${host}`]));
    return body.includes("no_application") ? "refused no_application" : "answered own_endpoint";
  };
  for (const path of ["/", "/?x=1", "/reports", "/cdn-cgi/other", "/cdn-cgi/access/certs"]) {
    expect([path, await ask(path)]).toEqual([path, await asGatewayDoes(path)]);
  }
  expect(await ask("/", "OPTIONS")).toBe("answered own_endpoint");
  await it.close();
});

describe("a dry run", () => {
  const rule = fc.constantFrom(
    "{ everyone: {} }",
    "{ ip: { ip: 10.0.0.0/8 } }",
    "{ geo: { country_code: NO } }",
    "{ common_name: { common_name: pc } }",
    "{ group: { id: staff } }",
    "{ group: { id: nearby } }",
  );
  const identityRule = fc.oneof(
    rule,
    fc.constantFrom(
      "{ email: { email: ada@acme.example } }",
      "{ email_domain: { domain: acme.example } }",
      "{ login_method: { id: one } }",
      "{ oidc: { identity_provider_id: one, claim_name: role, claim_value: boss } }",
    ),
  );
  const rulesOf = (one: fc.Arbitrary<string>) =>
    fc.record({
      include: fc.array(one, { minLength: 1, maxLength: 3 }),
      require: fc.array(one, { maxLength: 2 }),
      exclude: fc.array(one, { maxLength: 2 }),
    });
  const withoutStaff = rule.filter((text) => !text.includes("staff"));
  const policy = fc.oneof(
    fc.record({ decision: fc.constantFrom("allow", "deny"), rules: rulesOf(identityRule) }),
    fc.record({ decision: fc.constantFrom("bypass", "non_identity"), rules: rulesOf(withoutStaff) }),
  );
  const person = (email: string, identityProviderId: string, claims: Record<string, unknown>): Subject => {
    return { kind: "person", id: "p", email, name: "", sessionId: "s", identityProviderId, claims };
  };
  const subject = fc.constantFrom<Subject | undefined>(
    undefined,
    { kind: "service_token", tokenId: "t", clientId: "c", secretVersion: 1, expiresAtMs: null },
    person("ada@acme.example", "one", { role: ["boss", 1] }),
    person("bob@other.example", "two", { role: "boss" }),
  );
  const facts: fc.Arbitrary<RequestFacts> = fc.record({
    ip: fc.constantFrom("", "10.1.2.3", "::ffff:10.9.9.9", "192.0.2.1", "2001:db8::1"),
    country: fc.constantFrom(null, "NO", "SE"),
    certificateName: fc.constantFrom(null, "pc"),
  });
  const GROUPS = `groups: [{ id: staff, name: Staff, include: [{ email_domain: { domain: acme.example } }] }, { id: nearby, name: Nearby, include: [{ ip: { ip: "10.0.0.0/8" } }], exclude: [{ geo: { country_code: SE } }] }]`;

  test("decides as a request is decided, and its rules explain the decision", () => {
    fc.assert(
      fc.property(
        fc.array(policy, { minLength: 1, maxLength: 5 }),
        subject,
        facts,
        fc.boolean(),
        (all, who, known, isLimited) => {
          const list = all.map(
            ({ decision, rules }, index) =>
              `{ name: p${index}, decision: ${decision}, include: [${rules.include}], require: [${rules.require}], exclude: [${rules.exclude}] }`,
          );
          const allowed = isLimited ? "allowed_idps: [one]," : "";
          const { applications } = parsePolicyFile(
            `applications: [{ name: A, aud: "${"a".repeat(64)}", domain: a.example, ${allowed} origin: "http://o", policies: [${list.join(", ")}] }]\n${GROUPS}`,
          );
          const organization = {
            name: "",
            sessionDurationMs: 1,
            isStrict: false,
            isAutoRedirected: false,
            tokenInactivity: null,
          };
          const configuration = createConfiguration({
            applications,
            organization,
            identityProviders: [],
            version: "1",
          });
          const [application] = applications;
          if (application === undefined) throw new TypeError("no application");
          const target = { host: "a.example", path: "/", query: "" };
          const question = {
            target,
            isPreflight: false,
            facts: known,
            subject: who,
            unauthenticated: "no_credential" as const,
            issuerHost: "login.example",
          };
          const answer = dryRun(configuration, question);
          const decision = authorize(application, who, known);
          expect(answer.decision).toBe(decision.outcome);
          const decisive = answer.policies.filter(({ isDecisive }) => isDecisive);
          expect(decisive.map((one) => one.policy)).toEqual(decision.policy === undefined ? [] : [decision.policy]);
          expect(answer.policies.find(({ isMatch }) => isMatch)?.policy).toBe(decision.policy);
          for (const { isMatch, isApplicable, rules } of answer.policies) {
            const of = (name: string) => rules.filter(({ list: one }) => one === name);
            const expected =
              isApplicable &&
              of("include").some((one) => one.isMatch) &&
              of("require").every((one) => one.isMatch) &&
              !of("exclude").some((one) => one.isMatch);
            expect(isMatch).toBe(expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
