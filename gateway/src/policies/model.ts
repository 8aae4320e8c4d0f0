import type { BlockList } from "node:net";

/** Who or what a rule names. A policy's lists hold these. */
export type Selector =
  | { readonly kind: "everyone" }
  | { readonly kind: "email"; readonly email: string }
  | { readonly kind: "email_domain"; readonly domain: string }
  | { readonly kind: "ip"; readonly range: BlockList }
  | { readonly kind: "service_token"; readonly tokenId: string }
  | { readonly kind: "any_valid_service_token" };

/** `non_identity` is what the dashboard calls Service Auth, `deny` is Block. */
export type PolicyDecision = "allow" | "deny" | "non_identity" | "bypass";

/** Matches when one of `include`, all of `require` and none of `exclude` match. */
export interface Policy {
  readonly name: string;
  readonly decision: PolicyDecision;
  readonly include: readonly Selector[];
  readonly require: readonly Selector[];
  readonly exclude: readonly Selector[];
}

export interface Application {
  readonly name: string;
  /** Audience tag, 64 hex digits; what the JWT is for. */
  readonly aud: string;
  /** As written: `stats.example.com/reports`. */
  readonly domain: string;
  /** Lower case, with the port where one was given: compared with the Host header. */
  readonly host: string;
  /** `""` for the whole host, else `/reports`: covers the path itself and everything below. */
  readonly path: string;
  /** Where requests are forwarded to: scheme, host and port. */
  readonly origin: string;
  readonly sessionDurationMs: number;
  /** 401 instead of 403 for a browser that has no way to log in, because no policy lets people in. */
  readonly isServiceAuth401: boolean;
  readonly policies: readonly Policy[];
}

export interface Policies {
  readonly applications: readonly Application[];
  /** Changes with the content. */
  readonly version: string;
}
