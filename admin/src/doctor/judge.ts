import { HEADERS } from "@gatehouse/access-client/contract";
import { type RefusalKind, readRefusal, refusalAdvice, refusalKind } from "@gatehouse/access-client/protocol";
import { type Finding, good, problem, warning } from "./finding.ts";
import { judgeOrigin } from "./judge-origin.ts";
import { judgeSlack } from "./judge-slack.ts";
import { judgeToken } from "./judge-token.ts";
import type { Answer, Connection, Observations } from "./observation.ts";
import { daysUntil } from "./time.ts";

const CERTIFICATE_WARNING_DAYS = 14;
const SERVICE_TOKEN_WARNING_DAYS = 30;
/** Codes of OpenSSL, other than those that blame the certificate. */
const TLS_FAILURE = /^ERR_SSL_|^EPROTO$/;
/** The `Date` header is cut to the second and the answer took its time; the verifiers' usual tolerance is 30 s. */
const MAX_SKEW_MS = 20_000;

/** Turns what was seen into findings, in the order of the examination. Pure: no clock but that of the observations. */
export function judge(seen: Observations, nowMs: number): readonly Finding[] {
  return [
    judgeName(seen),
    seen.connection && judgeConnection(seen.connection, nowMs),
    seen.anonymous && judgeAnonymous(seen.anonymous),
    judgeCredentials(seen),
    ...(seen.withPair === undefined ? [] : judgePair(seen, seen.withPair)),
    seen.anonymous && judgeClock(seen.anonymous),
    seen.withPair && judgeServiceToken(seen.withPair, nowMs),
    seen.origin && judgeOrigin(seen.origin),
    ...(seen.slack === undefined ? [] : judgeSlack(seen.slack)),
  ].filter((finding) => finding !== undefined);
}

function judgeName({ name }: Observations): Finding {
  if (name.failure === undefined) return good("NAME_RESOLVES", `${name.host} is ${name.addresses.join(", ")}.`);
  const advice = "Check the spelling of the host, and the DNS record or this machine's resolver.";
  return problem("NAME_UNKNOWN", `${name.host} has no address (${name.failure}).`, advice);
}

function judgeConnection({ failure, isCertificateAtFault, certificateEndsAtMs }: Connection, nowMs: number): Finding {
  if (failure !== undefined && isCertificateAtFault) {
    const advice = "Renew the certificate, or give Node the authority that signed it: NODE_EXTRA_CA_CERTS.";
    return problem("CERTIFICATE_INVALID", `The certificate is not trusted (${failure}).`, advice);
  }
  if (failure !== undefined && TLS_FAILURE.test(failure)) {
    const advice =
      "Check that this port speaks TLS: https to a port of plain http fails like this, and so does an old TLS.";
    return problem("TLS_FAILS", `It can be reached, and no TLS connection can be made (${failure}).`, advice);
  }
  if (failure !== undefined) {
    const advice = "Check the port, a firewall in between, and that the gateway runs.";
    return problem("UNREACHABLE", `No connection can be made (${failure}).`, advice);
  }
  if (certificateEndsAtMs === undefined) return good("REACHABLE", "It can be reached, over plain http.");
  const days = daysUntil(certificateEndsAtMs, nowMs);
  if (days > CERTIFICATE_WARNING_DAYS)
    return good("REACHABLE", `It can be reached; its certificate lasts ${days} days.`);
  return warning("CERTIFICATE_ENDS_SOON", `Its certificate ends in ${days} days.`, "Renew the certificate.");
}

function judgeAnonymous(answer: Answer): Finding {
  const { status, headers } = answer;
  if (status === undefined) return gatewayFails(answer);
  const kind = refusalKind(status, headers);
  if (kind !== undefined)
    return good("ACCESS_PRESENT", `Access stands in front: without credentials, ${ACCESS_WORDS[kind]}.`);
  if (status >= 500) return gatewayFails(answer);
  const text = `Without credentials the URL answers ${status}, and not with a refusal of Access.`;
  const advice =
    "Put the host and path into an Access application, unless a Bypass policy is meant to open it to everyone.";
  return problem("ACCESS_ABSENT", text, advice);
}

const ACCESS_WORDS: Readonly<Record<RefusalKind, string>> = {
  unauthenticated: "it answers 401",
  forbidden: "it answers 403",
  login_redirect: "it sends one to a login",
  login_page: "it shows a login page",
};

