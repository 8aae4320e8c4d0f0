import type { RefusalReason } from "@gatehouse/access-client/contract";
import type { LoginLink } from "../login/login-link.ts";
import type { Parts } from "../parts.ts";
import type { Application } from "../policies/model.ts";
import { headerValues } from "../proxy/headers.ts";
import type { Authentication } from "./authenticate.ts";
import { corsHeaders, isPreflight } from "./cors.ts";
import { type Credential, findCredential } from "./credential.ts";
import { REASONS } from "./reasons.ts";
import { type RefusalContext, refuse } from "./refusal.ts";
import { expectsLoginRedirect, type Requester, recognizeRequester } from "./requester.ts";
import type { Target } from "./target.ts";
import { answer, type Visit } from "./visit.ts";

/** Why a request is refused, and what was known about it by then. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** More about the reason, for the operator. */
  readonly detail?: string | undefined;
  readonly application?: Application;
  readonly target?: Target;
  readonly credential?: Credential;
  readonly authentication?: Authentication;
}

/** Answers a refusal, and notes it for the log. Waits only where a person is sent to log in. */
export async function refuseVisit(visit: Visit, parts: Parts, refusal: Refusal): Promise<undefined> {
  const { request, record } = visit;
  const retryAfterMs = noteFailure(visit, parts, refusal);
  const reason = outerReason(visit, refusal, retryAfterMs);
  record.decision = "refused";
  record.reason = reason;
  const detail = refusal.detail ?? (reason === refusal.reason ? undefined : refusal.reason);
  if (detail !== undefined) record.detail = detail;
  const requester = requesterOf(visit, refusal);
  const linking = requester === "person" ? loginFor(visit, parts, refusal, reason) : undefined;
  const context: RefusalContext = {
    requester,
    rayId: visit.rayId,
    application: refusal.application,
    login: linking === undefined ? undefined : await linking,
    email: emailOf(refusal.authentication),
    isSafeMethod: request.method === "GET" || request.method === "HEAD",
    corsHeaders: refusal.application?.cors ? corsHeaders(refusal.application.cors, request.headers.origin) : undefined,
    retryAfterMs,
  };
  answer(visit, refuse(reason, context));
  return undefined;
}

/** What only somebody who guesses, or whose set-up is wrong, sends. An ended login or token is everyday life. */
const GUESSES: ReadonlySet<RefusalReason> = new Set<RefusalReason>([
  "service_token_unknown",
  "service_token_secret_mismatch",
  "token_malformed",
  "token_signature",
]);

function noteFailure({ facts }: Visit, { failures }: Parts, { reason, credential }: Refusal): number | undefined {
  if (!GUESSES.has(reason)) return undefined;
  const isKnownToken = reason === "service_token_secret_mismatch" && credential?.kind === "pair";
  return failures.note(facts.ip, isKnownToken ? credential.clientId : undefined);
}

/** The exact reason, unless it was given too often already, or to a preflight, which could not have done better. */
function outerReason({ request }: Visit, { reason }: Refusal, retryAfterMs: number | undefined): RefusalReason {
  if (retryAfterMs !== undefined) return "too_many_failures";
  return isPreflight(request) && REASONS[reason].status === 401 ? "preflight_refused" : reason;
}

function requesterOf({ request }: Visit, { target, credential }: Refusal): Requester {
  const shown = credential ?? findCredential(request.rawHeaders);
  const isBot = shown.kind === "pair" || shown.kind === "refused";
  if (!isBot && target !== undefined && expectsLoginRedirect(request, target.query)) return "person";
  return recognizeRequester(request.headers, shown);
}

function emailOf(authentication: Authentication | undefined): string | undefined {
  if (authentication?.ok !== true) return undefined;
  return authentication.subject.kind === "person" ? authentication.subject.email : undefined;
}

async function loginFor(
  { request }: Visit,
  parts: Parts,
  { application, target }: Refusal,
  reason: RefusalReason,
): Promise<LoginLink | undefined> {
  if (application === undefined || target === undefined) return undefined;
  if (!application.admitsPeople && !expectsLoginRedirect(request, target.query)) return undefined;
  const link = parts.linkToLogin?.(application, target, headerValues(request.rawHeaders, "cookie"));
  if (link === undefined || REASONS[reason].status !== 401) return link;
  return { ...link, url: `${link.url}&meta=${await parts.metadata.login(application, target.host)}` };
}
