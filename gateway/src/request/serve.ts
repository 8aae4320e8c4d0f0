import { ACCESS_PATH_PREFIX, HEADERS, type RefusalReason } from "@gatehouse/access-client/contract";
import type { Parts } from "../parts.ts";
import type { Configuration } from "../policies/configuration.ts";
import type { Application } from "../policies/model.ts";
import { type ForwardOutcome, forward } from "../proxy/forward.ts";
import { framingProblem } from "../proxy/framing.ts";
import { headerValues, requestHeaders } from "../proxy/headers.ts";
import type { Pass } from "../tokens/minted-tokens.ts";
import { type Admission, ownRequestHeaders, ownResponseHeaders } from "./admission.ts";
import type { Authentication } from "./authenticate.ts";
import { authorize, type Decision } from "./authorize.ts";
import { corsHeaders, isPreflight, preflightHeaders } from "./cors.ts";
import { type Credential, findCredential } from "./credential.ts";
import { recordCut } from "./record-cut.ts";
import { type Refusal, refuseVisit } from "./refuse-visit.ts";
import { recognizeRequester } from "./requester.ts";
import { parseTarget, type Target } from "./target.ts";
import { answer, describeSubject, type Visit } from "./visit.ts";

/** Never sent, for nobody is there: what the log says, as nginx's does. */
const CLIENT_CLOSED_REQUEST = 499;
const NO_CREDENTIAL: Credential = { kind: "none" };

/**
 * The order of one request, all of it. Promises are waited for only where there are any: a request with a JWT that is
 * remembered goes out to the origin without a pause.
 */
export async function serve(visit: Visit, parts: Parts): Promise<void> {
  const { request, record } = visit;

  // Parse the target: what can be read in two ways goes no further.
  const parsed = parseTarget(request.url ?? "", headerValues(request.rawHeaders, "host"));
  const problem = parsed.ok ? framingProblem(request, visit.upgrade) : parsed.problem;
  if (!parsed.ok || problem !== undefined) {
    // What the next bytes on this connection belong to is anyone's guess.
    visit.response.shouldKeepAlive = false;
    return refuseVisit(visit, parts, { reason: "bad_request", detail: problem });
  }
  const { target } = parsed;
  record.host = target.host;
  record.path = target.path;
  const configuration = parts.configuration.current();
  if (target.path.startsWith(ACCESS_PATH_PREFIX) && isServed(target.host, parts, configuration)) {
    return answerOwn(visit, target, parts);
  }

  // Pick the application.
  const choice = configuration.choose(target);
  if (!choice.ok && target.path === "/" && target.host === parts.issuerHost) return answerOwn(visit, target, parts);
  if (!choice.ok) return refuseVisit(visit, parts, { reason: choice.reason });
  const { application } = choice;
  record.application = application;
  if (isMetadataRequest(visit)) return answerMetadata(visit, application, target, parts);
  if (isPreflight(request) && (application.cors !== null || application.isPreflightBypassed)) {
    return servePreflight(visit, application, target, parts);
  }

  // Authenticate the one credential.
  const credential = findCredential(request.rawHeaders, application.tokenHeader, application.aud);
  record.credential = credential.kind;
  const authenticating = parts.authenticate(credential, application);
  const authentication = authenticating instanceof Promise ? await authenticating : authenticating;
  const subject = authentication.ok ? authentication.subject : undefined;
  record.subject = describeSubject(authentication);
  record.oldSecret = authentication.oldSecret;
  const known = { application, target, credential, authentication };
  if (credential.kind === "refused") return refuseVisit(visit, parts, { ...known, reason: credential.reason });

  // Authorise: by the policies, and by nothing else.
  const decision = authorize(application, subject, visit.facts);
  if (decision.policy !== undefined) record.policy = decision.policy.name;
  if (decision.outcome === "refused") {
    return refuseVisit(visit, parts, { ...known, reason: reasonOf(authentication, decision) });
  }
  record.decision = decision.outcome;

  // Strip and set headers, forward.
  const minting =
    decision.outcome === "allowed" ? passOf(visit, authentication, application, decision, parts) : undefined;
  const pass = minting instanceof Promise ? await minting : minting;
  const outcome = await send(visit, { ...known, pass, isStrict: configuration.organization.isStrict }, parts);
  return finish(visit, outcome, known, parts);
}

function reasonOf(authentication: Authentication, decision: Extract<Decision, { outcome: "refused" }>): RefusalReason {
  return authentication.ok ? decision.reason : authentication.reason;
}

function isServed(host: string, { issuerHost }: Parts, configuration: Configuration): boolean {
  return host === issuerHost || configuration.serves(host);
}

function isMetadataRequest({ request }: Visit): boolean {
  return request.method === "HEAD" && request.headers[HEADERS.metadataRequest] === "true";
}

/** For Access's command line: which application is here. Says no more than any refusal does. */
async function answerMetadata(visit: Visit, application: Application, { host }: Target, parts: Parts): Promise<void> {
  const { aud, domain } = application;
  const headers = {
    [HEADERS.ray]: visit.rayId,
    [HEADERS.metadata]: await parts.metadata.match(application, host),
    [HEADERS.audience]: aud,
    [HEADERS.domain]: domain,
    "cache-control": "no-store",
  };
  visit.record.decision = "answered";
  visit.record.reason = "metadata";
  answer(visit, { status: 200, headers, body: "" });
}