function gatewayFails({ status, failure }: Answer): Finding {
  const text = status === undefined ? `No answer came (${failure}).` : `The gateway, or the app, answers ${status}.`;
  return problem("GATEWAY_FAILS", text, "Look at the gateway's log; its Cf-Ray header is the request's id there.");
}

function judgeCredentials({ clientId, credentialsFailure }: Observations): Finding | undefined {
  if (clientId !== undefined || credentialsFailure === undefined) return undefined;
  const advice = "Set CLOUDFLARE_ACCESS_CLIENT_ID and CLOUDFLARE_ACCESS_CLIENT_SECRET, or the same with _FILE.";
  return problem("CREDENTIALS_MISSING", credentialsFailure, advice);
}

function judgePair(seen: Observations, answer: Answer & NonNullable<Observations["withPair"]>): readonly Finding[] {
  if (answer.status === undefined) return [gatewayFails(answer)];
  const kind = refusalKind(answer.status, answer.headers);
  if (kind !== undefined) return [judgeRefusal(kind, answer.status, answer, seen.clientId ?? "")];
  const isFine = answer.status < 400;
  const text = `The service token ${seen.clientId} is accepted, and a policy admits it to ${seen.url}.`;
  const admitted = good("ADMITTED", isFine ? text : `${text} The app answers ${answer.status}.`);
  return [admitted, ...judgeApp(answer.status), ...judgeToken(answer.token, seen)];
}

/** What is there behind Access: it may not believe Access. A 404 may be meant so. */
function judgeApp(status: number): readonly Finding[] {
  if (status >= 500) {
    return [warning("APP_FAILS", `The app itself answers ${status}.`, "Look at its log; Access has done its part.")];
  }
  if (status !== 401 && status !== 403) return [];
  const advice =
    "Compare the issuer and the AUD tag that the app is set to with those of the JWT, and see whom it admits.";
  return [problem("APP_REFUSES", `The app itself refuses with ${status} what Access let through.`, advice)];
}

function judgeRefusal(kind: RefusalKind, status: number, { headers, refusalBody }: Answer, clientId: string): Finding {
  const { reason, rayId } = readRefusal(status, headers, refusalBody);
  const detail = [status, reason, rayId && `ray ${rayId}`].filter(Boolean).join(", ");
  const own = refusalAdvice(reason);
  if (reason === "service_token_needs_service_auth" || (kind !== "unauthenticated" && kind !== "forbidden")) {
    const advice = own ?? "Change the policy's action from Allow to Service Auth; if it is, the id or secret is wrong.";
    return problem("POLICY_WANTS_LOGIN", `The service token ${clientId} is sent to a login (${detail}).`, advice);
  }
  if (kind === "forbidden") {
    const advice = own ?? "Include the service token in a Service Auth policy of this application.";
    return problem("NOT_ADMITTED", `No policy admits the service token ${clientId} here (${detail}).`, advice);
  }
  const advice = own ?? "Check the id and the secret: mistyped, rotated, expired or revoked.";
  return problem("CREDENTIALS_REFUSED", `The service token ${clientId} is not accepted (${detail}).`, advice);
}

function judgeClock({ headers, atMs }: Answer): Finding | undefined {
  const skewMs = atMs - Date.parse(String(headers.date ?? ""));
  if (Number.isNaN(skewMs)) return undefined;
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return good("CLOCK_GOOD", "This machine's clock agrees with the server's.");
  const direction = skewMs > 0 ? "ahead of" : "behind";
  const text = `This machine's clock is ${Math.round(Math.abs(skewMs) / 1_000)} s ${direction} the server's.`;
  return warning("CLOCK_SKEWED", text, "Set the clock (NTP): an app on this machine would misjudge tokens.");
}

function judgeServiceToken({ headers }: Answer, nowMs: number): Finding | undefined {
  const endsAtMs = Date.parse(String(headers[HEADERS.tokenExpiresAt] ?? ""));
  if (Number.isNaN(endsAtMs)) return undefined;
  const days = daysUntil(endsAtMs, nowMs);
  const text = `The service token ends in ${days} days, on ${new Date(endsAtMs).toISOString().slice(0, 10)}.`;
  if (days > SERVICE_TOKEN_WARNING_DAYS) return good("SERVICE_TOKEN_GOOD", text);
  return warning("SERVICE_TOKEN_ENDS_SOON", text, "Refresh the service token, or make another and change over to it.");
}
