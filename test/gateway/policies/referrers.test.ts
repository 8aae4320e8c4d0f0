import { expect, test } from "vitest";
import { createConfiguration } from "../../../gateway/src/policies/configuration.ts";
import { parsePolicyFile } from "../../../gateway/src/policies/policy-file.ts";
import { describeReferrers, referrersOf } from "../../../gateway/src/policies/referrers.ts";

const TOKEN = "11111111-2222-4333-8444-555555555555";

test("who names a token: policies with their applications, and groups", () => {
  const named = `{ service_token: { token_id: ${TOKEN} } }`;
  const policies = `[{ name: bots, decision: non_identity, include: [${named}] }, { name: others, decision: non_identity, include: [{ group: { id: g } }], exclude: [${named}] }, { name: all, decision: allow, include: [{ everyone: {} }] }]`;
  const { applications } = parsePolicyFile(
    `applications: [{ name: Stats, aud: "${"a".repeat(64)}", domain: a.example, origin: "http://o", policies: ${policies} }]
groups: [{ id: g, name: robots, include: [${named}] }]`,
  );
  const [, others] = applications[0]?.policies ?? [];
  const selector = others?.include[0];
  const groups = selector?.kind === "group" ? [selector.group] : [];
  const organization = {
    name: "",
    sessionDurationMs: 1,
    isStrict: false,
    isAutoRedirected: false,
    tokenInactivity: null,
  };
  const configuration = createConfiguration({
    applications,
    groups,
    organization,
    identityProviders: [],
    version: "1",
  });
  expect(describeReferrers(referrersOf(configuration, TOKEN))).toBe(
    'policy "bots" of Stats, policy "others" of Stats, group "robots"',
  );
  expect(referrersOf(configuration, crypto.randomUUID())).toEqual([]);
});
