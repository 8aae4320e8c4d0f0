import { SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { SIGNING_ALGORITHM, type SigningKeys } from "../keys/signing-keys.ts";
import type { Application } from "../policies/model.ts";

export interface MetadataTokensDeps {
  readonly keys: SigningKeys;
  readonly issuer: string;
  readonly now: () => number;
}

/**
 * JWTs that tell a client which application it met. Signed by the same keys as a pass and none: their `type` says so, and a
 * pass is only what says `app`.
 */
export interface MetadataTokens {
  /** `type: "match"`: what Access's command line asks for before it logs in (`cf-access-metadata`). */
  match(application: Application, host: string): Promise<string>;
  /** `type: "meta"`: goes with the redirect to the login, and says that no service token was accepted. */
  login(application: Application, host: string): Promise<string>;
}

/** Clients accept a day; made anew this often, so that strangers cannot make us sign with every request. */
const REUSE_MS = 5 * 60_000;
const META_LIFE_SECONDS = 3_600;
/** Hosts under a wildcard have no end. */
const MAX_KEPT = 1_000;

export function createMetadataTokens({ keys, issuer, now }: MetadataTokensDeps): MetadataTokens {
  const kept = new LRUCache<string, { readonly jwt: Promise<string>; readonly endsAtMs: number }>({ max: MAX_KEPT });
  const make = (type: "match" | "meta", { aud }: Application, host: string, claims: Record<string, unknown>) => {
    const nowMs = now();
    const key = `${type} ${aud} ${host} ${keys.version()}`;
    const known = kept.get(key);
    if (known !== undefined && nowMs < known.endsAtMs) return known.jwt;
    const { kid, privateKey } = keys.current();
    const jwt = new SignJWT({ type, aud, hostname: withoutPort(host), ...claims, iat: Math.floor(nowMs / 1000) })
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid, typ: "JWT" })
      .sign(privateKey);
    kept.set(key, { jwt, endsAtMs: nowMs + REUSE_MS });
    jwt.catch(() => kept.delete(key));
    return jwt;
  };
  const authDomain = new URL(issuer).hostname;
  return {
    match: (application, host) =>
      make("match", application, host, { auth_domain: authDomain, app_hostname: withoutPort(application.domain) }),
    login: (application, host) => {
      const exp = Math.floor((now() + REUSE_MS) / 1000) + META_LIFE_SECONDS;
      return make("meta", application, host, { iss: issuer, auth_status: "NONE", service_token_status: false, exp });
    },
  };
}

/** Of a host, with a path after it or not. */
function withoutPort(host: string): string {
  return host.replace(/:\d+(?=\/|$)/, "");
}
