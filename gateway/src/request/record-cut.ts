import type { AuditLog } from "../audit/audit-log.ts";
import { accessEvent } from "./record-visit.ts";
import type { Visit } from "./visit.ts";

/** What was open was closed, because its request would not be let in any more. */
export function recordCut(visit: Visit, reason: string, audit: Pick<AuditLog, "record">): void {
  const { host, path, subject } = visit.record;
  audit.record({
    ...accessEvent(visit),
    event: "connection.cut",
    actor: subject ?? { kind: "unknown" },
    isAllowed: false,
    reason,
    detail: { host, path, websocket: visit.upgrade !== undefined },
  });
}
