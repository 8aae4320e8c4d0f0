import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import { type Problem, StatsError, type StatsErrorCode } from "../errors.ts";
import { traceOf } from "./request-log.ts";

/** The body of every refusal and failure; docs/stats-api.md. */
interface FailureBody {
  readonly error: {
    readonly code: StatsErrorCode;
    readonly message: string;
    readonly problems?: readonly Problem[];
    readonly suggestions?: readonly string[];
    readonly requestId: string;
  };
}

const STATUS: Readonly<Record<StatsErrorCode, number>> = {
  ERR_QUERY_INVALID: 400,
  ERR_QUERY_UNKNOWN_METRIC: 400,
  ERR_QUERY_UNKNOWN_DIMENSION: 400,
  ERR_QUERY_UNKNOWN_VALUE: 400,
  ERR_QUERY_TOO_MANY_BUCKETS: 400,
  ERR_QUERY_TIMEOUT: 503,
  ERR_QUERY_CANCELLED: 499,
  ERR_INGEST_BODY_INVALID: 400,
  ERR_INGEST_BODY_TOO_LARGE: 413,
  ERR_REQUEST_CONTENT_TYPE: 415,
  ERR_INGEST_REJECTED: 422,
  ERR_INGEST_BUSY: 503,
  ERR_INGEST_SERVICE_ONLY: 403,
  ERR_REQUEST_NOT_FOUND: 404,
  ERR_REQUEST_FAILED: 500,
  ERR_STORE_LOCKED: 503,
  ERR_STORE_UNAVAILABLE: 503,
  ERR_STORE_UNSUPPORTED: 500,
  ERR_LOAD_FILE: 500,
  ERR_LOAD_COLUMN: 500,
  ERR_LOAD_REJECTED: 500,
};

/** The last handler: whatever went wrong becomes an answer that says no more than the asker may know. */
export const answerFailure: ErrorRequestHandler = (error: unknown, request, response, next) => {
  const failure = error instanceof StatsError ? error : translate(error);
  response.locals["failure"] = error;
  if (response.headersSent) return next(error);
  const status = STATUS[failure.code];
  if (status === 503) response.setHeader("retry-after", "1");
  sendFailure(response, status, {
    code: failure.code,
    message: failure.message,
    ...(failure.problems === undefined ? {} : { problems: failure.problems }),
    ...(failure.suggestions === undefined ? {} : { suggestions: failure.suggestions }),
    requestId: traceOf(request).traceId,
  });
};

export const answerNotFound: RequestHandler = (_request, _response, next) => {
  next(new StatsError("ERR_REQUEST_NOT_FOUND", "There is nothing at this address."));
};

function sendFailure(response: Response, status: number, error: FailureBody["error"]): void {
  response
    .status(status)
    .setHeader("cache-control", "no-store")
    .json({ error } satisfies FailureBody);
}

/** Errors of Express's own body parsers carry a status; anything else is our own mistake. */
function translate(error: unknown): StatsError {
  const type = (error as { type?: unknown } | null)?.type;
  switch (type) {
    case "entity.too.large":
      return new StatsError(
        "ERR_INGEST_BODY_TOO_LARGE",
        "The body is too large: at most 16 MiB of events, or 64 KiB for a query.",
      );
    case "entity.parse.failed":
      return new StatsError("ERR_QUERY_INVALID", "The body is not JSON.");
    case "encoding.unsupported":
    case "charset.unsupported":
      return new StatsError("ERR_REQUEST_CONTENT_TYPE", "The body must be UTF-8, plain or gzip.");
    case "request.aborted":
    case "request.size.invalid":
      return new StatsError("ERR_INGEST_BODY_INVALID", "The body ended early.");
    default:
      break;
  }
  if (isClientError(error))
    return new StatsError("ERR_INGEST_BODY_INVALID", "The request's body cannot be read.", { cause: error });
  return new StatsError(
    "ERR_REQUEST_FAILED",
    "Something went wrong here. The request id helps to find it in the log.",
    {
      cause: error,
    },
  );
}

function isClientError(error: unknown): boolean {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === "number" && status >= 400 && status < 500;
}
