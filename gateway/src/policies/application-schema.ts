import { createHash } from "node:crypto";
import { z } from "zod";
import { parseDuration } from "./duration.ts";
import type { Application, Policy } from "./model.ts";
import { misplacement, selectorSchema } from "./selectors.ts";

const HOST = "[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+\\]";
const DOMAIN = new RegExp(
  `^(${HOST})(:[1-9]\\d{0,4})?(/[A-Za-z0-9._~!$&'()*+,=:@-][A-Za-z0-9._~!$&'()*+,=:@/-]*)?/?$`,
  "i",
);
const DEFAULT_SESSION_DURATION = "24h";
const MIN_SESSION_MS = 1_000;
/** Access allows up to a month. */
const MAX_SESSION_MS = 31 * 24 * 3_600_000;

const rules = z.array(selectorSchema).default([]);

const policySchema = z
  .strictObject({
    name: z.string().min(1, "must not be empty"),
    decision: z.enum(["allow", "deny", "non_identity", "bypass"]),
    include: z.array(selectorSchema).min(1, "needs at least one rule: an empty list would let nobody in"),
    require: rules,
    exclude: rules,
  })
  .superRefine((policy, context) => {
    for (const list of ["include", "require", "exclude"] as const) {
      for (const [index, selector] of policy[list].entries()) {
        const message = misplacement(selector, policy.decision);
        if (message !== undefined) context.addIssue({ code: "custom", path: [list, index], message });
      }
    }
  });

const sessionDuration = z
  .string()
  .default(DEFAULT_SESSION_DURATION)
  .transform((text, context) => {
    try {
      const durationMs = parseDuration(text);
      if (durationMs >= MIN_SESSION_MS && durationMs <= MAX_SESSION_MS) return durationMs;
      context.addIssue({ code: "custom", message: "must lie between 1s and 744h" });
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
    }
    return z.NEVER;
  });

/** One entry of the policy file, with Cloudflare's field names, turned into what the gateway works with. */
export const applicationSchema = z
  .strictObject({
    name: z.string().min(1, "must not be empty"),
    aud: z
      .string("must be text: YAML may take digits for a number, so put it in quotes")
      .regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits (openssl rand -hex 32) and never change"),
    domain: z.string().regex(DOMAIN, "must be a host, with a port or a path if needed: stats.example.com/reports"),
    origin: z.string().transform(readOrigin),
    session_duration: sessionDuration,
    service_auth_401_redirect: z.boolean().default(false),
    policies: z.array(policySchema).min(1, "needs at least one policy: without one nobody gets in"),
  })
  .transform(({ session_duration, service_auth_401_redirect, ...rest }): Application => {
    const [, name = "", port = "", path = ""] = DOMAIN.exec(rest.domain) ?? [];
    const policies = rest.policies.map((policy, index): Policy => {
      return { ...policy, id: stableId(`${rest.aud} policy ${index}`), sessionDurationMs: null };
    });
    const isFirst = ({ decision }: Policy) => decision === "bypass" || decision === "non_identity";
    return {
      ...rest,
      id: stableId(rest.aud),
      destinations: [{ host: `${name}${port}`.toLowerCase(), path: path.replace(/\/?\*?$/, "") }],
      sessionDurationMs: session_duration,
      isServiceAuth401: service_auth_401_redirect,
      tokenHeader: null,
      cors: null,
      isPreflightBypassed: false,
      cookie: { sameSite: "lax", isHttpOnly: true, isPathBound: false },
      hasBindingCookie: false,
      denyMessage: null,
      denyUrl: null,
      nonIdentityDenyUrl: null,
      identityProviderIds: [],
      isAutoRedirected: false,
      isInLauncher: true,
      logoUrl: null,
      policies: [...policies.filter(isFirst), ...policies.filter((policy) => !isFirst(policy))],
      admitsPeople: policies.some(({ decision }) => decision === "allow"),
      admitsTokens: policies.some(({ decision }) => decision === "non_identity"),
    };
  });

/** A UUID of version 8 (RFC 9562) from a text: the same text, the same id. */
function stableId(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function readOrigin(text: string, context: z.core.$RefinementCtx<unknown>): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  const isBare =
    url !== undefined && url.pathname === "/" && !url.search && !url.hash && !url.username && !url.password;
  if (isHttp && isBare) return url.origin;
  const message = "must be http:// or https:// with a host and no path: paths are forwarded as they come";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}
