import { describe, expect, test } from "vitest";
import { parsePolicyFile } from "../../../gateway/src/policies/policy-file.ts";
import { authorize, type Subject } from "../../../gateway/src/request/authorize.ts";

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

function decide(policies: string, subject: Subject | undefined, ip = IP) {
  const text = `applications: [{ name: A, aud: ${"a".repeat(64)}, domain: a.example, origin: "http://o", policies: ${policies} }]`;
  const [application] = parsePolicyFile(text).applications;
  if (application === undefined) throw new TypeError("no application");
  return authorize(application, subject, { ip, country: null, certificateName: null });
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
});
