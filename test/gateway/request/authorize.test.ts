import { describe, expect, test } from "vitest";
import { parsePolicyFile } from "../../../gateway/src/policies/policy-file.ts";
import { authorize, type RequestFacts, type Subject } from "../../../gateway/src/request/authorize.ts";

const TOKEN_ID = "11111111-2222-4333-8444-555555555555";
const bot: Subject = {
  kind: "service_token",
  tokenId: TOKEN_ID,
  clientId: "c.access",
  secretVersion: 1,
  expiresAtMs: null,
};
const ada: Subject = {
  kind: "person",
  id: "p",
  email: "Ada@Acme.example",
  name: "Ada",
  sessionId: "s",
  identityProviderId: "idp",
  claims: {},
};
const IP = "10.1.2.3";

const FACTS: RequestFacts = { ip: IP, country: null, certificateName: null };

function judge(policies: string, subject: Subject | undefined, facts: RequestFacts, fields = "") {
  const text = `applications: [{ name: A, aud: "${"a".repeat(64)}", domain: a.example, origin: "http://o", ${fields} policies: ${policies} }]`;
  const [application] = parsePolicyFile(text).applications;
  if (application === undefined) throw new TypeError("no application");
  return authorize(application, subject, facts);
}

function decide(policies: string, subject: Subject | undefined, ip = IP) {
  return judge(policies, subject, { ...FACTS, ip });
}

const rule = (name: string, decision: string, include: string, more = "") =>
  `{ name: ${name}, decision: ${decision}, include: [${include}]${more} }`;
const EVERYONE = "{ everyone: {} }";
const ANY_TOKEN = "{ any_valid_service_token: {} }";
const COMPANY = "{ email_domain: { domain: acme.example } }";

