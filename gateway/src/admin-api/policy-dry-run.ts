import { isIP } from "node:net";
import type { RefusalReason } from "@gatehouse/access-client/contract";
import { z } from "zod";
import type { Configuration } from "../policies/configuration.ts";
import { type DryRunAnswer, dryRun, type PolicyTrial } from "../policies/dry-run.ts";
import type { Subject } from "../request/authorize.ts";
import { parseTarget, type Target } from "../request/target.ts";
import { invalid } from "../resources/invalid.ts";
import type { OpenConfiguration } from "../resources/open-configuration.ts";
import type { ServiceTokens } from "../tokens/service-tokens.ts";
import type { ApiRoute } from "./route.ts";

export interface DryRunRouteDeps {
  readonly configuration: OpenConfiguration;
  readonly tokens: Pick<ServiceTokens, "get">;
  /** Of the gateway's own pages. */
  readonly issuerHost: string;
  readonly now: () => number;
}

const text = z.string().min(1, "must not be empty");

const bodySchema = z.strictObject({
  url: text,
  /** `OPTIONS` asks as a browser's preflight does. */
  method: z.string().default("GET"),
  ip: z
    .string()
    .refine((address) => isIP(address) !== 0, "is not an IP address")
    .nullish(),
  country: z
    .string()
    .regex(/^[a-z][a-z0-9]$/i, "is not a country's two letters")
    .nullish(),
  certificate_common_name: text.nullish(),
  /** Left out: nobody. */
  subject: z
    .union(
      [
        z.strictObject({ service_token: text }),
        z.strictObject({
          email: z.string().regex(/^[^@\s]+@[^@\s]+$/, "is not an e-mail address"),
          identity_provider_id: text.nullish(),
          claims: z.record(z.string(), z.unknown()).nullish(),
        }),
      ],
      { error: "must be { service_token: ID } or { email: ADDRESS }; leave it out for nobody" },
    )
    .nullish(),
});

type Body = z.output<typeof bodySchema>;

/**
 * Ours: would this token or person reach this address, and which rule says so?
 * `POST /access/policy_dry_run { url, method?, ip?, country?, certificate_common_name?, subject? }`
 */
export function policyDryRunRoutes({ configuration, tokens, issuerHost, now }: DryRunRouteDeps): readonly ApiRoute[] {
  return [
    {
      method: "POST",
      path: "/access/policy_dry_run",
      scope: "apps:read",
      async handle({ body }) {
        const asked = bodySchema.parse(body);
        const current = configuration.current();
        const target = targetOf(asked.url);
        const facts = {
          ip: asked.ip ?? "",
          country: asked.country?.toUpperCase() ?? null,
          certificateName: asked.certificate_common_name ?? null,
        };
        const caller = await callerOf(asked.subject, { tokens, now, configuration: current });
        const isPreflight = asked.method === "OPTIONS";
        const answer = dryRun(current, { ...caller, target, facts, isPreflight, issuerHost });
        return { result: present(answer, configuration) };
      },
    },
  ];
}

/** Read as a request's target is, byte for byte: `new URL` would tidy it first. */
function targetOf(url: string): Target {
  const match = /^(?:(https?):\/\/)?([^/?#]+)(.*)$/is.exec(url);
  const [, scheme = "", authority = "", rest = ""] = match ?? [];
  const defaultPort = { http: /:80$/, https: /:443$/ }[scheme.toLowerCase()];
  const host = defaultPort === undefined ? authority : authority.replace(defaultPort, "");
  const parsed = parseTarget(rest.startsWith("/") ? rest : `/${rest}`, [host]);
  if (parsed.ok) return parsed.target;
  throw invalid([{ path: ["url"], message: `would be answered with 400 bad_request: ${parsed.problem}` }]);
}

interface CallerDeps {
  readonly tokens: DryRunRouteDeps["tokens"];
  readonly now: () => number;
  readonly configuration: Configuration;
}

interface Caller {
  readonly subject: Subject | undefined;
  readonly unauthenticated: RefusalReason;
}

async function callerOf(asked: Body["subject"], { tokens, now, configuration }: CallerDeps): Promise<Caller> {
  if (asked == null) return { subject: undefined, unauthenticated: "no_credential" };
  if ("service_token" in asked) {
    const { id: tokenId, clientId, isEnabled, expiresAt, secrets } = await tokens.get(asked.service_token);
    const expiresAtMs = expiresAt === null ? null : Date.parse(expiresAt);
    if (!isEnabled) return { subject: undefined, unauthenticated: "service_token_disabled" };
    if (expiresAtMs !== null && expiresAtMs <= now())
      return { subject: undefined, unauthenticated: "service_token_expired" };
    const subject = {
      kind: "service_token",
      tokenId,
      clientId,
      expiresAtMs,
      secretVersion: secrets[0].version,
    } as const;
    return { subject, unauthenticated: "no_credential" };
  }
  const { email, claims } = asked;
  const identityProviderId = asked.identity_provider_id ?? configuration.identityProviders[0]?.id ?? "";
  const person = { id: "", email, name: email, sessionId: "", identityProviderId, claims: claims ?? {} };
  return { subject: { kind: "person", ...person }, unauthenticated: "no_credential" };
}

function present({ application, decision, reason, policies }: DryRunAnswer, configuration: OpenConfiguration) {
  const decisive = policies.find(({ isDecisive }) => isDecisive)?.policy;
  return {
    application:
      application === undefined
        ? null
        : { id: application.id, name: application.name, aud: application.aud, domain: application.domain },
    decision,
    reason,
    policy: decisive === undefined ? null : { id: decisive.id, name: decisive.name, decision: decisive.decision },
    policies: policies.map((trial) => presentTrial(trial, configuration)),
  };
}

function presentTrial(
  { policy, isApplicable, isMatch, isDecisive, rules }: PolicyTrial,
  configuration: OpenConfiguration,
) {
  const document = configuration.catalogue().policies.get(policy.id)?.document;
  return {
    id: policy.id,
    name: policy.name,
    decision: policy.decision,
    applies: isApplicable,
    matches: isMatch,
    decides: isDecisive,
    rules: rules.map((rule) => ({
      list: rule.list,
      rule: document?.[rule.list][rule.index] ?? null,
      matches: rule.isMatch,
    })),
  };
}
