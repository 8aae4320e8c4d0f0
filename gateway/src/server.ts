import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ACCESS_PATH_PREFIX, HEADERS, type RefusalReason } from "@gatehouse/access-client/contract";
import { closeServer, listen } from "@gatehouse/service";
import { adminMounts, adminRoutes } from "./admin-api/routes.ts";
import { type AdminServer, createAdminServer } from "./admin-api/server.ts";
import { passCookie } from "./login/cookies.ts";
import type { LoginLink } from "./login/login-link.ts";
import type { Gateway, GatewayConfig, GatewayDeps } from "./options.ts";
import { openParts, type Parts } from "./parts.ts";
import type { Application } from "./policies/model.ts";
import { unknownTokens } from "./policies/unknown-tokens.ts";
import { type ForwardOutcome, forward } from "./proxy/forward.ts";
import { framingProblem } from "./proxy/framing.ts";
import { headerValues, requestHeaders } from "./proxy/headers.ts";
import { isWebSocketHandshake, responseOn, type Upgrade } from "./proxy/websocket.ts";
import type { Authentication } from "./request/authenticate.ts";
import { authorize, type RequestFacts } from "./request/authorize.ts";
import { createClientErrors } from "./request/client-error.ts";
import { type Credential, findCredential } from "./request/credential.ts";
import { type RefusalContext, refuse } from "./request/refusal.ts";
import { recognizeRequester } from "./request/requester.ts";
import { parseTarget, type Target } from "./request/target.ts";
import { answer, describeSubject, logVisit, openVisit, type Visit } from "./request/visit.ts";
import type { Pass } from "./tokens/minted-tokens.ts";

/** A client has this long to send its head. */
const HEAD_TIMEOUT_MS = 15_000;
/** … and this long for the whole request, uploads included. */
const REQUEST_TIMEOUT_MS = 30 * 60_000;
const MAX_HEADER_BYTES = 32 * 1024;
const DEFAULT_GRACE_MS = 5_000;
const IDLE_SWEEP_INTERVAL_MS = 50;
/** Never sent, for nobody is there: what the log says, as nginx's does. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * The Access gateway: an HTTP server in front of the applications of its policy file.
 *
 * @throws {GatewayError} `ERR_STORE_UNUSABLE`, `ERR_SECRET_KEY_MISMATCH`
 */
export async function createGateway(config: GatewayConfig, deps: GatewayDeps): Promise<Gateway> {
  const parts = await openParts(config, deps);
  const server = openServer(parts);
  const known = new Set((await parts.tokens.list()).map(({ id }) => id));
  for (const policy of unknownTokens(config.policies, known)) {
    deps.logger.warn({ policy }, "a policy names a service token that is not there");
  }
  const admin = config.admin === undefined ? undefined : openAdminServer(config.admin, parts);
  return {
    listen: () => listen(server, { what: "the gateway", ...config.listen }),
    listenAdmin: async () => admin?.listen(),
    tokens: parts.tokens,
    apiTokens: parts.apiTokens,
    async close(graceMs = DEFAULT_GRACE_MS) {
      parts.openSockets.closeAll();
      // A connection that was busy when the closing began becomes idle later, and would keep us waiting for nothing.
      const idleSweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_INTERVAL_MS);
      await closeServer(server, graceMs);
      clearInterval(idleSweep);
      await admin?.close(graceMs);
      await parts.pools.close();
      await parts.lastSeen.close();
      await parts.admin.lastUsed.close();
      parts.feed.close();
      await parts.store.destroy();
    },
  };
}

function openAdminServer(config: NonNullable<GatewayConfig["admin"]>, parts: Parts): AdminServer {
  const { logger, now } = parts;
  const { hosts = [] } = config;
  return createAdminServer(config, {
    ...parts.admin,
    logger,
    now,
    hosts,
    routes: adminRoutes(parts),
    mounts: adminMounts(parts),
  });
}

function openServer(parts: Parts): Server {
  const options = {
    insecureHTTPParser: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEAD_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    shouldUpgradeCallback: isWebSocketHandshake,
  };
  const clientErrors = createClientErrors(parts.logger);
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    clientErrors.watch(request, response);
    void handle(openVisit(request, response), parts);
  };
  const server = createServer(options, onRequest);
  // Headers past a maximum would vanish unseen; their bytes are limited instead.
  server.maxHeadersCount = 0;
  server.on("checkContinue", onRequest);
  server.on("checkExpectation", onRequest);
  server.on("clientError", clientErrors.answer);
  server.on("upgrade", (request, socket, head) => {
    // Sent before the answer to an earlier request is out: the connection cannot be both, and no WebSocket client does this.
    if (clientErrors.isBusy(socket)) socket.destroy();
    else onUpgrade(request, socket, head, parts);
  });
  return server;
}