describe("policies", () => {
  test.each([
    ["nobody, under allow", rule("p", "allow", EVERYONE), undefined, "no_policy_matched"],
    ["nobody, under service auth for everyone", rule("p", "non_identity", EVERYONE), undefined, "no_policy_matched"],
    ["a bot, where no policy admits bots", rule("p", "allow", EVERYONE), bot, "service_token_needs_service_auth"],
    [
      "a bot, where another one is meant",
      rule("p", "non_identity", "{ service_token: { token_id: 99999999-2222-4333-8444-555555555555 } }"),
      bot,
      "no_policy_matched",
    ],
    ["a person, under service auth", rule("p", "non_identity", EVERYONE), ada, "no_policy_matched"],
    [
      "a person of another domain",
      rule("p", "allow", "{ email_domain: { domain: cme.example } }"),
      ada,
      "no_policy_matched",
    ],
    [
      "a person who is excluded",
      rule("p", "allow", COMPANY, ", exclude: [{ email: { email: ada@acme.example } }]"),
      ada,
      "no_policy_matched",
    ],
    [
      "a person without what is required",
      rule("p", "allow", COMPANY, ", require: [{ ip: { ip: 192.168.0.0/16 } }]"),
      ada,
      "no_policy_matched",
    ],
    [
      "a person who is blocked first",
      `${rule("p", "deny", EVERYONE)}, ${rule("q", "allow", COMPANY)}`,
      ada,
      "policy_denied",
    ],
  ])("refuse %s", (_, policies, subject, reason) =>
    expect(decide(`[${policies}]`, subject)).toMatchObject({ outcome: "refused", reason }),
  );

  test.each([
    ["any bot", rule("p", "non_identity", ANY_TOKEN), bot, "allowed"],
    [
      "the bot that is named",
      rule("p", "non_identity", `{ service_token: { token_id: ${TOKEN_ID} } }`),
      bot,
      "allowed",
    ],
    ["a person by domain, whatever the case", rule("p", "allow", COMPANY), ada, "allowed"],
    ["a person by address", rule("p", "allow", "{ email: { email: ADA@acme.example } }"), ada, "allowed"],
    ["a person from a network", rule("p", "allow", COMPANY, ", require: [{ ip: { ip: 10.0.0.0/8 } }]"), ada, "allowed"],
    ["nobody at all, under bypass", rule("p", "bypass", EVERYONE), undefined, "bypassed"],
    ["nobody from a network, under bypass", rule("p", "bypass", "{ ip: { ip: 10.1.2.3 } }"), undefined, "bypassed"],
    [
      "a person allowed before being blocked",
      `${rule("p", "allow", COMPANY)}, ${rule("q", "deny", EVERYONE)}`,
      ada,
      "allowed",
    ],
    [
      "a bot, though a block stands first: service auth comes before it",
      `${rule("q", "deny", EVERYONE)}, ${rule("p", "non_identity", ANY_TOKEN)}`,
      bot,
      "allowed",
    ],
  ])("let in %s", (_, policies, subject, outcome) =>
    expect(decide(`[${policies}]`, subject)).toMatchObject({ outcome, policy: { name: "p" } }),
  );

  test("an address that is not one matches no range", () => {
    expect(decide(`[${rule("p", "bypass", "{ ip: { ip: 0.0.0.0/0 } }")}]`, undefined, "")).toMatchObject({
      outcome: "refused",
    });
  });

  describe("where something cannot be known, it counts against the caller", () => {
    const nothing = { ip: "", country: null, certificateName: null };
    const NORWAY = "{ geo: { country_code: NO } }";
    const INSIDE = "{ ip: { ip: 10.0.0.0/8 } }";
    const decideBlind = (policy: string) => judge(`[${policy}]`, ada, nothing).outcome;

    test.each([
      ["no country is in no country", rule("p", "allow", NORWAY), "refused"],
      ["… and may be in one that is kept out", rule("p", "allow", COMPANY, `, exclude: [${NORWAY}]`), "refused"],
      ["… or in one that is blocked", `${rule("q", "deny", NORWAY)}, ${rule("p", "allow", COMPANY)}`, "refused"],
      [
        "… but no block is escaped by it",
        `${rule("q", "deny", COMPANY, `, exclude: [${NORWAY}]`)}, ${rule("p", "allow", COMPANY)}`,
        "refused",
      ],
      ["no address is inside nothing", rule("p", "bypass", INSIDE), "refused"],
      ["… and may be among those kept out", rule("p", "allow", COMPANY, `, exclude: [${INSIDE}]`), "refused"],
      ["what does not ask is not concerned", rule("p", "allow", COMPANY), "allowed"],
    ])("%s", (_, policies, outcome) => expect(decideBlind(policies)).toBe(outcome));
  });

  test("an address that is mapped into IPv6 is the same address", () =>
    expect(decide(`[${rule("p", "bypass", "{ ip: { ip: 10.0.0.0/8 } }")}]`, undefined, "::ffff:10.1.2.3").outcome).toBe(
      "bypassed",
    ));

  test.each(["constructor", "__proto__", "toString", "role"])(
    "a claim named %s that nobody made is not there",
    (claim) => {
      const oidc = `{ oidc: { identity_provider_id: idp, claim_name: ${claim}, claim_value: "x" } }`;
      expect(decide(`[${rule("p", "allow", oidc)}]`, ada).outcome).toBe("refused");
    },
  );

  test.each([
    ["boss", "boss", true],
    [["staff", "boss"], "boss", true],
    [true, "true", true],
    [[1, 2], "2", true],
    ["bosses", "boss", false],
    [{ boss: true }, "boss", false],
    [null, "null", false],
    [[["boss"]], "boss", false],
  ])("a claim of %j is %s: %s", (value, wanted, isMatch) => {
    const oidc = `{ oidc: { identity_provider_id: idp, claim_name: role, claim_value: "${wanted}" } }`;
    const person = { ...ada, claims: { role: value } } as Subject;
    expect(decide(`[${rule("p", "allow", oidc)}]`, person).outcome).toBe(isMatch ? "allowed" : "refused");
  });

  test("another provider's word does not count where one is named", () => {
    const elsewhere = { ...ada, identityProviderId: "other", claims: { role: "boss" } } as Subject;
    const oidc = "{ oidc: { identity_provider_id: idp, claim_name: role, claim_value: boss } }";
    expect(decide(`[${rule("p", "allow", oidc)}]`, elsewhere).outcome).toBe("refused");
    expect(decide(`[${rule("p", "allow", "{ login_method: { id: idp } }")}]`, elsewhere).outcome).toBe("refused");
    const limited = judge(`[${rule("p", "allow", EVERYONE)}]`, elsewhere, FACTS, "allowed_idps: [idp],");
    expect(limited).toMatchObject({ outcome: "refused", reason: "session_unknown" });
  });
});
