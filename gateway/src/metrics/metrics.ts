import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { createRequestCounts, type RequestOutcome } from "./request-counts.ts";
import { type MetricsSources, watchSources } from "./sources.ts";
import { Timings } from "./timings.ts";

/** What the gateway counts of itself. Every method is for the hot path: well under a microsecond, and nothing thrown. */
export interface Metrics {
  /** A request came in. */
  requestStarted(): void;
  /**
   * … and was answered, however.
   *
   * @param durationMs From its head to the end of its answer.
   * @param originMs The part of it that the origin took; the rest is what the gateway adds.
   */
  requestFinished(outcome: RequestOutcome, durationMs: number, originMs: number | undefined): void;
  /** A JWT was found verified in memory, or had to be verified. */
  tokenVerified(isFromMemory: boolean): void;
  /** A JWT was signed for a service token. */
  exchanged(): void;
  /** An attempt was refused because of too many failed ones before it. */
  rateLimited(limit: "address" | "client_id"): void;
  /** The store did not answer, or answered with an error. */
  storeFailed(): void;
  /** What is looked up at each scrape instead of being counted. May be called again with more. */
  watch(sources: MetricsSources): void;
  /** All of it, in Prometheus's text format. */
  expose(): Promise<{ readonly contentType: string; readonly body: string }>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const countRequest = createRequestCounts(registers);
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
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
  const verified = new Counter({
    name: "gatehouse_token_verifications_total",
    help: "JWTs that were checked: hit is known from before, miss was verified by its signature.",
    labelNames: ["cache"],
    registers,
  });
  const hits = verified.labels("hit");
  const misses = verified.labels("miss");
  const exchanges = counter("gatehouse_exchanges_total", "JWTs signed for service tokens.");
  const limited = new Counter({
    name: "gatehouse_rate_limited_total",
    help: "Attempts refused after too many failed ones, by what was limited: address or client_id.",
    labelNames: ["limit"],
    registers,
  });
  const storeErrors = counter("gatehouse_store_errors_total", "Times that the store did not answer, or with an error.");
  let hasProcessMetrics = false;
  return {
    requestStarted: () => inFlight.inc(),
    requestFinished(outcome, durationMs, originMs) {
      inFlight.dec();
      countRequest(outcome);
      duration.add(durationMs);
      if (originMs !== undefined) added.add(Math.max(0, durationMs - originMs));
    },
    tokenVerified: (isFromMemory) => (isFromMemory ? hits : misses).inc(),
    exchanged: () => exchanges.inc(),
    rateLimited: (limit) => limited.inc({ limit }),
    storeFailed: () => storeErrors.inc(),
    watch: (sources) => watchSources(sources, registers),
    async expose() {
      // They watch the garbage collector and the event loop, which is not free: only where somebody looks.
      if (!hasProcessMetrics) collectDefaultMetrics({ register: registry });
      hasProcessMetrics = true;
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}
