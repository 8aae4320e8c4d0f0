import { continueTrace, type Logger, type Trace } from "@gatehouse/service";
import type { Request, RequestHandler } from "express";

const traces = new WeakMap<object, Trace>();

/** The trace that a request belongs to; its id is the request id of failures. */
export function traceOf(request: Request): Trace {
  const known = traces.get(request);
  if (known !== undefined) return known;
  const trace = continueTrace(request.headers["traceparent"]);
  traces.set(request, trace);
  return trace;
}

/** Writes one line per request, when it is over. Who asked comes from `response.locals.subject`. */
export function createRequestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const begunMs = performance.now();
    const { traceId, traceparent } = traceOf(request);
    const path = request.path;
    response.setHeader("traceparent", traceparent);
    response.once("close", () => {
      const { subject, failure, metric } = response.locals as { subject?: string; failure?: unknown; metric?: string };
      const line = {
        traceId,
        method: request.method,
        path,
        status: response.statusCode,
        elapsedMs: Math.round((performance.now() - begunMs) * 10) / 10,
        ...(subject === undefined ? {} : { subject }),
        ...(metric === undefined ? {} : { metric }),
        ...(response.writableFinished ? {} : { isAborted: true }),
      };
      writeLine(logger, line, failure);
    });
    next();
  };
}

/** A bad question or a bad JWT is the asker's, and code and words are enough; anything else comes with its stack. */
function writeLine(logger: Logger, line: { readonly status: number }, failure: unknown): void {
  if (failure === undefined) logger.info(line, "request");
  else if (line.status >= 500) logger.error({ ...line, err: failure }, "request failed");
  else {
    const { code = "ERR_REQUEST_FAILED", message } = failure as { code?: string; message?: string };
    logger.info({ ...line, code, reason: message }, "request refused");
  }
}
