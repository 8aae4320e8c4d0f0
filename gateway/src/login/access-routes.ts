import { HEADERS, PATHS } from "@gatehouse/access-client/contract";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { ConfigurationSource } from "../policies/configuration.ts";
import { headerValues } from "../proxy/headers.ts";
import type { Authenticate } from "../request/authenticate.ts";
import { findCredential } from "../request/credential.ts";
import { type Reply, refuse } from "../request/refusal.ts";
import type { Target } from "../request/target.ts";
import type { AccessReply } from "./access-reply.ts";
import { authenticateForAny } from "./any-application.ts";
import { AUTHORIZED_PATH } from "./hand-over.ts";
import { describeIdentity } from "./identity.ts";
import type { LoginFlow } from "./login-flow.ts";
import { type LogoutDeps, logOut } from "./logout.ts";

export interface AccessRoutesDeps extends LogoutDeps {
  readonly configuration: ConfigurationSource;
  readonly authenticate: Authenticate;
  readonly flow: LoginFlow;
  readonly keys: SigningKeys;
  readonly now: () => number;
}

export interface AccessRouteRequest {
  readonly method: string;
  readonly target: Target;
  readonly rawHeaders: readonly string[];
  readonly ip: string;
  readonly rayId: string;
}

/** Key sets may be kept for this long; verifiers fetch again when they meet an unknown kid. */
const CERTS_MAX_AGE_SECONDS = 300;

/** The endpoints under `/cdn-cgi/access/`: answered here on every host we serve, never by an origin. */
export function createAccessRoutes(deps: AccessRoutesDeps): (request: AccessRouteRequest) => Promise<AccessReply> {
  return async ({ method, target, rawHeaders, ip, rayId }) => {
    const { path } = target;
    if (method !== "GET" && method !== "HEAD") return notOurs(rayId);
    const query = new URLSearchParams(target.query);
    const request = { target, query, cookieHeaders: headerValues(rawHeaders, "cookie"), ip, rayId };
    const isIssuerHost = target.host === new URL(deps.issuer).host;
    if (path === PATHS.certs) return { reply: certs(deps.keys, rayId), event: "certs" };
    if (path === PATHS.callback && isIssuerHost) return deps.flow.finish(request);
    if ((path === PATHS.login || path.startsWith(`${PATHS.login}/`)) && isIssuerHost) return deps.flow.start(request);
    if (path === AUTHORIZED_PATH) return deps.flow.takeOver(request);
    if (path !== PATHS.logout && path !== PATHS.identity) return notOurs(rayId);
    const who = await authenticateForAny(
      findCredential(rawHeaders),
      deps.configuration.current().applications,
      deps.authenticate,
    );
    if (path === PATHS.logout) return logOut(who.ok ? who.subject : undefined, rayId, deps);
    if (!who.ok) return { reply: refuse(who.reason, program(rayId)), event: who.reason };
    const identity = describeIdentity(who.subject, ip, Math.floor(deps.now() / 1000));
    return { reply: json(200, identity, { [HEADERS.ray]: rayId, "cache-control": "no-store" }), event: "identity" };
  };
}

function certs(keys: SigningKeys, rayId: string): Reply {
  const headers = { [HEADERS.ray]: rayId, "cache-control": `public, max-age=${CERTS_MAX_AGE_SECONDS}` };
  return json(200, keys.jwks(), { ...headers, "access-control-allow-origin": "*" });
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>>): Reply {
  return { status, headers: { ...headers, "content-type": "application/json" }, body: `${JSON.stringify(body)}\n` };
}

function notOurs(rayId: string): AccessReply {
  return { reply: refuse("bad_request", program(rayId)), event: "bad_request" };
}

function program(rayId: string) {
  return {
    requester: "program",
    rayId,
    application: undefined,
    login: undefined,
    email: undefined,
    isSafeMethod: true,
  } as const;
}
