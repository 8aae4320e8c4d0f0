import { Counter, collectDefaultMetrics, Registry } from "prom-client";
import { createRequestMetrics, type RequestMetrics } from "./request-metrics.ts";
import { type MetricsSources, watchSources } from "./sources.ts";

/** What the gateway counts of itself. */
export interface Metrics extends RequestMetrics {
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
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const verified = { hit: 0, miss: 0 };
  new Counter({
    name: "gatehouse_token_verifications_total",
    help: "JWTs that were checked: hit is known from before, miss was verified by its signature.",
    labelNames: ["cache"],
    registers,
    collect() {
      this.reset();
      for (const [cache, count] of Object.entries(verified)) this.inc({ cache }, count);
    },
  });
  const exchanges = counter("gatehouse_exchanges_total", "JWTs signed for service tokens.");
  const limited = new Counter({
    name: "gatehouse_rate_limited_total",
    help: "Attempts refused after too many failed ones, by what was limited: address or client_id.",
    labelNames: ["limit"],
    registers,
  });
  // A series that begins with its first event hides that event from rate().
  for (const limit of ["address", "client_id"]) limited.inc({ limit }, 0);
  const storeErrors = counter("gatehouse_store_errors_total", "Times that the store did not answer, or with an error.");
  let hasProcessMetrics = false;
  return {
    ...createRequestMetrics(registers),
    tokenVerified(isFromMemory) {
      verified[isFromMemory ? "hit" : "miss"] += 1;
    },
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
