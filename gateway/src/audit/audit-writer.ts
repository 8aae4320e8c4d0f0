import { setImmediate as otherWorkFirst } from "node:timers/promises";
import type { Logger } from "@gatehouse/service";
import type { Insertable } from "kysely";
import type { AuditEventRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { type AuditEvent, auditRow } from "./event.ts";
import { createFloodGate } from "./flood.ts";

export interface AuditWriterDeps {
  readonly store: Store;
  readonly logger: Logger;
  readonly now: () => number;
}

const FLUSH_INTERVAL_MS = 500;
/** One INSERT: few enough that a request does not wait for them where SQLite writes in its thread. */
const BATCH_ROWS = 100;
/** Kept while the store is gone, some 10 MB. */
export const MAX_PENDING_LINES = 10_000;
/** When the store fails, so many intervals go by before the next try, at most: a try at a locked SQLite file is dear. */
const MAX_SKIPPED_TICKS = 10;

/** Takes lines at any pace and writes them in batches. When the store is gone it keeps the newest and tells later what it lost. */
export class AuditWriter {
  readonly #deps: AuditWriterDeps;
  readonly #gate = createFloodGate();
  readonly #timer: NodeJS.Timeout;
  #pending: Insertable<AuditEventRow>[] = [];
  #tail: Promise<void> = Promise.resolve();
  #isFlushing = false;
  #failedFlushes = 0;
  #ticksToSkip = 0;
  /** Lost since the last line that told of it. */
  #untold = 0;
  #dropped = 0;

  constructor(deps: AuditWriterDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => this.#tick(), FLUSH_INTERVAL_MS).unref();
  }

  /** Lines lost since the start, because the store was gone. */
  get dropped(): number {
    return this.#dropped;
  }

  add(event: AuditEvent): void {
    try {
      const nowMs = this.#deps.now();
      if (this.#gate.admits(event, nowMs)) this.#push(event, nowMs);
      if (this.#pending.length >= BATCH_ROWS && this.#failedFlushes === 0) this.#flushInBackground();
    } catch (error) {
      this.#lose(1);
      this.#deps.logger.error({ err: error, event: event.event }, "an audit line could not be made");
    }
  }

  /** Writes all that is pending. @throws What the store throws; the lines are kept for the next time. */
  flush(): Promise<void> {
    const next = this.#tail.then(() => this.#writeAll());
    this.#tail = next.catch(() => undefined);
    return next;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#pushSummaries(true);
    await this.flush().catch((error: unknown) => {
      this.#deps.logger.error({ err: error, lines: this.#pending.length }, "audit lines were lost at the end");
    });
  }

  #tick(): void {
    this.#pushSummaries(false);
    if (this.#ticksToSkip > 0) this.#ticksToSkip -= 1;
    else this.#flushInBackground();
  }

  #flushInBackground(): void {
    if (this.#pending.length === 0 || this.#isFlushing) return;
    this.#isFlushing = true;
    this.flush()
      .catch((error: unknown) => this.#onFailure(error))
      .finally(() => {
        this.#isFlushing = false;
      });
  }

  #onFailure(error: unknown): void {
    this.#ticksToSkip = Math.min(2 ** this.#failedFlushes, MAX_SKIPPED_TICKS);
    this.#failedFlushes += 1;
    if (this.#failedFlushes === 1) {
      this.#deps.logger.warn({ err: error }, "audit lines cannot be written: keeping them until the store is back");
    }
  }

  async #writeAll(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0, BATCH_ROWS);
      try {
        await this.#deps.store.insertInto("audit_events").values(batch).execute();
      } catch (error) {
        this.#pending = [...batch, ...this.#pending];
        this.#bound();
        throw error;
      }
      this.#failedFlushes = 0;
      this.#tellLoss();
      await otherWorkFirst();
    }
  }

  #push(event: AuditEvent, nowMs: number): void {
    this.#pending.push(auditRow(event, nowMs));
    // In steps, for taking off the front costs a copy of the rest.
    if (this.#pending.length >= MAX_PENDING_LINES + BATCH_ROWS) this.#bound();
  }

  #pushSummaries(isLast: boolean): void {
    const nowMs = this.#deps.now();
    for (const summary of this.#gate.summaries(nowMs, isLast)) this.#push(summary, nowMs);
  }

  #bound(): void {
    const excess = this.#pending.length - MAX_PENDING_LINES;
    if (excess <= 0) return;
    this.#pending.splice(0, excess);
    this.#lose(excess);
  }

  #lose(lines: number): void {
    this.#untold += lines;
    this.#dropped += lines;
  }

  #tellLoss(): void {
    if (this.#untold === 0) return;
    const count = this.#untold;
    this.#untold = 0;
    const by = { actor: { kind: "system" }, ip: "", rayId: "" } as const;
    const line = {
      kind: "access",
      event: "audit.lines_dropped",
      isAllowed: false,
      reason: "store_unavailable",
    } as const;
    this.#push({ ...by, ...line, detail: { count } }, this.#deps.now());
  }
}
