import type { Logger } from "@gatehouse/service";
import type { AuditLog } from "../audit/audit-log.ts";
import { publishRequest, type RequestMessage } from "../metrics/diagnostics.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { requestLine } from "./request-line.ts";
import type { Visit } from "./visit.ts";

export interface RecordDeps {
  readonly logger: Logger;
  readonly audit: Pick<AuditLog, "record">;
  readonly metrics: Pick<Metrics, "requestStarted" | "requestFinished">;
  /** Which requests get a line in the log: all, or those that were not let in. */
  readonly requestLog: "all" | "refused";
}

/** What is left of a request when it is over: a line in the log, one in the audit log if it was refused, a count. */
export function recordVisit(visit: Visit, deps: RecordDeps): void {
  try {
    const durationMs = performance.now() - visit.startedAt;
    const { decision, reason, application, originMs } = visit.record;
    deps.metrics.requestFinished({ decision, reason, application: application?.name }, durationMs, originMs);
    if (decision === "refused") auditRefusal(visit, deps.audit);
    if (visit.record.isExchange) auditExchange(visit, deps.audit);
    if (visit.record.oldSecret !== undefined) auditOldSecret(visit, visit.record.oldSecret, deps.audit);
    logVisit(visit, deps, durationMs);
    publishRequest(() => messageOf(visit, durationMs));
  } catch {
    // A log that cannot be written, as on a full disk, must not end the process: this was the last that could fail.
  }
}

function messageOf({ request, response, rayId, trace, facts, record }: Visit, durationMs: number): RequestMessage {
  const { host, path, decision, reason, application, policy, originMs } = record;
  return {
    rayId,
    traceId: trace.traceId,
    ip: facts.ip,
    method: request.method,
    host,
    path,
    status: response.statusCode,
    decision,
    reason,
    application: application?.name,
    policy,
    durationMs,
    originMs,
  };
}

/** One line per request. */
function logVisit(visit: Visit, { logger, requestLog }: RecordDeps, durationMs: number): void {
  const { response, rayId, trace, record } = visit;
  if (requestLog === "refused" && record.decision !== "refused") return;
  const line = requestLine(visit, durationMs);
  if (record.error !== undefined) {
    logger.error({ traceId: trace.traceId, rayId, err: record.error }, "a request failed in the gateway");
  }
  if (record.decision === "refused" && response.statusCode >= 500) logger.warn(line, "request");
  else logger.info(line, "request");
}

/** What all audit lines of a request say. */
export function accessEvent({ rayId, facts, record: { application } }: Visit) {
  return {
    kind: "access",
    ip: facts.ip,
    rayId,
    ...(application && { application: { id: application.id, name: application.name } }),
  } as const;
}

function auditRefusal(visit: Visit, audit: RecordDeps["audit"]): void {
  const { facts, request, record } = visit;
  const { reason = "", host, path, policy, detail, subject } = record;
  audit.record({
    ...accessEvent(visit),
    event: reason === "too_many_failures" ? "request.rate_limited" : "request.refused",
    actor: subject ?? { kind: "unknown" },
    isAllowed: false,
    reason,
    detail: { method: request.method, host, path, policy, detail, country: facts.country ?? undefined },
  });
}

/** The first of many successes: the rest of a JWT's life is in the request log. */
function auditExchange(visit: Visit, audit: RecordDeps["audit"]): void {
  const { host, path, policy, subject } = visit.record;
  audit.record({
    ...accessEvent(visit),
    event: "service_token.exchanged",
    actor: subject ?? { kind: "unknown" },
    isAllowed: true,
    reason: "",
    detail: { host, path, policy },
  });
}

/** Whoever shows an old secret is a bot that was forgotten, or a thief: worth a line, whether it was let in or not. */
function auditOldSecret(
  visit: Visit,
  { clientId, use }: NonNullable<Visit["record"]["oldSecret"]>,
  audit: RecordDeps["audit"],
): void {
  const { host, path, decision } = visit.record;
  audit.record({
    ...accessEvent(visit),
    event: "service_token.old_secret_used",
    actor: { kind: "service_token", clientId },
    isAllowed: decision === "allowed",
    reason: use,
    detail: { host, path },
  });
}
