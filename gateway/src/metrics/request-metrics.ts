import { Gauge, type Registry } from "prom-client";
import { createRequestCounts, type RequestOutcome } from "./request-counts.ts";
import { Timings } from "./timings.ts";

/** What requests leave behind. Every method is for the hot path: well under a microsecond, and nothing thrown. */
export interface RequestMetrics {
  /** A request came in. */
  requestStarted(): void;
  /**
   * … and was answered, however.
   *
   * @param durationMs From its head to the end of its answer.
   * @param originMs The part of it that the origin took; the rest is what the gateway adds.
   */
  requestFinished(outcome: RequestOutcome, durationMs: number, originMs: number | undefined): void;
}

export function createRequestMetrics(registers: Registry[]): RequestMetrics {
  const countRequest = createRequestCounts(registers);
  const duration = new Timings({
    name: "gatehouse_request_duration_seconds",
    help: "Time from a request's head to the end of its answer.",
    registers,
  });
  const added = new Timings({
    name: "gatehouse_added_latency_seconds",
    help: "The same without the time that the origin took: what the gateway adds to a request that it forwards.",
    registers,
  });
  const inFlight = new Gauge({
    name: "gatehouse_requests_in_flight",
    help: "Requests that are being answered.",
    registers,
  });
  return {
    requestStarted: () => inFlight.inc(),
    requestFinished(outcome, durationMs, originMs) {
      inFlight.dec();
      countRequest(outcome);
      duration.add(durationMs);
      if (originMs !== undefined) added.add(Math.max(0, durationMs - originMs));
    },
  };
}
