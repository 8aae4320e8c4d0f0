import { PATHS } from "@gatehouse/access-client/contract";
import { GatewayError } from "../errors.ts";
import type { ConfigurationSource } from "../policies/configuration.ts";
import type { Application } from "../policies/model.ts";
import { primaryHost } from "../policies/place.ts";
import { authorize } from "../request/authorize.ts";
import { type Reply, refuse } from "../request/refusal.ts";
import type { AccessReply, AccessRequest } from "./access-reply.ts";
import { AUTHORIZED_PATH, type HandOver } from "./hand-over.ts";
import type { IdentityProvider, Person } from "./identity-provider.ts";
import type { LoginAttempt, LoginAttempts } from "./login-attempts.ts";
import { loginUrl } from "./login-link.ts";
import { loginProblem } from "./login-problem.ts";
import { type PersonTokenDeps, personCookie } from "./person-token.ts";
import { safeReturnPath } from "./return-path.ts";
import type { Sessions } from "./sessions.ts";

export interface LoginFlowDeps extends PersonTokenDeps {
  readonly configuration: ConfigurationSource;
  readonly provider: IdentityProvider | undefined;
  readonly attempts: LoginAttempts;
  readonly handOver: HandOver;
  readonly sessions: Sessions;
  readonly now: () => number;
}

export interface LoginFlow {
  /** `/login/<host>?kid&redirect_url`: off to the identity provider. */
  start(request: AccessRequest): Promise<AccessReply>;
  /** `/callback?code&state`: back from it. */
  finish(request: AccessRequest): Promise<AccessReply>;
  /** `/authorized?ticket`: an application's own host takes over from the issuer's. */
  takeOver(request: AccessRequest): Promise<AccessReply>;
}

const BINDING_SHAPE = /^[0-9a-f]{64}$/;

export function createLoginFlow(deps: LoginFlowDeps): LoginFlow {
  return {
    start: (request) => startLogin(request, deps),
    finish: (request) => finishLogin(request, deps),
    takeOver: (request) => takeOverLogin(request, deps),
  };
}

async function startLogin(request: AccessRequest, deps: LoginFlowDeps): Promise<AccessReply> {
  const { query, rayId } = request;
  const application = askedApplication(request, deps.configuration.current().applications);
  if (application === undefined) return loginProblem("unknown_application", rayId);
  if (deps.provider === undefined) return loginProblem("no_identity_provider", rayId);
  const returnPath = safeReturnPath(single(query, "redirect_url"), application, deps.configuration.current().choose);
  const binding = single(query, "binding") ?? "";
  const isBound = primaryHost(application) === new URL(deps.issuer).host || BINDING_SHAPE.test(binding);
  // Only the application's own host can bind the browser: it is asked for its first page, and sends back here.
  if (!isBound) return { reply: redirect(addressOf(application, returnPath, deps), rayId, []), event: "login_bound" };
  const { attempt, cookie } = deps.attempts.begin({ aud: application.aud, returnPath, binding });
  try {
    const mustAskAgain = query.get("prompt") === "login";
    const location = await deps.provider.loginUrl(attempt.secrets, { mustAskAgain });
    return { reply: redirect(location, rayId, [cookie]), event: "login_started" };
  } catch (error) {
    return failed(error, rayId, addressOf(application, returnPath, deps));
  }
}

async function finishLogin(request: AccessRequest, deps: LoginFlowDeps): Promise<AccessReply> {
  const state = single(request.query, "state") ?? "";
  const attempt = await deps.attempts.spend(state, request.cookieHeaders);
  const application = attempt === undefined ? undefined : deps.configuration.current().byAud(attempt.aud);
  if (attempt === undefined || application === undefined || deps.provider === undefined) {
    return loginProblem("expired", request.rayId, "/");
  }
  try {
    const currentUrl = new URL(`${deps.issuer}${PATHS.callback}${request.target.query}`);
    const person = await deps.provider.finish(currentUrl, attempt.secrets);
    return await admit(person, attempt, application, request, deps);
  } catch (error) {
    return failed(error, request.rayId, addressOf(application, attempt.returnPath, deps));
  }
}

