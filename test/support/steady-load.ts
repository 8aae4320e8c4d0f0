/** What a load came to. Times are milliseconds; those of failures count from its start. */
export interface LoadReport {
  readonly asked: number;
  /** Until the last question was asked. */
  readonly lastedMs: number;
  readonly failed: number;
  /** A line for each reason, with how often and when. */
  readonly failures: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
}

interface Failures {
  count: number;
  readonly firstMs: number;
  lastMs: number;
}

const TICK_MS = 20;

/** Asks at a steady rate, however slow the answers are; what a busy machine held up is asked at once after it. */
export function startSteadyLoad(perSecond: number, ask: (index: number) => Promise<unknown>) {
  const beganMs = performance.now();
  const underWay = new Set<Promise<void>>();
  const latencies: number[] = [];
  const failures = new Map<string, Failures>();
  let asked = 0;

  const askOne = async (): Promise<void> => {
    const askedMs = performance.now();
    try {
      await ask(asked++);
      latencies.push(performance.now() - askedMs);
    } catch (error) {
      noteFailure(failures, reasonOf(error), performance.now() - beganMs);
    }
  };
  const tick = (): void => {
    const due = Math.floor(((performance.now() - beganMs) * perSecond) / 1_000);
    while (asked < due) {
      const one = askOne().finally(() => underWay.delete(one));
      underWay.add(one);
    }
  };
  const timer = setInterval(tick, TICK_MS);

  return {
    /** Ends the load and waits for the answers that are under way. */
    async stop(): Promise<LoadReport> {
      clearInterval(timer);
      const lastedMs = performance.now() - beganMs;
      await Promise.all(underWay);
      const sorted = latencies.toSorted((a, b) => a - b);
      const share = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
      return {
        asked,
        lastedMs,
        failed: [...failures.values()].reduce((sum, { count }) => sum + count, 0),
        failures: [...failures].map(([reason, when]) => describe(reason, when)),
        p50Ms: share(0.5),
        p99Ms: share(0.99),
        slowestMs: share(1),
      };
    },
  };
}

function noteFailure(failures: Map<string, Failures>, reason: string, atMs: number): void {
  const known = failures.get(reason) ?? { count: 0, firstMs: atMs, lastMs: atMs };
  failures.set(reason, { ...known, count: known.count + 1, lastMs: atMs });
}

function describe(reason: string, { count, firstMs, lastMs }: Failures): string {
  const [first, last] = [firstMs, lastMs].map((ms) => (ms / 1_000).toFixed(1));
  return `${count} failed from ${first} s to ${last} s: ${reason}`;
}

/** With the error beneath: that is where a network says what happened. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? `${String(error.code)} ` : "";
  return `${code}${error.message}${error.cause === undefined ? "" : ` ← ${reasonOf(error.cause)}`}`;
}
