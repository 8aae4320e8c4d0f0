import type { AuditLog } from "../audit/audit-log.ts";
import type { Actor } from "../audit/event.ts";
import type { Visit } from "./visit.ts";

/** What was open was closed, because its request would not be let in any more. */
export function recordCut(
  { record, facts, rayId, upgrade }: Visit,
  reason: string,
  audit: Pick<AuditLog, "record">,
): void {
  const { application, host, path } = record;
  const actor: Actor = record.subject ?? { kind: "unknown" };
  audit.record({
    kind: "access",
    event: "connection.cut",
    actor,
    ip: facts.ip,
    rayId,
    ...(application && { application: { id: application.id, name: application.name } }),
    isAllowed: false,
    reason,
    detail: { host, path, websocket: upgrade !== undefined },
  });
}
