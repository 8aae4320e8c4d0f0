import type { Selectable } from "kysely";
import type { AuditEventRow } from "../store/schema.ts";

/** One line of the audit log, as the API gives it. */
export interface AuditLine {
  /** Grows with each line; the order of the log. */
  readonly seq: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly kind: "access" | "change";
  readonly event: string;
  readonly actor: { readonly kind: string; readonly name: string };
  readonly ip: string;
  readonly application: { readonly id: string; readonly name: string } | null;
  readonly allowed: boolean;
  readonly reason: string;
  readonly ray_id: string;
  /** More, by event. With `count` the line stands for so many like events that got no line of their own. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export function auditLine(row: Selectable<AuditEventRow>): AuditLine {
  return {
    // Postgres gives its 64-bit numbers as text.
    seq: Number(row.seq),
    at: row.at,
    kind: row.kind,
    event: row.event,
    actor: { kind: row.actor_kind, name: row.actor },
    ip: row.ip,
    application: row.application_id === "" ? null : { id: row.application_id, name: row.application },
    allowed: row.is_allowed === 1,
    reason: row.reason,
    ray_id: row.ray_id,
    detail: JSON.parse(row.detail) as Record<string, unknown>,
  };
}
