import { createLogger, type Logger } from "@gatehouse/service";
import { type AuditLog, openAuditLog } from "../../../gateway/src/audit/audit-log.ts";
import type { AuditEvent } from "../../../gateway/src/audit/event.ts";
import { openStore, type Store } from "../../../gateway/src/store/store.ts";
import { createDatabase, type StoreName } from "./stores.ts";

export const DAY_MS = 24 * 3_600_000;

export const silentLogger: Logger = createLogger({ app: "gateway", level: "silent" });

/** A refusal of a stranger: the good fixture of the audit tests. */
export const REFUSAL: AuditEvent = {
  kind: "access",
  event: "request.refused",
  actor: { kind: "unknown" },
  ip: "192.0.2.7",
  rayId: "00f00ba400f00ba4",
  application: { id: "app-1", name: "Stats" },
  isAllowed: false,
  reason: "no_credential",
  detail: { method: "GET", host: "stats.example.com", path: "/report" },
};

export interface TestAuditLog {
  readonly audit: AuditLog;
  readonly store: Store;
  readonly databaseUrl: string;
  readonly clock: { nowMs: number };
  /** Everything in the log, the newest first. */
  all(): Promise<Awaited<ReturnType<AuditLog["query"]>>["lines"]>;
  close(): Promise<void>;
}

/** An audit log with its own database and a clock that stands still. */
export async function startAuditLog(storeName: StoreName, logger = silentLogger): Promise<TestAuditLog> {
  const database = await createDatabase(storeName);
  const store = await openStore(database.url);
  const clock = { nowMs: Date.parse("2026-11-23T12:00:00Z") };
  const audit = openAuditLog({ store, logger, now: () => clock.nowMs, retentionMs: 90 * DAY_MS });
  return {
    audit,
    store,
    databaseUrl: database.url,
    clock,
    all: async () => (await audit.query({}, { limit: 10_000 })).lines,
    async close() {
      await audit.close();
      await store.destroy();
      database.remove();
    },
  };
}
