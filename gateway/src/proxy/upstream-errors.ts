import type { RefusalReason } from "@gatehouse/access-client/contract";

export interface UpstreamFailure {
  readonly status: 502 | 503 | 504;
  readonly reason: Extract<RefusalReason, "origin_unreachable" | "origin_timeout" | "origin_failed">;
  /** The code of the failure, for the log. */
  readonly code: string;
}

type Row = Omit<UpstreamFailure, "code">;

const UNREACHABLE: Row = { status: 503, reason: "origin_unreachable" };
const TIMEOUT: Row = { status: 504, reason: "origin_timeout" };
const FAILED: Row = { status: 502, reason: "origin_failed" };

/** The one table from a failure of the origin to our answer: 503 nobody is there, 504 too slow, 502 anything else. */
const BY_CODE: Readonly<Record<string, Row>> = {
  ECONNREFUSED: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ETIMEDOUT: TIMEOUT,
  ORIGIN_CONNECT_TIMEOUT: TIMEOUT,
  ORIGIN_RESPONSE_TIMEOUT: TIMEOUT,
};

export function classifyUpstreamError(error: unknown): UpstreamFailure {
  const code = codeOf(error);
  return { ...(BY_CODE[code] ?? FAILED), code };
}

/** A host with several addresses fails with an AggregateError: its parts agree, or the first tells most. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "UNKNOWN";
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string") return code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : error.name;
}