/** Browsers send no credential with a preflight: it is answered here, or goes to the origin without an identity. */
async function servePreflight(visit: Visit, application: Application, target: Target, parts: Parts): Promise<void> {
  const { request, record } = visit;
  if (application.cors === null) {
    record.decision = "bypassed";
    const known = { application, target, credential: NO_CREDENTIAL, authentication: UNASKED };
    const outcome = await send(visit, { ...known, pass: undefined, isStrict: false }, parts);
    return finish(visit, outcome, known, parts);
  }
  const allowed = preflightHeaders(application.cors, request.headers);
  if (allowed === undefined) {
    const detail = "the origin is not among allowed_origins";
    return refuseVisit(visit, parts, { reason: "preflight_refused", application, target, detail });
  }
  record.decision = "answered";
  record.reason = "preflight";
  answer(visit, { status: 200, headers: { [HEADERS.ray]: visit.rayId, ...paired(allowed) }, body: "" });
}

const UNASKED: Authentication = { ok: false, reason: "no_credential" };

function paired(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < raw.length; index += 2) headers[raw[index] ?? ""] = raw[index + 1] ?? "";
  return headers;
}

/** The JWT that the origin gets: the caller's own, or a bot's new one, which lives as long as the policy says. */
function passOf(
  visit: Visit,
  authentication: Authentication,
  application: Application,
  { policy }: Decision,
  parts: Parts,
): Pass | Promise<Pass> | undefined {
  if (!authentication.ok) return undefined;
  const { subject, jwt, expSeconds } = authentication;
  if (subject.kind === "service_token") parts.lastSeen.touch(subject.tokenId, subject.secretVersion);
  if (jwt !== undefined) return { jwt, expSeconds };
  if (subject.kind !== "service_token") return undefined;
  const pass = parts.mint(subject, application, policy?.sessionDurationMs ?? application.sessionDurationMs);
  if (pass instanceof Promise) visit.record.isExchange = true;
  return pass;
}

async function send(visit: Visit, admission: Admission, parts: Parts): Promise<ForwardOutcome> {
  const { request, response, upgrade, record } = visit;
  const { target, application } = admission;
  const startedAt = performance.now();
  const pool = parts.pools.for(application.origin);
  const own = ownRequestHeaders(visit, admission, parts);
  const ownOfResponse = ownResponseHeaders(visit, admission, parts);
  if (application.cors !== null) ownOfResponse.push(...corsHeaders(application.cors, request.headers.origin));
  const outcome = await forward({
    request,
    response,
    pool,
    path: target.path + target.query,
    headers: requestHeaders(request.rawHeaders, own, application.tokenHeader),
    ownResponseHeaders: ownOfResponse,
    upgrade,
    onOpen: (cut) => watch(visit, admission, parts, cut),
  });
  record.originMs = performance.now() - startedAt;
  return outcome;
}

async function finish(
  visit: Visit,
  outcome: ForwardOutcome,
  known: Omit<Refusal, "reason">,
  parts: Parts,
): Promise<void> {
  if (outcome.kind === "failed") {
    const { reason, code } = outcome.failure;
    return refuseVisit(visit, parts, { ...known, reason, detail: code });
  }
  if (outcome.kind === "cut") visit.record.detail = `cut by the ${outcome.by}: ${outcome.code}`;
  if (outcome.status === 0) visit.response.statusCode = CLIENT_CLOSED_REQUEST;
}

/** What is open, WebSocket or stream, stays for as long as its request would still be let in. */
function watch(
  visit: Visit,
  { target, credential, application }: Admission,
  parts: Parts,
  cut: () => void,
): () => void {
  let reason: string = "store_unavailable";
  const mayStay = async () => {
    const choice = parts.configuration.current().choose(target);
    // Whom another application on this path lets in is not let in to this one's origin.
    if (!choice.ok || choice.application.aud !== application.aud) {
      reason = choice.ok ? "no_application" : choice.reason;
      return false;
    }
    if (isPreflight(visit.request) && choice.application.isPreflightBypassed) return true;
    const authentication = await parts.authenticate(credential, choice.application);
    const subject = authentication.ok ? authentication.subject : undefined;
    const decision = authorize(choice.application, subject, visit.facts);
    if (decision.outcome === "refused") reason = reasonOf(authentication, decision);
    return decision.outcome !== "refused";
  };
  const onRefused = () => recordCut(visit, reason, parts.audit);
  return parts.openExchanges.add({ isWebSocket: visit.upgrade !== undefined, mayStay, cut, onRefused });
}

async function answerOwn(visit: Visit, target: Target, parts: Parts): Promise<void> {
  const { request, facts, rayId, record } = visit;
  const { rawHeaders, method = "GET" } = request;
  const requester = recognizeRequester(request.headers, findCredential(rawHeaders));
  const { reply, event } = await parts.routes({ method, target, rawHeaders, requester, facts, rayId });
  record.decision = "answered";
  record.reason = event;
  answer(visit, reply);
}
