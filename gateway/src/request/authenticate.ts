import type { PersonTokenClaims, RefusalReason } from "@gatehouse/access-client/contract";
import type { AppTokenClaims, Verification } from "../keys/app-token.ts";
import type { BindingCookies } from "../login/binding-cookie.ts";
import type { Session, Sessions } from "../login/sessions.ts";
import type { ConfigurationSource } from "../policies/configuration.ts";
import type { Application } from "../policies/model.ts";
import type { Revocations } from "../revocations/revocations.ts";
import type { StoreTrust } from "../store/store-trust.ts";
import { checkSecret, checkSecretVersion, type OldSecretUse, type TokenCheck } from "../tokens/check-token.ts";
import type { TokenDirectory, TokenState } from "../tokens/token-directory.ts";
import type { Subject } from "./authorize.ts";
import type { Credential } from "./credential.ts";

export type Authentication = (
  | /** `jwt` is the one that the caller showed; a pair has none yet. */
  { readonly ok: true; readonly subject: Subject; readonly jwt: string | undefined; readonly expSeconds: number }
  | {
      readonly ok: false;
      readonly reason: RefusalReason;
      /** For the audit log: the token that was named, where there is or was such a one. Not proof of who it was. */
      readonly clientId?: string;
    }
) & {
  /** For the audit log: a secret that should not be in use any more. */
  readonly oldSecret?: { readonly clientId: string; readonly use: OldSecretUse };
};

/** A promise only where something has to be read or verified first: what is in memory is answered at once. */
export type Authenticate = (
  credential: Credential,
  application: Application,
) => Authentication | Promise<Authentication>;

export interface AuthenticatorDeps {
  readonly tokens: TokenDirectory;
  readonly sessions: Sessions;
  readonly verify: (jwt: string, application: Application) => Verification | Promise<Verification>;
  readonly pepper: Buffer;
  readonly storeTrust: () => StoreTrust;
  readonly revocations: Pick<Revocations, "notBeforeSeconds">;
  readonly bindings: Pick<BindingCookies, "isBound">;
  readonly configuration: ConfigurationSource;
  readonly now: () => number;
}

type ShownToken = Extract<Credential, { kind: "token" }>;
type BotClaims = Exclude<AppTokenClaims, PersonTokenClaims>;

/**
 * Tells who sends a request. A JWT is never enough by itself: the service token or the session behind it is looked at each
 * time (in memory), so a revoke is in force at once, however long the JWT would live.
 */
export function createAuthenticator(deps: AuthenticatorDeps): Authenticate {
  return (credential, application) => {
    if (credential.kind === "none") return refused("no_credential");
    if (credential.kind === "refused") return refused(credential.reason);
    const trust = deps.storeTrust();
    if (trust === "none") return refused("store_unavailable");
    const said =
      credential.kind === "pair"
        ? authenticatePair(credential, deps)
        : authenticateToken(credential, application, deps);
    if (trust === "current") return said;
    return said instanceof Promise ? said.then(asFarAsKnown) : asFarAsKnown(said);
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

function refused(reason: RefusalReason, clientId?: string): Authentication {
  return clientId === undefined ? { ok: false, reason } : { ok: false, reason, clientId };
}

function authenticatePair(
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
  { tokens, pepper, now }: AuthenticatorDeps,
): Authentication {
  const token = tokens.find(clientId);
  if (token === undefined) return refused("service_token_unknown");
  const check = checkSecret(token, clientSecret, pepper, now());
  const authentication = botOf(token, check, undefined, 0);
  const { oldSecretUse: use } = check;
  return use === undefined ? authentication : { ...authentication, oldSecret: { clientId: token.clientId, use } };
}

function authenticateToken(
  shown: ShownToken,
  application: Application,
  deps: AuthenticatorDeps,
): Authentication | Promise<Authentication> {
  if (shown.rivals.length > 0) return authenticateOneOf(shown, application, deps);
  const verification = deps.verify(shown.jwt, application);
  return verification instanceof Promise
    ? verification.then((said) => authenticateVerified(shown, said, application, deps))
    : authenticateVerified(shown, verification, application, deps);
}

/**
 * A host beside ours can set cookies for ours too, and must not lock people out with them: what is not good is as if it were not
 * there. Two good ones are refused, for either may be the one that was planted.
 */
async function authenticateOneOf(
  shown: ShownToken,
  application: Application,
  deps: AuthenticatorDeps,
): Promise<Authentication> {
  const all = [shown.jwt, ...shown.rivals].map((jwt) =>
    authenticateToken({ ...shown, jwt, rivals: [] }, application, deps),
  );
  const said = await Promise.all(all);
  const good = said.filter(({ ok }) => ok);
  if (good.length > 1) return refused("ambiguous_credential");
  return good[0] ?? said[0] ?? refused("token_malformed");
}

function authenticateVerified(
  shown: ShownToken,
  verification: Verification,
  application: Application,
  deps: AuthenticatorDeps,
): Authentication | Promise<Authentication> {
  if (!verification.ok) return refused(verification.reason);
  const { claims } = verification;
  if (claims.iat < deps.revocations.notBeforeSeconds(application.aud)) return refused("token_revoked");
  if ("common_name" in claims) return authenticateBot(shown.jwt, claims, deps);
  const session = deps.sessions.find(claims.identity_nonce ?? "");
  return session instanceof Promise
    ? session.then(
        (found) => personOf(shown, claims, found, application, deps),
        (error: unknown) => unread(error, deps),
      )
    : personOf(shown, claims, session, application, deps);
}

/** A session that this gateway has not seen yet cannot be asked for while the store is gone; that was logged once. */
function unread(error: unknown, { storeTrust }: AuthenticatorDeps): Authentication {
  if (storeTrust() === "current") throw error;
  return refused("store_unavailable");
}

function authenticateBot(jwt: string, claims: BotClaims, deps: AuthenticatorDeps): Authentication {
  const token = deps.tokens.find(claims.common_name);
  if (token === undefined) return refused("token_revoked", claims.common_name);
  const check = checkSecretVersion(token, claims.client_secret_version, deps.now());
  if (check.ok && deps.configuration.current().organization.isStrict) return refused("pair_required", token.clientId);
  return botOf(token, check, jwt, claims.exp);
}

function personOf(
  { jwt, bindings }: ShownToken,
  claims: PersonTokenClaims,
  session: Session | undefined,
  application: Application,
  deps: AuthenticatorDeps,
): Authentication {
  if (session === undefined || session.personId !== claims.sub) return refused("session_unknown");
  // A JWT that was taken from the browser lacks the cookie that stayed there, however it is shown.
  const isBound = !application.hasBindingCookie || deps.bindings.isBound(bindings, session.id, application.aud);
  if (!isBound) return refused("session_unknown");
  const { personId: id, email, name, id: sessionId, identityProviderId, claims: said } = session;
  const subject: Subject = { kind: "person", id, email, name, sessionId, identityProviderId, claims: said };
  return { ok: true, subject, jwt, expSeconds: claims.exp };
}

function botOf(token: TokenState, check: TokenCheck, jwt: string | undefined, expSeconds: number): Authentication {
  if (!check.ok) return refused(check.reason, token.clientId);
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
