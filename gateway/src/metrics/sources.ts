import { Counter, Gauge, type Registry } from "prom-client";

interface EndingToken {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Null: never. */
  readonly expiresAtMs: number | null;
}

/** What is known elsewhere and asked for at each scrape. */
export interface MetricsSources {
  readonly tokens?: () => Iterable<EndingToken>;
  /** When the key that signs was made. */
  readonly signingKeyCreatedAtMs?: () => number;
  /** Since when the store has not answered; 0 when it is current. */
  readonly storeStalenessMs?: () => number;
  /** Parts of the configuration that cannot be used. */
  readonly configurationProblems?: () => number;
  readonly openWebSockets?: () => number;
  /** Lines that the audit log lost so far. */
  readonly auditLinesDropped?: () => number;
  readonly now?: () => number;
}

/** Each is a series; past this many, those that end soonest are shown. */
const MAX_TOKENS = 1_000;

/** Makes a metric of each source that is there. */
export function watchSources(sources: MetricsSources, registers: Registry[]): void {
  const { tokens, signingKeyCreatedAtMs: madeAtMs, storeStalenessMs: staleMs, now = Date.now } = sources;
  const gauge = (name: string, help: string, read: (() => number) | undefined) => {
    if (read === undefined) return;
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge(
    "gatehouse_signing_key_age_seconds",
    "How long the present signing key has been there.",
    madeAtMs && (() => (now() - madeAtMs()) / 1000),
  );
  gauge(
    "gatehouse_store_staleness_seconds",
    "For how long the store has not answered; 0 while it does. Changes made meanwhile are not in force here.",
    staleMs && (() => staleMs() / 1000),
  );
  gauge(
    "gatehouse_configuration_problems",
    "Parts of the configuration that cannot be used: each refuses everyone.",
    sources.configurationProblems,
  );
  gauge("gatehouse_websockets_open", "Open WebSockets.", sources.openWebSockets);
  if (sources.auditLinesDropped !== undefined) watchDroppedLines(sources.auditLinesDropped, registers);
  if (tokens !== undefined) watchTokens(tokens, now, registers);
}

function watchDroppedLines(dropped: () => number, registers: Registry[]): void {
  new Counter({
    name: "gatehouse_audit_lines_dropped_total",
    help: "Lines that the audit log lost because the store was gone for too long.",
    registers,
    collect() {
      this.reset();
      this.inc(dropped());
    },
  });
}

function watchTokens(tokens: NonNullable<MetricsSources["tokens"]>, now: () => number, registers: Registry[]): void {
  new Gauge({
    name: "gatehouse_service_token_expiry_seconds",
    help: "Until a service token ends; below 0 it has. Those that are disabled or never end are not shown.",
    labelNames: ["id", "name"],
    registers,
    collect() {
      this.reset();
      for (const { id, name, endsMs } of soonest(tokens())) this.set({ id, name }, (endsMs - now()) / 1000);
    },
  });
}

interface Ending {
  readonly id: string;
  readonly name: string;
  readonly endsMs: number;
}

/** The enabled tokens that end first, in one pass: sorting all of a hundred thousand would hold up requests. */
function soonest(tokens: Iterable<EndingToken>): readonly Ending[] {
  let found: Ending[] = [];
  let limitMs = Number.POSITIVE_INFINITY;
  const trim = () => {
    found = found.sort((a, b) => a.endsMs - b.endsMs).slice(0, MAX_TOKENS);
    if (found.length === MAX_TOKENS) limitMs = found.at(-1)?.endsMs ?? limitMs;
  };
  for (const { id, name, isEnabled, expiresAtMs: endsMs } of tokens) {
    if (!isEnabled || endsMs === null || endsMs >= limitMs) continue;
    found.push({ id, name, endsMs });
    if (found.length >= 2 * MAX_TOKENS) trim();
  }
  trim();
  return found;
}
