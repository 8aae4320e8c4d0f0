import { PATHS } from "@gatehouse/access-client/contract";
import type { Configuration } from "../policies/configuration.ts";
import type { Application } from "../policies/model.ts";
import { authorize, type Subject } from "../request/authorize.ts";
import { type AccessReply, type AccessRequest, redirect, single } from "./access-reply.ts";
import { denied, enter } from "./enter.ts";
import type { LoggedIn } from "./identity-provider.ts";
import { providersFor } from "./identity-providers.ts";
import { listedFor } from "./launcher.ts";
import type { LoginAttempt } from "./login-attempts.ts";
import type { LoginFlowDeps } from "./login-flow-deps.ts";
import { goalUrl, returnAddress } from "./login-goal.ts";
import { failedLogin, loginProblem, nothingToOpen } from "./login-problem.ts";
import type { Session } from "./sessions.ts";

/** Somebody whom an identity provider vouched for, back from where an attempt sent them. */
interface Arrival {
  readonly loggedIn: LoggedIn;
  readonly person: Extract<Subject, { kind: "person" }>;
  readonly attempt: LoginAttempt;
  readonly application: Application | undefined;
  readonly request: AccessRequest;
}

const MAX_USER_AGENT_LENGTH = 300;

/** `/callback?code&state`: back from the identity provider. */
export async function finishLogin(request: AccessRequest, deps: LoginFlowDeps): Promise<AccessReply> {
  const { query, cookieHeaders, facts, rayId } = request;
  const attempt = await deps.attempts.spend(single(query, "state") ?? "", cookieHeaders);
  const configuration = deps.configuration.current();
  const application = attempt === undefined ? undefined : configuration.byAud(attempt.goal.aud);
  const provider = attempt === undefined ? undefined : deps.providers.find(attempt.providerId);
  if (attempt === undefined || provider === undefined || !isStillAllowed(attempt, application, configuration)) {
    deps.recorder.failed("attempt_unknown", application, { ip: facts.ip, rayId });
    return loginProblem("expired", rayId, "/");
  }
  try {
    const currentUrl = new URL(`${deps.issuer}${PATHS.callback}${request.target.query}`);
    const loggedIn = await provider.finish(currentUrl, attempt.secrets);
    const person = { kind: "person", ...loggedIn.person, sessionId: "", identityProviderId: provider.id } as const;
    return await admit({ loggedIn, person, attempt, application, request }, deps);
  } catch (error) {
    const retryUrl = goalUrl(deps.issuer, application, attempt.goal);
    return failedLogin(error, { request, application, retryUrl }, deps);
  }
}

/** The application may be gone since, or may no longer take this provider's word. */
function isStillAllowed(
  { goal, providerId }: LoginAttempt,
  application: Application | undefined,
  configuration: Configuration,
): boolean {
  const isGone = goal.aud !== "" && application === undefined;
  return !isGone && providersFor(configuration, application).some(({ id }) => id === providerId);
}

/** A session is begun only for somebody whom the policies let in somewhere. */
async function admit(arrival: Arrival, deps: LoginFlowDeps): Promise<AccessReply> {
  const { person, attempt, application, request } = arrival;
  const { goal, secrets } = attempt;
  const forget = deps.attempts.forget(secrets.state);
  if (application === undefined) return admitToLauncher(arrival, forget, deps);
  const decision = authorize(application, person, request.facts);
  if (decision.outcome === "refused") {
    return denied({ application, decision, person, goal, cookies: [forget] }, request, deps);
  }
  const lifeMs = decision.policy.sessionDurationMs ?? application.sessionDurationMs;
  const session = await beginSession(arrival, lifeMs, deps);
  const cookies = [deps.global.cookie(session), forget];
  const entered = await enter({ session, application, decision, goal, cookies }, request, deps);
  return { ...entered, event: "logged_in" };
}

async function admitToLauncher(arrival: Arrival, forget: string, deps: LoginFlowDeps): Promise<AccessReply> {
  const { person, attempt, request } = arrival;
  const { facts, rayId } = request;
  if (listedFor(person, facts, deps.configuration.current()).length === 0) {
    deps.recorder.refused(person.email, "nothing_to_open", undefined, { ip: facts.ip, rayId });
    return nothingToOpen(person.email, rayId, [forget]);
  }
  const session = await beginSession(arrival, 0, deps);
  const address = returnAddress(attempt.goal, deps.isSecure);
  return { reply: redirect(address, rayId, [deps.global.cookie(session), forget]), event: "logged_in" };
}

async function beginSession(
  { loggedIn, person, attempt, application, request }: Arrival,
  lifeMs: number,
  deps: LoginFlowDeps,
): Promise<Session> {
  const { omittedClaims } = loggedIn.person;
  if (omittedClaims.length > 0) deps.logger.warn({ omittedClaims }, "claims of a login were too long, and left out");
  await endAnother(person.email, attempt, request, deps);
  const { id: personId, email, name, identityProviderId, claims } = person;
  const { organization, identityProviders } = deps.configuration.current();
  const expiresAtMs = deps.now() + Math.max(lifeMs, organization.sessionDurationMs);
  const { ip } = request.facts;
  const userAgent = request.userAgent.slice(0, MAX_USER_AGENT_LENGTH);
  const about = { personId, email, name, identityProviderId, claims, expiresAtMs, ip, userAgent };
  const session = await deps.sessions.begin(about, loggedIn.idToken);
  const providerName = identityProviders.find(({ id }) => id === identityProviderId)?.name ?? "";
  deps.recorder.allowed(email, application, providerName, { ip, rayId: request.rayId });
  return session;
}

/** Whoever is somebody else from now on, in this browser, is the one before no longer. */
async function endAnother(email: string, attempt: LoginAttempt, request: AccessRequest, deps: LoginFlowDeps) {
  const before = await deps.global.find(request.cookieHeaders);
  if (before !== undefined && (attempt.mustAskAgain || before.email !== email)) await deps.sessions.end(before.id);
}
