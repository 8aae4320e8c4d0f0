import type { Logger } from "@gatehouse/service";
import type { RequestHandler, Response } from "express";
import type { LiveApiToken } from "../api-tokens/api-token-directory.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import type { Actor, AuditEvent, By } from "../audit/event.ts";
import { newRayId } from "../request/visit.ts";

/** What is known of a request to the admin server, from its arrival on. */
export interface AdminExchange {
  readonly rayId: string;
  readonly ip: string;
  /** Set by authentication. */
  caller?: LiveApiToken;
  /** Set where a call is not let in, for the audit log. */
  refusal?: "no_api_token" | "wrong_api_token" | "missing_scope";
}

export interface ExchangeDeps {
  readonly logger: Logger;
  readonly audit: Pick<AuditLog, "record">;
}

/** Gives each request its ray id, and a line in the log when it is over; in the audit log too if it was not let in. */
export function openExchange({ logger, audit }: ExchangeDeps): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const ip = (request.socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
    const exchange: AdminExchange = { rayId: newRayId(), ip };
    response.locals["exchange"] = exchange;
    response.setHeader("cf-ray", exchange.rayId);
    const { method, path } = request;
    response.once("close", () => {
      const { rayId, caller, refusal } = exchange;
      if (refusal !== undefined) audit.record(refusalEvent(exchange, refusal, { method, path }));
      const elapsedMs = Math.round((performance.now() - startedAt) * 100) / 100;
      const line = { rayId, ip, method, path, status: response.statusCode, apiToken: caller?.name, elapsedMs };
      if (caller === undefined && response.statusCode < 400) logger.debug(line, "admin request");
      else logger.info(line, "admin request");
    });
    next();
  };
}

function refusalEvent(
  { caller, ip, rayId }: AdminExchange,
  reason: NonNullable<AdminExchange["refusal"]>,
  detail: AuditEvent["detail"] & object,
): AuditEvent {
  const actor: Actor = caller === undefined ? { kind: "unknown" } : { kind: "api_token", name: caller.name };
  return { kind: "access", event: "api.refused", actor, ip, rayId, isAllowed: false, reason, detail };
}

export function exchangeOf(response: Response): AdminExchange {
  return response.locals["exchange"] as AdminExchange;
}

/** Who calls, for the audit log. Only after authentication. */
export function callerBy(response: Response): By {
  const { caller, ip, rayId } = exchangeOf(response);
  if (caller === undefined) throw new TypeError("the call was not authenticated");
  return { actor: { kind: "api_token", name: caller.name }, ip, rayId };
}
