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

type Person = Extract<Subject, { kind: "person" }>;
type IdentitySelector = Extract<Selector, { kind: "email" | "email_domain" | "login_method" | "auth_method" | "oidc" }>;

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
 * rule on addresses alone lets nobody in unseen; that is what `bypass` is for. What cannot be known counts against the caller:
 * without a country, `exclude: [{ geo: … }]` keeps everyone out.
 *
 * @param subject Undefined when nobody was authenticated: then only a bypass can match.
 */
export function authorize(application: Application, subject: Subject | undefined, facts: RequestFacts): Decision {
  const isForeign = subject?.kind === "person" && !isVouchedFor(application, subject);
  const known = isForeign ? undefined : subject;
  for (const policy of application.policies) {
    if (!isAbout(policy, known) || !matches(policy, known, facts, policy.decision === "deny")) continue;
    if (policy.decision === "deny") return { outcome: "refused", reason: "policy_denied", policy };
    return { outcome: policy.decision === "bypass" ? "bypassed" : "allowed", policy };
  }
  return { outcome: "refused", reason: isForeign ? "session_unknown" : unmatchedReason(application, known) };
}

/** Whether the application takes the word of the identity provider that knows this person (`allowed_idps`). */
export function isVouchedFor({ identityProviderIds }: Application, person: Person): boolean {
  return identityProviderIds.length === 0 || identityProviderIds.includes(person.identityProviderId);
}

/** Whether a policy is about this caller at all. */
export function isAbout(policy: Policy, subject: Subject | undefined): boolean {
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

/** @param isAgainst Whether a match keeps the caller out: then what cannot be known (a country, an address) counts as a match. */
export function matches(rules: Rules, subject: Subject | undefined, facts: RequestFacts, isAgainst: boolean): boolean {
  let isIncluded = false;
  for (const selector of rules.include) {
    if (selects(selector, subject, facts, isAgainst)) {
      isIncluded = true;
      break;
    }
  }
  if (!isIncluded) return false;
  for (const selector of rules.require) if (!selects(selector, subject, facts, isAgainst)) return false;
  for (const selector of rules.exclude) if (selects(selector, subject, facts, !isAgainst)) return false;
  return true;
}

export function selects(
  selector: Selector,
  subject: Subject | undefined,
  facts: RequestFacts,
  isAgainst: boolean,
): boolean {
  switch (selector.kind) {
    case "everyone":
      return true;
    case "ip":
      return selector.range.contains(facts.ip) ?? isAgainst;
    case "geo":
      return facts.country === null ? isAgainst : facts.country === selector.country;
    case "certificate":
      return facts.certificateName !== null;
    case "common_name":
      return facts.certificateName === selector.commonName;
    case "group":
      return matches(selector.group, subject, facts, isAgainst);
    case "service_token":
      return subject?.kind === "service_token" && subject.tokenId === selector.tokenId;
    case "any_valid_service_token":
      return subject?.kind === "service_token";
    default:
      return subject?.kind === "person" && isPerson(selector, subject);
  }
}

function isPerson(selector: IdentitySelector, person: Person): boolean {
  switch (selector.kind) {
    case "email":
      return person.email.toLowerCase() === selector.email;
    case "email_domain":
      return domainOf(person.email) === selector.domain;
    case "login_method":
      return person.identityProviderId === selector.identityProviderId;
    case "auth_method":
      return hasValue(person.claims.amr, selector.method);
    case "oidc":
      return (
        person.identityProviderId === selector.identityProviderId &&
        // A name such as `constructor` is nobody's claim.
        Object.hasOwn(person.claims, selector.claim) &&
        hasValue(person.claims[selector.claim], selector.value)
      );
  }
}

/** A claim holds one value or a list of them; numbers and booleans compare as they are written. */
function hasValue(claim: unknown, value: string): boolean {
  if (Array.isArray(claim)) return claim.some((one) => isValue(one, value));
  return isValue(claim, value);
}

function isValue(one: unknown, value: string): boolean {
  return one === value || ((typeof one === "number" || typeof one === "boolean") && String(one) === value);
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1).toLowerCase();
}
