import { z } from "zod";
import { parseIpRange } from "./ip-range.ts";
import type { PolicyDecision, Selector } from "./model.ts";

const empty = z.strictObject({});
const ADDRESS = z.string().regex(/^[^@\s]+@[^@\s]+$/, "is not an e-mail address");
const DOMAIN = z.string().regex(/^@?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i, "is not a domain such as example.com");

const RULES = {
  everyone: empty.transform((): Selector => ({ kind: "everyone" })),
  email: z
    .strictObject({ email: ADDRESS })
    .transform(({ email }): Selector => ({ kind: "email", email: email.toLowerCase() })),
  email_domain: z
    .strictObject({ domain: DOMAIN })
    .transform(({ domain }): Selector => ({ kind: "email_domain", domain: domain.replace(/^@/, "").toLowerCase() })),
  ip: z.strictObject({ ip: z.string() }).transform(readIpRange),
  service_token: z
    .strictObject({ token_id: z.guid("is not a token's id (a UUID); the Client ID does not go here") })
    .transform(({ token_id }): Selector => ({ kind: "service_token", tokenId: token_id.toLowerCase() })),
  any_valid_service_token: empty.transform((): Selector => ({ kind: "any_valid_service_token" })),
} as const;

const NAMES = Object.keys(RULES).join(", ");

/** One rule: an object with exactly one key, which names the selector, as in Cloudflare's API. */
export const selectorSchema = z.record(z.string(), z.unknown()).transform((rule, context): Selector => {
  const [name, ...more] = Object.keys(rule);
  if (name === undefined || more.length > 0) {
    context.addIssue({ code: "custom", message: `must have exactly one key, one of: ${NAMES}` });
    return z.NEVER;
  }
  if (!Object.hasOwn(RULES, name)) {
    context.addIssue({ code: "custom", path: [name], message: `is not supported; use one of: ${NAMES}` });
    return z.NEVER;
  }
  // An empty YAML value (`- everyone:`) means the same as `{}`.
  const parsed = RULES[name as keyof typeof RULES].safeParse(rule[name] ?? {});
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    context.addIssue({ code: "custom", path: [name, ...issue.path], message: issue.message });
  }
  return z.NEVER;
});

function readIpRange({ ip }: { ip: string }, context: z.core.$RefinementCtx<unknown>): Selector {
  const range = parseIpRange(ip);
  if (range !== undefined) return { kind: "ip", range };
  context.addIssue({ code: "custom", path: ["ip"], message: "is not an IP address or range such as 10.0.0.0/8" });
  return z.NEVER;
}

/** Why a selector cannot work under a decision, with what to do instead; undefined when it can. */
export function misplacement(selector: Selector, decision: PolicyDecision): string | undefined {
  const isToken = selector.kind === "service_token" || selector.kind === "any_valid_service_token";
  if (isToken && decision !== "non_identity") {
    const advice = "put it in a policy with decision: non_identity (Service Auth)";
    const effect = decision === "allow" ? "there it would send the bot to the login page" : "there it has no effect";
    return `a service token has no identity, so ${selector.kind} does not work with decision: ${decision} (${effect}); ${advice}`;
  }
  const isIdentity = selector.kind === "email" || selector.kind === "email_domain";
  if (isIdentity && (decision === "non_identity" || decision === "bypass")) {
    return `${selector.kind} needs a login, and decision: ${decision} asks for none; put it in a policy with decision: allow or deny`;
  }
  return undefined;
}
