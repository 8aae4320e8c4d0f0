import type { IpRange } from "./ip-range.ts";

/** Who or what a rule names. A policy's lists hold these; groups are resolved to their rules. */
export type Selector =
  | { readonly kind: "everyone" }
  | { readonly kind: "email"; readonly email: string }
  | { readonly kind: "email_domain"; readonly domain: string }
  | { readonly kind: "ip"; readonly range: IpRange }
  /** ISO 3166-1 alpha-2, upper case. */
  | { readonly kind: "geo"; readonly country: string }
  | { readonly kind: "group"; readonly group: Group }
  | { readonly kind: "service_token"; readonly tokenId: string }
  | { readonly kind: "any_valid_service_token" }
  | { readonly kind: "login_method"; readonly identityProviderId: string }
  /** One of `amr` (RFC 8176), such as `mfa`. */
  | { readonly kind: "auth_method"; readonly method: string }
  | { readonly kind: "oidc"; readonly identityProviderId: string; readonly claim: string; readonly value: string }
  /** Any client certificate that was verified. */
  | { readonly kind: "certificate" }
  | { readonly kind: "common_name"; readonly commonName: string };

/** `non_identity` is what the dashboard calls Service Auth, `deny` is Block. */
export type PolicyDecision = "allow" | "deny" | "non_identity" | "bypass";

/** Matches when one of `include`, all of `require` and none of `exclude` match. */
export interface Rules {
  readonly include: readonly Selector[];
  readonly require: readonly Selector[];
  readonly exclude: readonly Selector[];
}

export interface Group extends Rules {
  readonly id: string;
  readonly name: string;
}

export interface Policy extends Rules {
  readonly id: string;
  readonly name: string;
  readonly decision: PolicyDecision;
  /** Null: the application's. */
  readonly sessionDurationMs: number | null;
}

/** Where an application is served. */
export interface Destination {
  /** Lower case, with the port where one was given; `*` in a label covers a part of that label only. */
  readonly host: string;
  /** `""` for the whole host, `/reports` for it and everything below; may hold `*`. */
  readonly path: string;
}

export interface CorsSettings {
  /** `*` is all. */
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly allowsCredentials: boolean;
  readonly maxAgeSeconds: number | null;
}

interface CookieSettings {
  readonly sameSite: "none" | "lax" | "strict";
  readonly isHttpOnly: boolean;
  /** Whether the cookie is for the application's path only. */
  readonly isPathBound: boolean;
}

export interface Application {
  /** UUID: what the API calls it by. */
  readonly id: string;
  readonly name: string;
  /** Audience tag, 64 hex digits; what the JWT is for. */
  readonly aud: string;
  /** The first destination as written: `stats.example.com/reports`. */
  readonly domain: string;
  readonly destinations: readonly Destination[];
  /** Where requests are forwarded to: scheme, host and port. */
  readonly origin: string;
  readonly sessionDurationMs: number;
  /** 401 instead of 403 for a browser that has no way to log in, because no policy lets people in. */
  readonly isServiceAuth401: boolean;
  /** Lower-case name of the one header that may carry the pair as JSON; null for none. */
  readonly tokenHeader: string | null;
  readonly cors: CorsSettings | null;
  /** Whether OPTIONS requests go to the origin without a check. */
  readonly isPreflightBypassed: boolean;
  readonly cookie: CookieSettings;
  readonly hasBindingCookie: boolean;
  /** Shown to a person whom the policies keep out; null for our own words. */
  readonly denyMessage: string | null;
  /** Where a refused person is sent instead; null for a page. */
  readonly denyUrl: string | null;
  /** Where a refused browser without an identity is sent; null for a page. */
  readonly nonIdentityDenyUrl: string | null;
  /** Ids of the identity providers that may vouch; empty for all. */
  readonly identityProviderIds: readonly string[];
  /** Whether the login page is skipped where there is one identity provider only. */
  readonly isAutoRedirected: boolean;
  readonly isInLauncher: boolean;
  readonly logoUrl: string | null;
  /** In the order of evaluation: bypass and non_identity as listed, then deny and allow as listed. */
  readonly policies: readonly Policy[];
  /** Whether any policy lets people in. */
  readonly admitsPeople: boolean;
  /** Whether any policy lets service tokens in. */
  readonly admitsTokens: boolean;
}

/** What holds for the whole gateway. */
export interface Organization {
  readonly name: string;
  /** How long one login serves for all applications. */
  readonly sessionDurationMs: number;
  /** `strict_service_token_auth`: the pair with every request, and no cookie. */
  readonly isStrict: boolean;
  /** What happens to service tokens that nobody uses and no rule names; null for nothing. */
  readonly tokenInactivity: { readonly action: "disable" | "delete"; readonly thresholdMs: number } | null;
  readonly isAutoRedirected: boolean;
}

/** An OpenID Connect provider that vouches for people. */
export interface IdentityProviderModel {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  /** Claims kept with the session, for `oidc` rules and the JWT's `custom`. */
  readonly claims: readonly string[];
  /** Name of the claim that holds the e-mail address. */
  readonly emailClaim: string;
}
