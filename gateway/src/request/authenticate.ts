import type { RefusalReason } from "@gatehouse/access-client/contract";
import type { Verification } from "../keys/app-token.ts";
import type { Sessions } from "../login/sessions.ts";
import type { Application } from "../policies/model.ts";
import { checkSecret, checkSecretVersion, type TokenCheck } from "../tokens/check-token.ts";
import type { TokenDirectory, TokenState } from "../tokens/token-directory.ts";
import type { Subject } from "./authorize.ts";
import type { Credential } from "./credential.ts";

export type Authentication =
  /** `jwt` is the one that the caller showed; a pair has none yet. */
  | { readonly ok: true; readonly subject: Subject; readonly jwt: string | undefined; readonly expSeconds: number }
  | { readonly ok: false; readonly reason: RefusalReason };

export type Authenticate = (credential: Credential, application: Application) => Promise<Authentication>;

export interface AuthenticatorDeps {
  readonly tokens: TokenDirectory;
  readonly sessions: Sessions;
  readonly verify: (jwt: string, application: Application) => Verification | Promise<Verification>;
  readonly pepper: Buffer;
  /** False when what is in memory may be out of date. */
  readonly isStoreCurrent: () => boolean;
  readonly now: () => number;
}

/**
 * Tells who sends a request. A JWT is never enough by itself: the service token or the session behind it is looked at each
 * time (in memory), so a revoke is in force at once, however long the JWT would live.
 */
export function createAuthenticator(deps: AuthenticatorDeps): Authenticate {
  return async (credential, application) => {
    if (credential.kind === "none") return refused("no_credential");
    if (credential.kind === "refused") return refused(credential.reason);
    if (!deps.isStoreCurrent()) return refused("store_unavailable");
    if (credential.kind === "pair") return authenticatePair(credential, deps);
    return authenticateToken(credential.jwt, application, deps);
  };
}

function refused(reason: RefusalReason): Authentication {
  return { ok: false, reason };
}

function authenticatePair(
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
  { tokens, pepper, now }: AuthenticatorDeps,
): Authentication {
  const token = tokens.find(clientId);
  if (token === undefined) return refused("service_token_unknown");
  return botOf(token, checkSecret(token, clientSecret, pepper, now()), undefined, 0);
}

async function authenticateToken(
  jwt: string,
  application: Application,
  deps: AuthenticatorDeps,
): Promise<Authentication> {
  const verification = await deps.verify(jwt, application);
  if (!verification.ok) return refused(verification.reason);
  const { claims } = verification;
  if ("common_name" in claims) {
    const token = deps.tokens.find(claims.common_name);
    if (token === undefined) return refused("token_revoked");
    const check = checkSecretVersion(token, claims.client_secret_version, deps.now());
    return botOf(token, check, jwt, claims.exp);
  }
  const session = await deps.sessions.find(claims.identity_nonce ?? "");
  if (session === undefined || session.personId !== claims.sub) return refused("session_unknown");
  const { personId: id, email, name, id: sessionId, identityProviderId, claims: said } = session;
  const subject: Subject = { kind: "person", id, email, name, sessionId, identityProviderId, claims: said };
  return { ok: true, subject, jwt, expSeconds: claims.exp };
}

function botOf(token: TokenState, check: TokenCheck, jwt: string | undefined, expSeconds: number): Authentication {
  if (!check.ok) return check;
  const { id: tokenId, clientId, expiresAtMs } = token;
  const subject: Subject = {
    kind: "service_token",
    tokenId,
    clientId,
    secretVersion: check.secretVersion,
    expiresAtMs,
  };
  return { ok: true, subject, jwt, expSeconds };
}
