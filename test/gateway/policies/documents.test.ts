import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applicationDocumentSchema } from "../../../gateway/src/policies/application-document.ts";
import { type Catalogue, EMPTY_CATALOGUE } from "../../../gateway/src/policies/catalogue.ts";
import { compileCatalogue } from "../../../gateway/src/policies/compile-catalogue.ts";
import { identityProviderDocumentSchema } from "../../../gateway/src/policies/identity-provider-document.ts";
import { organizationDocumentSchema } from "../../../gateway/src/policies/organization-document.ts";
import { groupDocumentSchema, policyDocumentSchema } from "../../../gateway/src/policies/policy-document.ts";

const APPLICATION = { name: "Stats", domain: "stats.example.com", origin: "http://127.0.0.1:1" };
const POLICY = { name: "p", decision: "allow", include: [{ email: { email: "Ada@acme.example" } }] };
const PROVIDER = { name: "Company", type: "oidc", config: { issuer: "https://idp.example", client_id: "gate" } };

const SCHEMAS = {
  application: [applicationDocumentSchema, APPLICATION],
  policy: [policyDocumentSchema, POLICY],
  group: [groupDocumentSchema, { name: "g", include: [{ everyone: {} }] }],
  "identity provider": [identityProviderDocumentSchema, PROVIDER],
  organization: [organizationDocumentSchema, { name: "Acme" }],
} as const;

describe.each(Object.entries(SCHEMAS))("the document of an %s", (_, [schema, good]) => {
  test("reads again as what it was read to: what is stored is what was checked", () => {
    const once = schema.parse(good);
    expect(schema.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  test("is read or refused with a place, whatever is in it; never anything else", () => {
    const fields = fc.constantFrom(
      ...Object.keys(good),
      "destinations",
      "include",
      "cors_headers",
      "config",
      "session_duration",
    );
    fc.assert(
      fc.property(fc.jsonValue(), fields, (value, field) => {
        for (const input of [value, { ...good, [field]: value }, { ...good, ...(value as object) }]) {
          const parsed = schema.safeParse(input);
          if (parsed.success) expect(schema.parse(parsed.data)).toEqual(parsed.data);
          else expect(parsed.error.issues.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("is not filled from a prototype", () => {
    const input = JSON.parse(`{"__proto__":${JSON.stringify(good)}}`);
    expect(schema.safeParse(input).success).toBe(false);
  });
});

describe("a catalogue", () => {
  function entry<D>(id: string, document: D) {
    return { id, source: "store" as const, createdAt: "", updatedAt: "", document, raw: document, problems: [] };
  }

  function catalogueOf(decision: string, rule: object, group?: object): Catalogue {
    const document = applicationDocumentSchema.parse(APPLICATION);
    const policy = policyDocumentSchema.parse({ name: "p", decision, include: [rule] });
    return {
      ...EMPTY_CATALOGUE,
      applications: new Map([
        ["a", { ...entry("a", document), aud: "a".repeat(64), policies: [{ policyId: "p", precedence: 1 }] }],
      ]),
      policies: new Map([["p", { ...entry("p", policy), applicationId: "a" }]]),
      groups: group === undefined ? new Map() : new Map([["g", entry("g", groupDocumentSchema.parse(group))]]),
    };
  }

  const compile = (catalogue: Catalogue, isKnown = true) => {
    const facts = { hasCountry: isKnown, hasClientCertificate: isKnown };
    return compileCatalogue(catalogue, { origins: () => undefined, facts });
  };

  test.each([
    ["a policy with a group that is gone", catalogueOf("allow", { group: { id: "g" } }), true],
    [
      "a group that holds itself",
      catalogueOf("allow", { group: { id: "g" } }, { name: "g", include: [{ group: { id: "g" } }] }),
      true,
    ],
    [
      "a token hidden in a group under Allow",
      catalogueOf("allow", { group: { id: "g" } }, { name: "g", include: [{ any_valid_service_token: {} }] }),
      true,
    ],
    [
      "a person hidden in a group under Bypass",
      catalogueOf("bypass", { group: { id: "g" } }, { name: "g", include: [POLICY.include[0]] }),
      true,
    ],
    ["a country that nobody tells", catalogueOf("bypass", { geo: { country_code: "NO" } }), false],
    ["a certificate that nobody checks", catalogueOf("bypass", { common_name: { common_name: "x" } }), false],
    ["a policy that is gone", { ...catalogueOf("bypass", { everyone: {} }), policies: new Map() }, true],
  ])("with %s refuses everyone there, and says so", (_, catalogue, isKnown) => {
    const { applications, problems } = compile(catalogue as Catalogue, isKnown);
    expect(applications).toMatchObject([
      { policies: [], admitsPeople: false, admitsTokens: false, destinations: [{ host: "stats.example.com" }] },
    ]);
    expect(problems.map(({ kind }) => kind)).toContain("application");
  });

  test("keeps the claims that rules ask for, whether the provider lists them or not", () => {
    const rule = { oidc: { claim_name: "team", claim_value: "blue", identity_provider_id: "i" } };
    const provider = { ...entry("i", identityProviderDocumentSchema.parse(PROVIDER)), clientSecret: "s" };
    const catalogue = { ...catalogueOf("allow", rule), identityProviders: new Map([["i", provider]]) };
    expect(compile(catalogue).identityProviders).toMatchObject([{ id: "i", claims: ["team"], clientSecret: "s" }]);
  });

  test("with an organization that cannot be read is strict", () => {
    const organization = {
      ...EMPTY_CATALOGUE.organization,
      document: undefined,
      problems: [{ path: [], message: "x" }],
    };
    expect(compile({ ...EMPTY_CATALOGUE, organization }).organization.isStrict).toBe(true);
  });
});
