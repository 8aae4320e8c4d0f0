import { isIPv6 } from "node:net";
import type { RefusalReason } from "@gatehouse/access-client/contract";
import type { Application, Policy, Rules, Selector } from "../policies/model.ts";

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
      readonly identityProviderId: string;
      /** What the identity provider said, as far as it is kept. */
      readonly claims: Readonly<Record<string, unknown>>;
    };

/** What a request says of itself, credentials aside. */
export interface RequestFacts {
  readonly ip: string;
  /** ISO 3166-1 alpha-2, from a trusted proxy's header; null when nobody we trust told. */
  readonly country: string | null;
  /** Common name of the client's certificate, verified; null when it showed none. */
  readonly certificateName: string | null;
}

export type Decision =
  | { readonly outcome: "allowed" | "bypassed"; readonly policy: Policy }
  | { readonly outcome: "refused"; readonly reason: RefusalReason; readonly policy?: Policy };

/**
 * Decides by the policies alone. Access's order: bypass and non_identity first, in their order in the file, then deny and
 * allow; the first that matches ends it, and nothing matched means no.
 *
 * Ours: every selector is looked at again on every request, and `non_identity` always needs a valid service token, so that a
 * rule on addresses alone lets nobody in unseen; that is what `bypass` is for.
 *
 * @param subject Undefined when nobody was authenticated: then only a bypass can match.
 */
export function authorize(application: Application, subject: Subject | undefined, facts: RequestFacts): Decision {
  for (const policy of application.policies) {
    if (!isAbout(policy, subject) || !matches(policy, subject, facts)) continue;
    if (policy.decision === "deny") return { outcome: "refused", reason: "policy_denied", policy };
    return { outcome: policy.decision === "bypass" ? "bypassed" : "allowed", policy };
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
  const isBotAtPeopleOnly = subject?.kind === "service_token" && !application.admitsTokens;
  return isBotAtPeopleOnly ? "service_token_needs_service_auth" : "no_policy_matched";
}

function matches(rules: Rules, subject: Subject | undefined, facts: RequestFacts): boolean {
  const isMatch = (selector: Selector) => selects(selector, subject, facts);
  return rules.include.some(isMatch) && rules.require.every(isMatch) && !rules.exclude.some(isMatch);
}

function selects(selector: Selector, subject: Subject | undefined, facts: RequestFacts): boolean {
  switch (selector.kind) {
    case "everyone":
      return true;
    case "ip":
      return selector.range.check(facts.ip, isIPv6(facts.ip) ? "ipv6" : "ipv4");
    case "geo":
      return facts.country === selector.country;
    case "certificate":
      return facts.certificateName !== null;
    case "common_name":
      return facts.certificateName === selector.commonName;
    case "group":
      return matches(selector.group, subject, facts);
    case "login_method":
      return subject?.kind === "person" && subject.identityProviderId === selector.identityProviderId;
    case "auth_method":
      return subject?.kind === "person" && hasValue(subject.claims.amr, selector.method);
    case "oidc":
      return (
        subject?.kind === "person" &&
        subject.identityProviderId === selector.identityProviderId &&
        hasValue(subject.claims[selector.claim], selector.value)
      );
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

/** A claim holds one value or a list of them; numbers and booleans compare as they are written. */
function hasValue(claim: unknown, value: string): boolean {
  return [claim].flat().some((one) => one !== null && typeof one !== "object" && String(one) === value);
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1).toLowerCase();
}
