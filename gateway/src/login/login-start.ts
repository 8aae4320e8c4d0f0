import { HEADERS, PATHS } from "@gatehouse/access-client/contract";
import { renderProviderChoice } from "../pages/provider-choice.ts";
import type { Configuration } from "../policies/configuration.ts";
import type { Application, IdentityProviderModel } from "../policies/model.ts";
import { primaryHost } from "../policies/place.ts";
import { authorize, isVouchedFor } from "../request/authorize.ts";
import { type AccessReply, type AccessRequest, redirect, single } from "./access-reply.ts";
import { denied, enter } from "./enter.ts";
import { providersFor } from "./identity-providers.ts";
import type { LoginFlowDeps } from "./login-flow-deps.ts";
import { addressOn, goalUrl, LAUNCHER_PATH, type LoginGoal, returnAddress } from "./login-goal.ts";
import { failedLogin, loginProblem } from "./login-problem.ts";
import { applicationAt, returnPathOn } from "./places.ts";
import { subjectOf } from "./sessions.ts";

/** What is asked for: an application and where to come back to in it, or the launcher. */
interface Asked {
  readonly application: Application | undefined;
  readonly goal: LoginGoal;
}

const BINDING_SHAPE = /^[0-9a-f]{64}$/;

/** `/login/<host>?kid&redirect_url`: into the application if the browser has logged in before, else to an identity provider. */
export async function startLogin(request: AccessRequest, deps: LoginFlowDeps): Promise<AccessReply> {
  const configuration = deps.configuration.current();
  const asked = readAsked(request, configuration, deps);
  if (asked === undefined) return loginProblem("unknown_application", request.rayId);
  return marked(await proceed(asked, configuration, request, deps), asked.application);
}

/** Older releases of Access's command line read from the login page's headers which application it is for. */
function marked({ reply, event }: AccessReply, application: Application | undefined): AccessReply {
  if (application === undefined) return { reply, event };
  const marks = { [HEADERS.audience]: application.aud, [HEADERS.domain]: application.domain };
  return { reply: { ...reply, headers: { ...marks, ...reply.headers } }, event };
}

async function proceed(
  asked: Asked,
  configuration: Configuration,
  request: AccessRequest,
  deps: LoginFlowDeps,
): Promise<AccessReply> {
  const { query, rayId } = request;
  const { application, goal } = asked;
  const isBound = goal.host === deps.issuerHost || goal.binding !== "";
  // Only the application's own host can bind the browser: it is asked for its page, and sends back here.
  if (!isBound) return { reply: redirect(returnAddress(goal, deps.isSecure), rayId, []), event: "login_bound" };
  const mustAskAgain = query.get("prompt") === "login";
  const known = mustAskAgain ? undefined : await enterSilently(asked, request, deps);
  if (known !== undefined) return known;
  const providers = providersFor(configuration, application);
  if (providers.length === 0) return loginProblem("no_identity_provider", rayId);
  const provider = chooseProvider(providers, single(query, "idp"), application, configuration);
  if (provider === undefined) {
    const url = goalUrl(deps.issuer, application, goal) + (mustAskAgain ? "&prompt=login" : "");
    return renderProviderChoice({ application, organization: configuration.organization, providers, url, rayId });
  }
  return goTo(provider, { ...asked, mustAskAgain }, request, deps);
}

async function goTo(
  { id: providerId }: IdentityProviderModel,
  { application, goal, mustAskAgain }: Asked & { readonly mustAskAgain: boolean },
  request: AccessRequest,
  deps: LoginFlowDeps,
): Promise<AccessReply> {
  const { rayId, cookieHeaders } = request;
  const { attempt, cookies } = deps.attempts.begin({ providerId, mustAskAgain, goal }, cookieHeaders);
  try {
    const location = await deps.providers.find(providerId)?.loginUrl(attempt.secrets, { mustAskAgain });
    if (location === undefined) return loginProblem("no_identity_provider", rayId);
    return { reply: redirect(location, rayId, cookies), event: "login_started" };
  } catch (error) {
    return failedLogin(error, { request, application, retryUrl: goalUrl(deps.issuer, application, goal) }, deps);
  }
}

function readAsked(
  { target, query }: AccessRequest,
  { byAud, choose }: Configuration,
  { issuerHost }: LoginFlowDeps,
): Asked | undefined {
  const named = target.path.slice(PATHS.login.length + 1).toLowerCase();
  if (named === "" && !query.has("kid")) {
    return {
      application: undefined,
      goal: { aud: "", host: issuerHost, returnPath: LAUNCHER_PATH, binding: "" },
    };
  }
  const asked = single(query, "redirect_url");
  const application = query.has("kid") ? byAud(single(query, "kid") ?? "") : applicationAt(named, asked, choose);
  if (application === undefined) return undefined;
  const host = hostOf(application, named);
  const returnPath = returnPathOn(host, asked, application, choose);
  if (returnPath === undefined) return undefined;
  const binding = single(query, "binding") ?? "";
  const isBinding = host !== issuerHost && BINDING_SHAPE.test(binding);
  return { application, goal: { aud: application.aud, host, returnPath, binding: isBinding ? binding : "" } };
}

/** The host of a login link. Access's own clients leave a port out, and some the whole host. */
function hostOf(application: Application, named: string): string {
  if (named === "") return primaryHost(application);
  const hosts = application.destinations.map(({ host }) => host);
  return hosts.includes(named) ? named : (hosts.find((host) => host.startsWith(`${named}:`)) ?? named);
}

/** With the login that the browser has; undefined when it has none that this application takes. */
async function enterSilently(
  { application, goal }: Asked,
  request: AccessRequest,
  deps: LoginFlowDeps,
): Promise<AccessReply | undefined> {
  const session = await deps.global.find(request.cookieHeaders);
  if (session === undefined) return undefined;
  const person = subjectOf(session);
  if (application === undefined) {
    return {
      reply: redirect(addressOn(goal.host, goal.returnPath, deps.isSecure), request.rayId, []),
      event: "login",
    };
  }
  if (!isVouchedFor(application, person)) return undefined;
  const decision = authorize(application, person, request.facts);
  if (decision.outcome === "refused") {
    return denied({ application, decision, person, goal, cookies: [] }, request, deps);
  }
  return enter({ session, application, decision, goal, cookies: [] }, request, deps);
}

/** The one that was clicked, or the only one; undefined when the person has to choose. */
function chooseProvider(
  providers: readonly IdentityProviderModel[],
  clicked: string | undefined,
  application: Application | undefined,
  { organization }: Configuration,
): IdentityProviderModel | undefined {
  const chosen = providers.find(({ id }) => id === clicked);
  if (chosen !== undefined) return chosen;
  const [first, ...more] = providers;
  const isAutomatic = application?.isAutoRedirected === true || organization.isAutoRedirected;
  return more.length === 0 && isAutomatic ? first : undefined;
}
