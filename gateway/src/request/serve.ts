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
import { refuseVisit } from "./refuse-visit.ts";
import { recognizeRequester } from "./requester.ts";
import { parseTarget, type Target } from "./target.ts";
import { answer, describeSubject, type Visit } from "./visit.ts";

/** Never sent, for nobody is there: what the log says, as nginx's does. */
const CLIENT_CLOSED_REQUEST = 499;
/** What is known of a request when it comes to the decision. */
type Known = Pick<Admission, "application" | "target" | "credential" | "authentication">;

const NO_CREDENTIAL: Credential = { kind: "none" };

/** Called once, when a request is answered, or with what broke in the gateway itself. */
export type Over = (error?: unknown) => void;

/**
 * The order of one request, all of it. Promises are made only where something has to be waited for: a request with a JWT that
 * is remembered goes out to the origin, and its answer back, without any.
 */
export function serve(visit: Visit, parts: Parts, over: Over): void {
  const proceed = (admission: Admission | undefined) => {
    if (admission === undefined) over();
    else send(visit, admission, parts, (outcome) => finish(visit, outcome, admission, parts, over));
  };
  try {
    const admitting = admit(visit, parts);
    if (admitting instanceof Promise) admitting.then(proceed).catch(over);
    else proceed(admitting);
  } catch (error) {
    over(error);
  }
}

/** Undefined where the request was answered here. */
type Admitted = Admission | undefined | Promise<Admission | undefined>;

function admit(visit: Visit, parts: Parts): Admitted {
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
    return admitPreflight(visit, application, target, parts);
  }

  // Authenticate the one credential.
  const credential = findCredential(request.rawHeaders, application.tokenHeader, application.aud);
  record.credential = credential.kind;
  const authenticating = parts.authenticate(credential, application);
  const decide = (authentication: Authentication) =>
    admitAs(visit, { application, target, credential, authentication }, configuration, parts);
  return authenticating instanceof Promise ? authenticating.then(decide) : decide(authenticating);
}

function admitAs(visit: Visit, known: Known, configuration: Configuration, parts: Parts): Admitted {
  const { application, credential, authentication } = known;
  const { record } = visit;
  record.subject = describeSubject(authentication);
  record.oldSecret = authentication.oldSecret;
  if (credential.kind === "refused") return refuseVisit(visit, parts, { ...known, reason: credential.reason });

  // Authorise: by the policies, and by nothing else.
  const decision = authorize(application, authentication.ok ? authentication.subject : undefined, visit.facts);
  if (decision.policy !== undefined) record.policy = decision.policy.name;
  if (decision.outcome === "refused") {
    return refuseVisit(visit, parts, { ...known, reason: reasonOf(authentication, decision) });
  }
  record.decision = decision.outcome;

  // Mint what the origin will see.
  const { isStrict } = configuration.organization;
  const minting =
    decision.outcome === "allowed" ? passOf(visit, authentication, application, decision, parts) : undefined;
  return minting instanceof Promise
    ? minting.then((pass) => ({ ...known, pass, isStrict }))
    : { ...known, pass: minting, isStrict };
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
async function answerMetadata(
  visit: Visit,
  application: Application,
  { host }: Target,
  parts: Parts,
): Promise<undefined> {
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
  return undefined;
}

/** Browsers send no credential with a preflight: it is answered here, or goes to the origin without an identity. */
function admitPreflight(visit: Visit, application: Application, target: Target, parts: Parts): Admitted {
  const { request, record } = visit;
  if (application.cors === null) {
    record.decision = "bypassed";
    const known = { application, target, credential: NO_CREDENTIAL, authentication: UNASKED };
    return { ...known, pass: undefined, isStrict: false };
  }
  const allowed = preflightHeaders(application.cors, request.headers);
  if (allowed === undefined) {
    const detail = "the origin is not among allowed_origins";
    return refuseVisit(visit, parts, { reason: "preflight_refused", application, target, detail });
  }
  record.decision = "answered";
  record.reason = "preflight";
  answer(visit, { status: 200, headers: { [HEADERS.ray]: visit.rayId, ...paired(allowed) }, body: "" });
  return undefined;
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

function send(visit: Visit, admission: Admission, parts: Parts, onOutcome: (outcome: ForwardOutcome) => void): void {
  const { request, response, upgrade, record } = visit;
  const { target, application } = admission;
  const startedAt = performance.now();
  const ownOfResponse = ownResponseHeaders(visit, admission, parts);
  if (application.cors !== null) ownOfResponse.push(...corsHeaders(application.cors, request.headers.origin));
  const own = ownRequestHeaders(visit, admission, parts);
  forward(
    {
      request,
      response,
      pool: parts.pools.for(application.origin),
      path: target.path + target.query,
      headers: requestHeaders(request.rawHeaders, own, application.tokenHeader),
      ownResponseHeaders: ownOfResponse,
      upgrade,
      onOpen: (cut) => watch(visit, admission, parts, cut),
    },
    (outcome) => {
      record.originMs = performance.now() - startedAt;
      onOutcome(outcome);
    },
  );
}

function finish(visit: Visit, outcome: ForwardOutcome, known: Known, parts: Parts, over: Over): void {
  if (outcome.kind === "failed") {
    const { reason, code } = outcome.failure;
    refuseVisit(visit, parts, { ...known, reason, detail: code }).then(over, over);
    return;
  }
  if (outcome.kind === "cut") visit.record.detail = `cut by the ${outcome.by}: ${outcome.code}`;
  if (outcome.status === 0) visit.response.statusCode = CLIENT_CLOSED_REQUEST;
  over();
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

async function answerOwn(visit: Visit, target: Target, parts: Parts): Promise<undefined> {
  const { request, facts, rayId, record } = visit;
  const { rawHeaders, method = "GET" } = request;
  const requester = recognizeRequester(request.headers, findCredential(rawHeaders));
  const { reply, event } = await parts.routes({ method, target, rawHeaders, requester, facts, rayId });
  record.decision = "answered";
  record.reason = event;
  answer(visit, reply);
  return undefined;
}
