import { PATHS } from "../contract.ts";
import { parseSecureUrl } from "../secure-url.ts";
import type { Subject } from "./claims.ts";
import type { KeyFetch } from "./fetch-keys.ts";

/** One gateway whose JWTs are accepted, and for which of its applications. */
export interface TrustedIssuer {
  /** The team domain's URL, exactly as in the claim `iss`: `https://TEAM.cloudflareaccess.com`. */
  readonly issuer: string;
  /** The application's AUD tag, 64 hex digits; several when one app stands behind several applications. */
  readonly audience: string | readonly string[];
  /** Where this issuer's public keys are. Default: its `/cdn-cgi/access/certs`. https, or http to this machine. */
  readonly jwksUrl?: string;
}

/** The issuer itself, or a list of `issuers`, each with its own audiences and its own keys. */
export type VerifierOptions = (TrustedIssuer | { readonly issuers: readonly TrustedIssuer[] }) & {
  /**
   * Asked last, about a subject that is otherwise accepted: `true` refuses it (`ERR_ASSERTION_REVOKED`), `false` lets it
   * pass. May give a promise, which is waited for without a limit. When it throws, or gives anything else, nobody passes
   * (`ERR_ASSERTION_REVOCATION_UNKNOWN`).
   */
  readonly isRevoked?: (subject: Subject) => boolean | Promise<boolean>;
  /** How far clocks may disagree, 0 to 300. Default 30. */
  readonly clockSkewSeconds?: number;
  /** Default: the global `fetch`. */
  readonly fetch?: KeyFetch;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
};

/** A trusted issuer as the verifier uses it. */
interface CheckedIssuer {
  readonly issuer: string;
  readonly audience: string[];
  readonly jwksUrl: string;
}

const DEFAULT_SKEW_SECONDS = 30;
const MAX_SKEW_SECONDS = 300;

/** @throws {TypeError} on a missing or impossible option */
export function checkVerifierOptions(options: VerifierOptions) {
  const { isRevoked, clockSkewSeconds = DEFAULT_SKEW_SECONDS, now = Date.now, fetch = globalThis.fetch } = options;
  if (!(clockSkewSeconds >= 0 && clockSkewSeconds <= MAX_SKEW_SECONDS)) {
    throw new TypeError(`clockSkewSeconds must be a number from 0 to ${MAX_SKEW_SECONDS}.`);
  }
  if (isRevoked !== undefined && typeof isRevoked !== "function") throw new TypeError("isRevoked must be a function.");
  return { issuers: issuersOf(options).map(checkIssuer), isRevoked, clockSkewSeconds, now, fetch };
}

function issuersOf(options: VerifierOptions): readonly TrustedIssuer[] {
  if (!("issuers" in options)) return [options];
  if ("issuer" in options) throw new TypeError("Give either issuer or issuers, not both.");
  const { issuers } = options;
  if (!Array.isArray(issuers) || issuers.length === 0) throw new TypeError("issuers must name at least one.");
  const names = new Set(issuers.map(({ issuer }) => issuer));
  if (names.size < issuers.length) throw new TypeError("issuers must differ: give one of them all its audiences.");
  return issuers;
}

function checkIssuer({ issuer, jwksUrl, ...options }: TrustedIssuer): CheckedIssuer {
  // Compared as text with the claim, so one that is written in another way would never match.
  const url = typeof issuer === "string" ? URL.parse(issuer) : null;
  const written = url?.href.replace(/\/$/, "");
  if (issuer !== written) {
    const example = url === null ? "https://TEAM.cloudflareaccess.com" : written;
    throw new TypeError(`issuer must be the team domain's URL as the gateway writes it: ${example}`);
  }
  const audience = [options.audience].flat();
  if (audience.length === 0 || audience.some((tag) => typeof tag !== "string" || tag === "")) {
    throw new TypeError("audience is required: the application's AUD tag, or several.");
  }
  return { issuer, audience, jwksUrl: parseSecureUrl(jwksUrl ?? `${issuer}${PATHS.certs}`, "jwksUrl").href };
}
