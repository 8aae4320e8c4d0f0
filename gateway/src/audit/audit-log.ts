import type { Logger } from "@gatehouse/service";
import { publishAudit } from "../metrics/diagnostics.ts";
import type { Store } from "../store/store.ts";
import type { AuditFilter } from "./audit-filter.ts";
import type { AuditLine } from "./audit-line.ts";
import { type ScanOptions, scanAudit } from "./audit-scan.ts";
import { AuditWriter } from "./audit-writer.ts";
import type { AuditEvent } from "./event.ts";
import { followAudit } from "./follow.ts";
import { deleteOldLines } from "./retention.ts";

/** The audit log: every decision that is not plain success, and every change. */
export interface AuditLog {
  /**
   * Notes a decision. Never throws and never waits: lines are written in batches within half a second. Of a flood of like
   * events only the first of each minute become lines, followed by one with the `count` of the rest.
   */
  record(event: AuditEvent): void;
  /** One page, the newest lines first, with what was recorded here a moment ago. */
  query(filter: AuditFilter, page?: AuditPageRequest): Promise<AuditPage>;
  /** All lines that match, in batches of bounded size: as fast as they are taken, and no faster. */
  scan(filter: AuditFilter, options?: ScanOptions): AsyncIterable<readonly AuditLine[]>;
  /**
   * The lines of all gateways from now on: a batch twice a second, which may be empty. Ends with the signal; throws if the
   * store fails.
   *
   * @param afterSeq Begins after this line instead: for a reader that lost its connection.
   */
  follow(filter: AuditFilter, signal: AbortSignal, afterSeq?: number): AsyncIterable<readonly AuditLine[]>;
  /** Lines lost since the start because the store was gone for too long. */
  readonly dropped: number;
  /** Writes what is pending. */
  close(): Promise<void>;
}

interface AuditPageRequest {
  /** Default 50. */
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly before?: number | undefined;
  /** Ends a search that nobody waits for any more; what was found until then is given. */
  readonly signal?: AbortSignal;
}

export interface AuditPage {
  readonly lines: readonly AuditLine[];
  /** Null: there are no older ones. */
  readonly next: number | null;
}

export interface AuditLogDeps {
  readonly store: Store;
  readonly logger: Logger;
  readonly now: () => number;
  /** How long a line is kept. */
  readonly retentionMs: number;
}

const DEFAULT_PAGE_LINES = 50;
const SWEEP_INTERVAL_MS = 10 * 60_000;

export function openAuditLog(deps: AuditLogDeps): AuditLog {
  const { store } = deps;
  const writer = new AuditWriter(deps);
  const stopSweeping = sweepNowAndThen(deps);
  // What cannot be written now stays for later, and reading then says by itself what is wrong.
  const settled = () => writer.flush().catch(() => undefined);
  return {
    record(event) {
      writer.add(event);
      publishAudit(event);
    },
    async query(filter, { limit = DEFAULT_PAGE_LINES, before, signal } = {}) {
      await settled();
      const found: AuditLine[] = [];
      const options = { fromSeq: before, limit: limit + 1, ...(signal && { signal }) };
      for await (const lines of scanAudit(store, filter, options)) found.push(...lines);
      const lines = found.slice(0, limit);
      return { lines, next: found.length > limit ? (lines.at(-1)?.seq ?? null) : null };
    },
    async *scan(filter, options = {}) {
      await settled();
      yield* scanAudit(store, filter, options);
    },
    follow: (filter, signal, afterSeq) => followAudit(deps, filter, signal, afterSeq),
    get dropped() {
      return writer.dropped;
    },
    async close() {
      await stopSweeping();
      await writer.close();
    },
  };
}

/** At the start and every ten minutes: lines past their time go. */
function sweepNowAndThen(deps: AuditLogDeps): () => Promise<void> {
  const stop = new AbortController();
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = () => {
    sweeping = sweeping
      .then(() => deleteOldLines(deps, stop.signal))
      .catch((error: unknown) => deps.logger.warn({ err: error }, "old audit lines could not be deleted"));
  };
  sweep();
  const timer = setInterval(sweep, SWEEP_INTERVAL_MS).unref();
  return async () => {
    clearInterval(timer);
    stop.abort();
    await sweeping;
  };
}
