import { PATHS } from "@gatehouse/access-client/contract";
import { GatewayError } from "../errors.ts";
import { signAppToken } from "../keys/app-token.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { Application } from "../policies/model.ts";
import type { ApplicationChoice } from "../request/application.ts";
import { authorize } from "../request/authorize.ts";
import { type Reply, refuse } from "../request/refusal.ts";
import type { Target } from "../request/target.ts";
import type { AccessReply, AccessRequest } from "./access-reply.ts";
import { passCookie } from "./cookies.ts";
import type { IdentityProvider, Person } from "./identity-provider.ts";
import type { LoginAttempt, LoginAttempts } from "./login-attempts.ts";
import { loginProblem } from "./login-problem.ts";
import { safeReturnPath } from "./return-path.ts";
import type { Session, Sessions } from "./sessions.ts";

export interface LoginFlowDeps {
  readonly applications: readonly Application[];
  readonly pick: (target: Target) => ApplicationChoice;
  readonly provider: IdentityProvider | undefined;
  readonly attempts: LoginAttempts;
  readonly sessions: Sessions;
  readonly keys: SigningKeys;
  readonly issuer: string;
  readonly isSecure: boolean;
  readonly now: () => number;
}

export interface LoginFlow {
  /** `/login/<host>?kid&redirect_url`: off to the identity provider. */
  start(request: AccessRequest): Promise<AccessReply>;
  /** `/callback?code&state`: back from it. */
  finish(request: AccessRequest): Promise<AccessReply>;
}

/** Where a browser is sent to log in for an application, and come back to `returnTo` (path and query). */
export function loginUrl(issuer: string, application: Application, returnTo: string): string {
  const query = new URLSearchParams({ kid: application.aud, redirect_url: returnTo });
  return `${issuer}${PATHS.login}/${application.host}?${query}`;
}

export function createLoginFlow(deps: LoginFlowDeps): LoginFlow {
  return {
    async start(request) {
      const application = askedApplication(request, deps.applications);
      if (application === undefined) return loginProblem("unknown_application", request.rayId);
      if (deps.provider === undefined) return loginProblem("no_identity_provider", request.rayId);
      const returnPath = safeReturnPath(single(request.query, "redirect_url"), application, deps.pick);
      const { attempt, cookie } = deps.attempts.begin({ aud: application.aud, returnPath });
      try {
        const mustAskAgain = request.query.get("prompt") === "login";
        const location = await deps.provider.loginUrl(attempt.secrets, { mustAskAgain });
        return { reply: redirect(location, request.rayId, [cookie]), event: "login_started" };
      } catch (error) {
        return failed(error, request, loginUrl(deps.issuer, application, returnPath));
      }
    },
    async finish(request) {
      const state = single(request.query, "state") ?? "";
      const attempt = await deps.attempts.spend(state, request.cookieHeaders);
      const application = deps.applications.find(({ aud }) => aud === attempt?.aud);
      if (attempt === undefined || application === undefined || deps.provider === undefined) {
        return loginProblem("expired", request.rayId, "/");
      }
      try {
        const currentUrl = new URL(`${deps.issuer}${PATHS.callback}${request.target.query}`);
        const person = await deps.provider.finish(currentUrl, attempt.secrets);
        return await admit(person, attempt, application, request, deps);
      } catch (error) {
        return failed(error, request, loginUrl(deps.issuer, application, attempt.returnPath));
      }
    },
  };
}

/** A JWT is a pass to the origin too, so it is made only for those whom the policies let in. */
async function admit(
  person: Person,
  attempt: LoginAttempt,
  application: Application,
  request: AccessRequest,
  deps: LoginFlowDeps,
): Promise<AccessReply> {
  const subject = { kind: "person", id: person.id, email: person.email, name: person.name, sessionId: "" } as const;
  const decision = authorize(application, subject, request.ip);
  const forget = deps.attempts.forget(attempt.secrets.state);
  if (decision.outcome === "refused") {
    const reply = refuse(decision.reason, {
      requester: "person",
      rayId: request.rayId,
      application,
      loginUrl: loginUrl(deps.issuer, application, attempt.returnPath),
      email: person.email,
      isSafeMethod: true,
    });
    return { reply: { ...reply, headers: { ...reply.headers, "set-cookie": forget } }, event: "login_denied" };
  }
  const expiresAtMs = deps.now() + application.sessionDurationMs;
  const profile = { personId: person.id, email: person.email, name: person.name, expiresAtMs };
  const session = await deps.sessions.begin(profile, person.idToken);
  const { jwt, expSeconds } = await signPersonToken(session, application, deps);
  const scheme = deps.isSecure ? "https" : "http";
  const location = `${scheme}://${application.host}${attempt.returnPath}`;
  const cookies = [passCookie(jwt, expSeconds, deps.isSecure), forget];
  return { reply: redirect(location, request.rayId, cookies), event: "logged_in" };
}

async function signPersonToken(
  session: Session,
  application: Application,
  { keys, issuer }: LoginFlowDeps,
): Promise<{ readonly jwt: string; readonly expSeconds: number }> {
  const iat = Math.floor(session.createdAtMs / 1000);
  const expSeconds = Math.floor(session.expiresAtMs / 1000);
  const jwt = await signAppToken(keys, {
    type: "app",
    iss: issuer,
    aud: [application.aud],
    iat,
    nbf: iat,
    exp: expSeconds,
    sub: session.personId,
    email: session.email,
    identity_nonce: session.id,
    custom: { name: session.name },
  });
  return { jwt, expSeconds };
}

function askedApplication(
  { target, query }: AccessRequest,
  applications: readonly Application[],
): Application | undefined {
  const host = target.path.slice(PATHS.login.length + 1).toLowerCase();
  const kid = single(query, "kid");
  const asked = applications.filter(
    (application) => (host === "" || application.host === host) && (kid === undefined || application.aud === kid),
  );
  return asked.length === 1 ? asked[0] : undefined;
}

/** A parameter's only value: given twice it counts as absent, for two readers could take different ones. */
function single(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  return more.length === 0 ? value : undefined;
}

function failed(error: unknown, { rayId }: AccessRequest, retryUrl: string): AccessReply {
  if (!(error instanceof GatewayError)) throw error;
  return loginProblem(error.code, rayId, retryUrl);
}

function redirect(location: string, rayId: string, cookies: readonly string[]): Reply {
  const headers = { location, "cf-ray": rayId, "cache-control": "no-store", "set-cookie": cookies };
  return { status: 302, headers, body: "" };
}
