import type { RefusalReason } from "@gatehouse/access-client/contract";
import type { Verification } from "../keys/app-token.ts";
import type { Sessions } from "../login/sessions.ts";
import type { Application } from "../policies/model.ts";
import type { StoreTrust } from "../store/change-feed.ts";
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
  readonly storeTrust: () => StoreTrust;
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
    const trust = deps.storeTrust();
    if (trust === "none") return refused("store_unavailable");
    const isPair = credential.kind === "pair";
    const said = isPair
      ? authenticatePair(credential, deps)
      : await authenticateToken(credential.jwt, application, deps);
    return trust === "grace" ? asFarAsKnown(said) : said;
  };
}

/** What the store might contradict by now: made, rotated, enabled or begun elsewhere since it was last heard. */
const UNSURE: ReadonlySet<RefusalReason> = new Set<RefusalReason>([
  "service_token_unknown",
  "service_token_secret_mismatch",
  "service_token_disabled",
  "service_token_expired",
  "token_signature",
  "token_revoked",
  "session_unknown",
]);

/** Without the store, a no that it might contradict is "not now": a bot tries again instead of giving up. */
function asFarAsKnown(authentication: Authentication): Authentication {
  return !authentication.ok && UNSURE.has(authentication.reason) ? refused("store_unavailable") : authentication;
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
