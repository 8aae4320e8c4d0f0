import type { Logger } from "@gatehouse/service";
import type { RequestHandler, Response } from "express";
import type { LiveApiToken } from "../api-tokens/api-token-directory.ts";
import type { By } from "../audit/event.ts";
import { newRayId } from "../request/visit.ts";

/** What is known of a request to the admin server, from its arrival on. */
export interface AdminExchange {
  readonly rayId: string;
  readonly ip: string;
  /** Set by authentication. */
  caller?: LiveApiToken;
}

/** Gives each request its ray id, and a line in the log when it is over. */
export function openExchange(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const ip = (request.socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
    const exchange: AdminExchange = { rayId: newRayId(), ip };
    response.locals["exchange"] = exchange;
    response.setHeader("cf-ray", exchange.rayId);
    const { method, path } = request;
    response.once("close", () => {
      const { rayId, caller } = exchange;
      const elapsedMs = Math.round((performance.now() - startedAt) * 100) / 100;
      const line = { rayId, ip, method, path, status: response.statusCode, apiToken: caller?.name, elapsedMs };
      if (caller === undefined && response.statusCode < 400) logger.debug(line, "admin request");
      else logger.info(line, "admin request");
    });
    next();
  };
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