/** A JWT is a pass to the origin too, so it is made only for those whom the policies let in. */
async function admit(
  person: Person,
  attempt: LoginAttempt,
  application: Application,
  { ip, rayId }: AccessRequest,
  deps: LoginFlowDeps,
): Promise<AccessReply> {
  const { id: personId, email, name } = person;
  const { returnPath, binding, secrets } = attempt;
  const { aud } = application;
  const subject = {
    kind: "person",
    id: personId,
    email,
    name,
    sessionId: "",
    identityProviderId: "oidc",
    claims: {},
  } as const;
  const decision = authorize(application, subject, { ip, country: null, certificateName: null });
  const forget = deps.attempts.forget(secrets.state);
  if (decision.outcome === "refused") {
    const login = { url: loginUrl(deps.issuer, application, returnPath, binding || undefined), cookie: undefined };
    const reply = refuse(decision.reason, {
      requester: "person",
      rayId,
      application,
      login,
      email,
      isSafeMethod: true,
    });
    return { reply: { ...reply, headers: { ...reply.headers, "set-cookie": forget } }, event: "login_denied" };
  }
  const expiresAtMs = deps.now() + application.sessionDurationMs;
  const session = await deps.sessions.begin(
    { personId, email, name, expiresAtMs, identityProviderId: "oidc", claims: {}, ip, userAgent: "" },
    person.idToken,
  );
  if (primaryHost(application) === new URL(deps.issuer).host) {
    const cookies = [await personCookie(session, application, deps), forget];
    return { reply: redirect(addressOf(application, returnPath, deps), rayId, cookies), event: "logged_in" };
  }
  const ticket = deps.handOver.seal({ sessionId: session.id, aud, returnPath, binding });
  const location = addressOf(application, `${AUTHORIZED_PATH}?kid=${aud}&ticket=${ticket}`, deps);
  return { reply: redirect(location, rayId, [forget]), event: "logged_in" };
}

async function takeOverLogin(request: AccessRequest, deps: LoginFlowDeps): Promise<AccessReply> {
  const { query, target, cookieHeaders, rayId } = request;
  const kid = single(query, "kid");
  const application = deps.configuration
    .current()
    .applications.find((one) => one.aud === kid && primaryHost(one) === target.host);
  if (application === undefined) return loginProblem("unknown_application", rayId);
  const ticket = await deps.handOver.redeem(single(query, "ticket") ?? "", cookieHeaders, application);
  const session = ticket === undefined ? undefined : await deps.sessions.find(ticket.sessionId);
  if (ticket === undefined || session === undefined) return loginProblem("expired", rayId, "/");
  const cookie = await personCookie(session, application, deps);
  return { reply: redirect(addressOf(application, ticket.returnPath, deps), rayId, [cookie]), event: "handed_over" };
}

function addressOf(application: Application, path: string, { isSecure }: LoginFlowDeps): string {
  return `${isSecure ? "https" : "http"}://${primaryHost(application)}${path}`;
}

function askedApplication(
  { target, query }: AccessRequest,
  applications: readonly Application[],
): Application | undefined {
  const host = target.path.slice(PATHS.login.length + 1).toLowerCase();
  const kid = single(query, "kid");
  const asked = applications.filter(
    (application) =>
      (host === "" || primaryHost(application) === host) && (kid === undefined || application.aud === kid),
  );
  return asked.length === 1 ? asked[0] : undefined;
}

/** A parameter's only value: given twice it counts as absent, for two readers could take different ones. */
function single(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  return more.length === 0 ? value : undefined;
}

function failed(error: unknown, rayId: string, retryUrl: string): AccessReply {
  if (!(error instanceof GatewayError)) throw error;
  const problem = loginProblem(error.code, rayId, retryUrl);
  // The operator needs to know which check failed; the code says so without the values.
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return typeof code === "string" ? { ...problem, event: `${problem.event} (${code})` } : problem;
}

function redirect(location: string, rayId: string, cookies: readonly string[]): Reply {
  const headers = { location, "cf-ray": rayId, "cache-control": "no-store", "set-cookie": cookies };
  return { status: 302, headers, body: "" };
}
