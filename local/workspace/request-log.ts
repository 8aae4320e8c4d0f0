import { continueTrace, type Logger } from "@gatehouse/service";
import type { RequestHandler } from "express";

/** What a route may add to its line. */
export interface RequestNotes {
  /** The Web API method. */
  call?: string;
  /** Slack's name for the failure. */
  error?: string;
}

/**
 * One line for each request that does something; what pages read is left out. The route is logged by its pattern, for the
 * addresses of response URLs and uploads are secrets.
 */
export function createRequestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const { traceId } = continueTrace(request.headers["traceparent"]);
    const started = performance.now();
    response.on("finish", () => {
      if (request.method === "GET") return;
      const route = `${request.baseUrl}${String(request.route?.path ?? "")}`;
      const elapsedMs = Math.round((performance.now() - started) * 10) / 10;
      logger.info({ traceId, route, ...response.locals, status: response.statusCode, elapsedMs }, "request");
    });
    next();
  };
}
