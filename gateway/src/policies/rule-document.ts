import { z } from "zod";
import { parseIpRange } from "./ip-range.ts";
import type { Group, Selector } from "./model.ts";

/** One rule as it is written: an object with one key, which names the selector. */
export type RuleDocument = Readonly<Record<string, unknown>>;

/** The groups that a rule may name, by id. */
export type GroupsById = ReadonlyMap<string, Group>;

interface RuleKind {
  readonly schema: z.ZodType;
  /** @returns undefined when it names a group that is not there. */
  compile(value: unknown, groups: GroupsById): Selector | undefined;
}

function kind<T>(schema: z.ZodType<T>, compile: (value: T, groups: GroupsById) => Selector | undefined): RuleKind {
  return { schema, compile: (value, groups) => compile(value as T, groups) };
}

const empty = z.strictObject({});
const text = z.string().min(1, "must not be empty");
const email = z.string().regex(/^[^@\s]+@[^@\s]+$/, "is not an e-mail address");
const domain = z.string().regex(/^@?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i, "is not a domain such as example.com");
const ipRange = z
  .string()
  .refine((value) => parseIpRange(value) !== undefined, "is not an IP address or range such as 10.0.0.0/8");
const tokenId = z.guid("is not a token's id (a UUID); the Client ID does not go here");
const country = z.string().regex(/^[a-z][a-z0-9]$/i, "is not a country's two letters, such as NO");

const RULES: Readonly<Record<string, RuleKind>> = {
  everyone: kind(empty, () => ({ kind: "everyone" })),
  email: kind(z.strictObject({ email }), (rule) => ({ kind: "email", email: rule.email.toLowerCase() })),
  email_domain: kind(z.strictObject({ domain }), (rule) => {
    return { kind: "email_domain", domain: rule.domain.replace(/^@/, "").toLowerCase() };
  }),
  ip: kind(z.strictObject({ ip: ipRange }), ({ ip }) => {
    const range = parseIpRange(ip);
    return range && { kind: "ip", range };
  }),
  geo: kind(z.strictObject({ country_code: country }), (rule) => {
    return { kind: "geo", country: rule.country_code.toUpperCase() };
  }),
  group: kind(z.strictObject({ id: text }), ({ id }, groups) => {
    const group = groups.get(id);
    return group && { kind: "group", group };
  }),
  service_token: kind(z.strictObject({ token_id: tokenId }), ({ token_id }) => {
    return { kind: "service_token", tokenId: token_id.toLowerCase() };
  }),
  any_valid_service_token: kind(empty, () => ({ kind: "any_valid_service_token" })),
  login_method: kind(z.strictObject({ id: text }), ({ id }) => ({ kind: "login_method", identityProviderId: id })),
  auth_method: kind(z.strictObject({ auth_method: text }), (rule) => ({
    kind: "auth_method",
    method: rule.auth_method,
  })),
  oidc: kind(z.strictObject({ claim_name: text, claim_value: text, identity_provider_id: text }), (rule) => {
    const { claim_name: claim, claim_value: value, identity_provider_id: identityProviderId } = rule;
    return { kind: "oidc", identityProviderId, claim, value };
  }),
  certificate: kind(empty, () => ({ kind: "certificate" })),
  common_name: kind(z.strictObject({ common_name: text }), (rule) => {
    return { kind: "common_name", commonName: rule.common_name };
  }),
};

const NAMES = Object.keys(RULES).join(", ");

/** One rule: an object with exactly one key, which names the selector, as in Cloudflare's API. Selectors that we do not have are refused. */
export const ruleSchema = z.record(z.string(), z.unknown()).transform((rule, context): RuleDocument => {
  const [name, ...more] = Object.keys(rule);
  if (name === undefined || more.length > 0) {
    context.addIssue({ code: "custom", message: `must have exactly one key, one of: ${NAMES}` });
    return z.NEVER;
  }
  const found = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (found === undefined) {
    context.addIssue({ code: "custom", path: [name], message: `is not supported; use one of: ${NAMES}` });
    return z.NEVER;
  }
  // An empty YAML value (`- everyone:`) means the same as `{}`.
  const parsed = found.schema.safeParse(rule[name] ?? {});
  if (parsed.success) return { [name]: parsed.data };
  for (const issue of parsed.error.issues) {
    context.addIssue({ code: "custom", path: [name, ...issue.path], message: issue.message });
  }
  return z.NEVER;
});

/** @param rule From `ruleSchema`. @returns undefined when it names a group that is not there. */
export function compileRule(rule: RuleDocument, groups: GroupsById): Selector | undefined {
  const [name = "", value] = Object.entries(rule)[0] ?? [];
  return RULES[name]?.compile(value, groups);
}
