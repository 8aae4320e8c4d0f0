import type { Logger } from "@gatehouse/service";
import type { Store } from "../store/store.ts";
import { AuditWriter } from "./audit-writer.ts";
import type { AuditEvent } from "./event.ts";

/** The audit log: every decision that is not plain success, and every change. */
export interface AuditLog {
  /**
   * Notes a decision. Never throws and never waits: lines are written in batches within half a second. Of a flood of like
   * events only the first of each minute become lines, followed by one with the `count` of the rest.
   */
  record(event: AuditEvent): void;
  /** Lines lost since the start because the store was gone for too long. */
  readonly dropped: number;
  /** Writes what is pending. */
  close(): Promise<void>;
}

export interface AuditLogDeps {
  readonly store: Store;
  readonly logger: Logger;
  readonly now: () => number;
  /** How long a line is kept. */
  readonly retentionMs: number;
}

export function openAuditLog(deps: AuditLogDeps): AuditLog {
  const writer = new AuditWriter(deps);
  return {
    record: (event) => writer.add(event),
    get dropped() {
      return writer.dropped;
    },
    close: () => writer.close(),
  };
}
