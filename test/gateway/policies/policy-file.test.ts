import { ConfigError } from "@gatehouse/service";
import { describe, expect, test } from "vitest";
import { parsePolicyFile } from "../../../gateway/src/policies/policy-file.ts";

const GOOD = `applications:
  - name: Stats
    aud: ${"a".repeat(64)}
    domain: localhost:4001
    origin: http://127.0.0.1:4002
    session_duration: 12h
    policies:
      - name: bots
        decision: non_identity
        include:
          - any_valid_service_token: {}
      - name: company
        decision: allow
        include:
          - email_domain: { domain: acme.example }
`;

function problemsOf(text: string): string[] {
  try {
    parsePolicyFile(text, "policies.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ name, problem }) => `${name}: ${problem}`);
  }
}

describe("the policy file", () => {
  test("is read into applications and policies", () => {
    const { applications, version } = parsePolicyFile(GOOD);
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    expect(applications).toMatchObject([
      {
        name: "Stats",
        destinations: [{ host: "localhost:4001", path: "" }],
        origin: "http://127.0.0.1:4002",
        sessionDurationMs: 43_200_000,
      },
    ]);
    expect(applications[0]?.policies.map(({ decision }) => decision)).toEqual(["non_identity", "allow"]);
  });

  test.each([
    ["aud", /aud: .*/, "aud: abc", "policies.yaml:3 applications[0].aud: must be 64 lower-case hex digits"],
    ["domain", /domain: local.*/, "domain: http://a/", "policies.yaml:4 applications[0].domain: must be a host"],
    [
      "origin",
      /origin: .*/,
      "origin: http://a/path",
      "policies.yaml:5 applications[0].origin: must be http:// or https://",
    ],
    ["duration", /12h/, "12 hours", "policies.yaml:6 applications[0].session_duration: A duration is"],
    ["long duration", /12h/, "1000h", "policies.yaml:6 applications[0].session_duration: must lie between 1s and 744h"],
    ["decision", /decision: allow/, "decision: permit", "applications[0].policies[1].decision"],
    ["unknown field", /session_duration/, "sesion_duration", "Unrecognized key"],
    [
      "unknown selector",
      /any_valid_service_token: {}/,
      "device_posture: { integration_uid: x }",
      "include[0].device_posture: is not supported; use one of: everyone",
    ],
    [
      "prototype's name as selector",
      /any_valid_service_token: {}/,
      "constructor: {}",
      "include[0].constructor: is not supported",
    ],
    [
      "two selectors in one rule",
      /any_valid_service_token: {}/,
      "{ everyone: {}, email: { email: a@b } }",
      "must have exactly one key",
    ],
    [
      "token in an allow policy",
      /decision: non_identity/,
      "decision: allow",
      "it would send the bot to the login page",
    ],
    [
      "e-mail under service auth",
      /decision: allow/,
      "decision: non_identity",
      "needs a login, and decision: non_identity asks for none",
    ],
    [
      "client id for a token's id",
      /any_valid_service_token: {}/,
      "service_token: { token_id: abc.access }",
      "the Client ID does not go here",
    ],
    [
      "range that is none",
      /any_valid_service_token: {}/,
      "ip: { ip: 10.0.0.0/33 }",
      "include[0].ip.ip: is not an IP address or range",
    ],
  ])("with a wrong %s is refused, with the place", (_, what, by, expected) =>
    expect(problemsOf(GOOD.replace(what, by)).join("\n")).toContain(expected),
  );

  test("lists all problems at once", () => {
    expect(
      problemsOf(
        GOOD.replace(/aud: .*/, "aud: x")
          .replace("12h", "x")
          .replace("decision: allow", "x: y"),
      ),
    ).toHaveLength(4);
  });

  test("has groups, which its policies name; a problem in one is told at its line", () => {
    const groups = `groups:
  - id: staff
    name: Staff
    include:
      - email_domain: { domain: acme.example }
`;
    const byGroup = GOOD.replace("email_domain: { domain: acme.example }", "group: { id: staff }");
    const [application] = parsePolicyFile(byGroup + groups).applications;
    expect(application?.policies[1]?.include).toMatchObject([{ kind: "group", group: { id: "staff", name: "Staff" } }]);
    expect(problemsOf(byGroup)).toEqual([
      "policies.yaml:15 applications[0].policies[1].include[0]: names a group that is not there, or that cannot be used",
    ]);
    const hidden = groups.replace("email_domain: { domain: acme.example }", "any_valid_service_token: {}");
    expect(problemsOf(byGroup + hidden)[0]).toMatch(
      /^policies.yaml:15 .*in the group Staff: a service token has no identity/,
    );
    expect(problemsOf(byGroup + groups.replace("acme.example", "x"))[0]).toMatch(
      /^policies.yaml:20 groups\[0\].include\[0\].email_domain.domain: /,
    );
  });

  test("may name several destinations and everything else that the API takes", () => {
    const [application] = parsePolicyFile(
      GOOD.replace(
        "domain: localhost:4001",
        `destinations: [{ uri: localhost:4001/a }, { uri: "*.example.com/b*" }]
    read_service_tokens_from_header: Authorization
    cors_headers: { allowed_origins: [https://app.example.com], allowed_methods: [GET], max_age: 60 }
    custom_deny_message: Ask Ada`,
      ),
    ).applications;
    expect(application).toMatchObject({
      domain: "localhost:4001/a",
      destinations: [
        { host: "localhost:4001", path: "/a" },
        { host: "*.example.com", path: "/b*" },
      ],
      tokenHeader: "authorization",
      cors: {
        origins: ["https://app.example.com"],
        methods: ["GET"],
        headers: [],
        allowsCredentials: false,
        maxAgeSeconds: 60,
      },
      denyMessage: "Ask Ada",
    });
  });

  test("that is not YAML says where", () =>
    expect(problemsOf("applications: [\n  }")[0]).toMatch(/^policies.yaml:\d+: is not YAML/));

  test("that is empty is refused", () => expect(problemsOf("")).toHaveLength(1));

  test("with two applications at one address is refused", () => {
    const second = GOOD.replace("applications:\n", "").replace(/aud: a+/, `aud: ${"b".repeat(64)}`);
    expect(problemsOf(GOOD + second)[0]).toContain("applications[1].domain: is already taken");
  });
});