function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, parts: Parts): void {
  const response = responseOn(request, socket);
  const upgrade: Upgrade = {
    socket,
    release: () => response.detachSocket(request.socket),
    hasEarlyBytes: head.length > 0,
  };
  void handle(openVisit(request, response, upgrade), parts);
}

/** The outer frame of a request: whatever happens inside, it is answered and logged. */
async function handle(visit: Visit, parts: Parts): Promise<void> {
  const { record } = visit;
  try {
    await serve(visit, parts);
  } catch (error) {
    parts.logger.error(
      { err: error, rayId: visit.rayId, traceId: visit.trace.traceId },
      "a request failed in the gateway",
    );
    record.decision = "refused";
    record.reason = "store_unavailable";
    answerFailure(visit);
  } finally {
    logVisit(visit, parts.logger);
  }
}

/** The last resort: what fails here too would be nobody's rejection, and end the process. */
function answerFailure(visit: Visit): void {
  try {
    answer(visit, refuse("store_unavailable", contextOf(visit, { kind: "none" })));
  } catch {
    visit.response.destroy();
  }
}

/** The order of one request, all of it. */
async function serve(visit: Visit, parts: Parts): Promise<void> {
  const { request, record } = visit;

  // Parse the target: what can be read in two ways goes no further.
  const parsed = parseTarget(request.url ?? "", headerValues(request.rawHeaders, "host"));
  const problem = parsed.ok ? framingProblem(request, visit.upgrade) : parsed.problem;
  const credential = findCredential(request.rawHeaders);
  record.credential = credential.kind;
  if (!parsed.ok || problem !== undefined) {
    // What the next bytes on this connection belong to is anyone's guess.
    visit.response.shouldKeepAlive = false;
    return refuseVisit(visit, "bad_request", contextOf(visit, credential), problem);
  }
  const { target } = parsed;
  record.host = target.host;
  record.path = target.path;
  if (target.path.startsWith(ACCESS_PATH_PREFIX) && isServed(target.host, parts))
    return answerOwn(visit, target, parts);

  // Pick the application.
  const choice = parts.configuration.current().choose(target);
  if (!choice.ok) return refuseVisit(visit, choice.reason, contextOf(visit, credential));
  const { application } = choice;
  record.application = application.name;

  // Authenticate the one credential.
  const authentication = await parts.authenticate(credential, application);
  const subject = authentication.ok ? authentication.subject : undefined;
  if (subject !== undefined) record.subject = describeSubject(subject);
  const refuseHere = (reason: RefusalReason, detail?: string) =>
    refuseVisit(visit, reason, contextOf(visit, credential, { parts, application, target, authentication }), detail);
  if (credential.kind === "refused") return refuseHere(credential.reason);

  // Authorise: by the policies, and by nothing else.
  const decision = authorize(application, subject, factsOf(visit));
  if (decision.policy !== undefined) record.policy = decision.policy.name;
  if (decision.outcome === "refused") {
    return refuseHere(authentication.ok ? decision.reason : authentication.reason);
  }
  record.decision = decision.outcome;

  // Strip and set headers, forward.
  const pass =
    authentication.ok && decision.outcome === "allowed" ? await passOf(authentication, application, parts) : undefined;
  const outcome = await send(visit, { target, application, credential, authentication, pass, parts });
  if (outcome.kind === "failed") return refuseHere(outcome.failure.reason, outcome.failure.code);
  if (outcome.kind === "cut") record.detail = `cut by the ${outcome.by}: ${outcome.code}`;
  if (outcome.status === 0) visit.response.statusCode = CLIENT_CLOSED_REQUEST;
}

function isServed(host: string, { issuerHost, configuration }: Parts): boolean {
  return host === issuerHost || configuration.current().serves(host);
}

function factsOf({ ip }: Visit): RequestFacts {
  return { ip, country: null, certificateName: null };
}

interface Admission {
  readonly target: Target;
  readonly application: Application;
  readonly credential: Credential;
  readonly authentication: Authentication;
  /** Undefined under a bypass: the origin gets no identity then. */
  readonly pass: Pass | undefined;
  readonly parts: Parts;
}

