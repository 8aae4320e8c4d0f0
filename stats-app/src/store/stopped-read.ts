import { StatsError } from "../errors.ts";

/** What a question that was ended is told: that it took too long, or that its asker left. */
export function stoppedRead(signal: AbortSignal): StatsError {
  const isTimeout = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
  return isTimeout
    ? new StatsError("ERR_QUERY_TIMEOUT", "The question took too long: ask for a shorter range or fewer groups.")
    : new StatsError("ERR_QUERY_CANCELLED", "The question was cancelled by the asker.");
}
