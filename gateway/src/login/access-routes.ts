import { HEADERS, PATHS } from "@gatehouse/access-client/contract";
import { CERTS_MAX_AGE_SECONDS } from "../keys/key-schedule.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import { pageReply } from "../pages/page.ts";
import { headerValues } from "../proxy/headers.ts";
import type { Authenticate, Authentication } from "../request/authenticate.ts";
import type { RequestFacts } from "../request/authorize.ts";
import { findCredential } from "../request/credential.ts";
import { refuse } from "../request/refusal.ts";
import type { Reply } from "../request/reply.ts";
import type { Requester } from "../request/requester.ts";
import type { Target } from "../request/target.ts";
import { type AccessReply, type AccessRequest, jsonReply } from "./access-reply.ts";
import { authenticateForAny } from "./any-application.ts";
import { AUTHORIZED_PATH } from "./hand-over.ts";
import { describeBot, describePerson } from "./identity.ts";
import { launch } from "./launcher.ts";
import type { LoginFlow } from "./login-flow.ts";
import { LAUNCHER_PATH } from "./login-goal.ts";
import { type LogoutDeps, logOut } from "./logout.ts";

export interface AccessRoutesDeps extends LogoutDeps {
  readonly authenticate: Authenticate;
  readonly flow: LoginFlow;
  readonly keys: SigningKeys;
  readonly now: () => number;
}

export interface AccessRouteRequest {
  readonly method: string;
  readonly target: Target;
  readonly rawHeaders: readonly string[];
  readonly requester: Requester;
  readonly facts: RequestFacts;
  readonly rayId: string;
}

/**
 * The endpoints under `/cdn-cgi/access/`: answered here on every host we serve, never by an origin. At the issuer's host `/` too,
 * where no application has that path: it is the launcher.
 */
export function createAccessRoutes(deps: AccessRoutesDeps): (asked: AccessRouteRequest) => Promise<AccessReply> {
  return async (asked) => {
    const { target, rawHeaders, facts, rayId, requester } = asked;
    if (asked.method !== "GET" && asked.method !== "HEAD") return notOurs(asked);
    const [userAgent = ""] = headerValues(rawHeaders, "user-agent");
    const cookieHeaders = headerValues(rawHeaders, "cookie");
    const query = new URLSearchParams(target.query);
    const request = { target, query, cookieHeaders, userAgent, requester, facts, rayId };
    const { path } = target;
    if (target.host === deps.issuerHost) {
      if (path === PATHS.callback) return deps.flow.finish(request);
      if (path === PATHS.login || path.startsWith(`${PATHS.login}/`)) return deps.flow.start(request);
      if (path === LAUNCHER_PATH || path === "/") return launch(request, deps);
    }
    switch (path) {
      case PATHS.certs:
        return { reply: certs(deps.keys, rayId), event: "certs" };
      case AUTHORIZED_PATH:
        return deps.flow.takeOver(request);
      case PATHS.logout: {
        const who = await whoAsks(rawHeaders, deps);
        return logOut(who.ok ? who.subject : undefined, request, deps);
      }
      case PATHS.identity:
        return identify(await whoAsks(rawHeaders, deps), request, deps);
      default:
        return notOurs(asked);
    }
  };
}

async function whoAsks(rawHeaders: readonly string[], deps: AccessRoutesDeps): Promise<Authentication> {
  const { applications } = deps.configuration.current();
  return authenticateForAny(findCredential(rawHeaders, null), applications, deps.authenticate);
}

async function identify(who: Authentication, request: AccessRequest, deps: AccessRoutesDeps): Promise<AccessReply> {
  const { facts, rayId } = request;
  const event = "identity";
  if (who.ok && who.subject.kind === "service_token") {
    return { reply: jsonReply(describeBot(who.subject, facts, deps.now()), rayId), event };
  }
  const session = await sessionOf(who, request, deps);
  if (session === undefined) {
    const reason = who.ok ? "session_unknown" : who.reason;
    return { reply: refuse(reason, programContext(rayId)), event: reason };
  }
  const { identityProviders } = deps.configuration.current();
  return { reply: jsonReply(describePerson(session, facts.country, identityProviders), rayId), event };
}

/** By the JWT; at the issuer's host the browser's login does, too. */
async function sessionOf(who: Authentication, { target, cookieHeaders }: AccessRequest, deps: AccessRoutesDeps) {
  if (who.ok && who.subject.kind === "person") return deps.sessions.find(who.subject.sessionId);
  return target.host === deps.issuerHost ? deps.global.find(cookieHeaders) : undefined;
}

function certs(keys: SigningKeys, rayId: string): Reply {
  const headers = {
    "content-type": "application/json",
    [HEADERS.ray]: rayId,
    "cache-control": `public, max-age=${CERTS_MAX_AGE_SECONDS}`,
    "access-control-allow-origin": "*",
  };
  return { status: 200, headers, body: keys.certs() };
}

function notOurs({ requester, rayId }: AccessRouteRequest): AccessReply {
  const event = "bad_request";
  if (requester === "program") return { reply: refuse("bad_request", programContext(rayId)), event };
  const page = {
    title: "There is nothing here",
    paragraphs: ["The gateway has no page at this address."],
    actions: [{ label: "Go to the first page", href: "/" }],
    rayId,
  };
  return { reply: pageReply(404, page), event };
}

function programContext(rayId: string) {
  return {
    requester: "program",
    rayId,
    application: undefined,
    login: undefined,
    email: undefined,
    isSafeMethod: true,
  } as const;
}