async function passOf(
  { subject, jwt, expSeconds }: Extract<Authentication, { ok: true }>,
  application: Application,
  parts: Parts,
): Promise<Pass | undefined> {
  if (subject.kind === "service_token") parts.lastSeen.touch(subject.tokenId, subject.secretVersion);
  if (jwt !== undefined) return { jwt, expSeconds };
  return subject.kind === "service_token" ? parts.mint(subject, application) : undefined;
}

async function send(visit: Visit, admission: Admission): Promise<ForwardOutcome> {
  const { request, response, upgrade, record } = visit;
  const { target, application, parts } = admission;
  const startedAt = performance.now();
  const { pool, serverName } = parts.pools.for(application.origin);
  const outcome = await forward({
    request,
    response,
    pool,
    serverName,
    path: target.path + target.query,
    headers: requestHeaders(request.rawHeaders, ownRequestHeaders(visit, admission)),
    ownResponseHeaders: ownResponseHeaders(visit, admission),
    upgrade,
    onJoined: (close) => watchSocket(visit, admission, close),
  });
  record.originMs = Math.round((performance.now() - startedAt) * 100) / 100;
  return outcome;
}

function ownRequestHeaders({ ip, rayId, trace }: Visit, { target, authentication, pass, parts }: Admission): string[] {
  const own = [HEADERS.ray, rayId, "x-forwarded-for", ip, "x-forwarded-host", target.host];
  own.push("x-forwarded-proto", parts.isSecure ? "https" : "http", "traceparent", trace.traceparent);
  if (pass !== undefined) own.push(HEADERS.assertion, pass.jwt);
  if (pass !== undefined && authentication.ok && authentication.subject.kind === "person") {
    own.push(HEADERS.userEmail, authentication.subject.email);
  }
  return own;
}

function ownResponseHeaders({ rayId }: Visit, { credential, authentication, pass, parts }: Admission): string[] {
  const own: string[] = [HEADERS.ray, rayId];
  if (pass === undefined || !authentication.ok || authentication.subject.kind !== "service_token") return own;
  const { expiresAtMs } = authentication.subject;
  if (expiresAtMs !== null) own.push(HEADERS.tokenExpiresAt, new Date(expiresAtMs).toISOString());
  if (credential.kind === "pair") own.push("set-cookie", passCookie(pass.jwt, pass.expSeconds, parts.isSecure));
  return own;
}

/** An open WebSocket stays for as long as its first request would still be let in. */
function watchSocket(visit: Visit, { application, credential, parts }: Admission, close: () => void): void {
  const mayStay = async () => {
    const authentication = await parts.authenticate(credential, application);
    const subject = authentication.ok ? authentication.subject : undefined;
    return authorize(application, subject, factsOf(visit)).outcome !== "refused";
  };
  const forget = parts.openSockets.add({ mayStay, close });
  visit.upgrade?.socket.once("close", forget);
}

async function answerOwn(visit: Visit, target: Target, parts: Parts): Promise<void> {
  const { request, ip, rayId, record } = visit;
  const { rawHeaders, method = "GET" } = request;
  const { reply, event } = await parts.routes({ method, target, rawHeaders, ip, rayId });
  record.decision = "answered";
  record.reason = event;
  answer(visit, reply);
}

function refuseVisit(visit: Visit, reason: RefusalReason, context: RefusalContext, detail?: string): void {
  visit.record.decision = "refused";
  visit.record.reason = reason;
  if (detail !== undefined) visit.record.detail = detail;
  answer(visit, refuse(reason, context));
}

interface Known {
  readonly parts: Parts;
  readonly application: Application;
  readonly target: Target;
  readonly authentication: Authentication;
}

function contextOf({ request, rayId }: Visit, credential: Credential, known?: Known): RefusalContext {
  const subject = known?.authentication.ok === true ? known.authentication.subject : undefined;
  return {
    requester: recognizeRequester(request.headers, credential),
    rayId,
    application: known?.application,
    login: known === undefined ? undefined : loginFor(known, request),
    email: subject?.kind === "person" ? subject.email : undefined,
    isSafeMethod: request.method === "GET" || request.method === "HEAD",
  };
}

function loginFor({ parts, application, target }: Known, { rawHeaders }: IncomingMessage): LoginLink | undefined {
  if (!application.admitsPeople) return undefined;
  return parts.linkToLogin?.(application, target.path + target.query, headerValues(rawHeaders, "cookie"));
}
