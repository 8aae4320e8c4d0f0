import { Counter, type Registry } from "prom-client";

/** How a request ended, as the log's line has it. Its reason and its application's name come from closed sets, or from us. */
export interface RequestOutcome {
  readonly decision?: "allowed" | "bypassed" | "refused" | "answered" | undefined;
  readonly reason?: string | undefined;
  /** As configured; never what a stranger wrote. */
  readonly application?: string | undefined;
}

/** Applications come and go, and a series stays: past this many, new ones count together. */
const MAX_SERIES = 5_000;
const REST = "(others)";

type Counts = Map<string, Map<string, Map<string, { value: number }>>>;

/** Counts requests by plain numbers, found by three look-ups; they become prom-client's form when somebody scrapes. */
export function createRequestCounts(registers: Registry[]): (outcome: RequestOutcome) => void {
  const counts: Counts = new Map();
  let series = 0;
  new Counter({
    name: "gatehouse_requests_total",
    help: "Requests by decision (allowed, bypassed, refused, answered), reason and application.",
    labelNames: ["decision", "reason", "application"],
    registers,
    collect() {
      this.reset();
      for (const [application, byDecision] of counts) {
        for (const [decision, byReason] of byDecision) {
          for (const [reason, { value }] of byReason) this.inc({ decision, reason, application }, value);
        }
      }
    },
  });
  const countOf = (application: string, decision: string, reason: string): { value: number } => {
    const known = counts.get(application)?.get(decision)?.get(reason);
    if (known !== undefined) return known;
    if (series >= MAX_SERIES && application !== REST) return countOf(REST, decision, reason);
    series += 1;
    const count = { value: 0 };
    const byDecision = counts.get(application) ?? new Map<string, Map<string, { value: number }>>();
    const byReason = byDecision.get(decision) ?? new Map<string, { value: number }>();
    counts.set(application, byDecision.set(decision, byReason.set(reason, count)));
    return count;
  };
  return ({ decision = "refused", reason = "", application = "" }) => {
    countOf(application, decision, reason).value += 1;
  };
}
