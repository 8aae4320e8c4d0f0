import { isIPv6 } from "node:net";
import type { RefusalReason } from "@gatehouse/access-client/contract";
import type { Application, Policy, Selector } from "../policies/model.ts";

/** Who a request comes from, once the credential has been checked. */
export type Subject =
  | {
      readonly kind: "service_token";
      readonly tokenId: string;
      readonly clientId: string;
      readonly secretVersion: number;
      /** When the token itself ends; null for never. */
      readonly expiresAtMs: number | null;
    }
  | {
      readonly kind: "person";
      readonly id: string;
      readonly email: string;
      readonly name: string;
      readonly sessionId: string;
    };

export type Decision =
  | { readonly outcome: "allowed" | "bypassed"; readonly policy: string }
  | { readonly outcome: "refused"; readonly reason: RefusalReason; readonly policy?: string };

/**
 * Decides by the policies alone. Access's order: bypass and non_identity first, in their order in the file, then deny and
 * allow; the first that matches ends it, and nothing matched means no.
 *
 * Ours: every selector is looked at again on every request, and `non_identity` always needs a valid service token, so that a
 * rule on addresses alone lets nobody in unseen; that is what `bypass` is for.
 *
 * @param subject Undefined when nobody was authenticated: then only a bypass can match.
 */
export function authorize(application: Application, subject: Subject | undefined, ip: string): Decision {
  const isFirst = (policy: Policy) => policy.decision === "bypass" || policy.decision === "non_identity";
  const ordered = [
    ...application.policies.filter(isFirst),
    ...application.policies.filter((policy) => !isFirst(policy)),
  ];
  for (const policy of ordered) {
    if (!isAbout(policy, subject) || !matches(policy, subject, ip)) continue;
    if (policy.decision === "deny") return { outcome: "refused", reason: "policy_denied", policy: policy.name };
    return { outcome: policy.decision === "bypass" ? "bypassed" : "allowed", policy: policy.name };
  }
  return { outcome: "refused", reason: unmatchedReason(application, subject) };
}

function isAbout(policy: Policy, subject: Subject | undefined): boolean {
  switch (policy.decision) {
    case "bypass":
      return true;
    case "non_identity":
      return subject?.kind === "service_token";
    case "allow":
      return subject?.kind === "person";
    case "deny":
      return subject !== undefined;
  }
}

function unmatchedReason(application: Application, subject: Subject | undefined): RefusalReason {
  const acceptsTokens = application.policies.some((policy) => policy.decision === "non_identity");
  return subject?.kind === "service_token" && !acceptsTokens ? "service_token_needs_service_auth" : "no_policy_matched";
}

function matches(policy: Policy, subject: Subject | undefined, ip: string): boolean {
  const isMatch = (selector: Selector) => selects(selector, subject, ip);
  return policy.include.some(isMatch) && policy.require.every(isMatch) && !policy.exclude.some(isMatch);
}

function selects(selector: Selector, subject: Subject | undefined, ip: string): boolean {
  switch (selector.kind) {
    case "everyone":
      return true;
    case "ip":
      return selector.range.check(ip, isIPv6(ip) ? "ipv6" : "ipv4");
    case "email":
      return subject?.kind === "person" && subject.email.toLowerCase() === selector.email;
    case "email_domain":
      return subject?.kind === "person" && domainOf(subject.email) === selector.domain;
    case "service_token":
      return subject?.kind === "service_token" && subject.tokenId === selector.tokenId;
    case "any_valid_service_token":
      return subject?.kind === "service_token";
  }
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1).toLowerCase();
}
