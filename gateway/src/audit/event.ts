import type { Kysely, Transaction } from "kysely";
import type { Schema } from "../store/schema.ts";

/** Who did something, or tried to. */
export type Actor =
  | { readonly kind: "person"; readonly email: string }
  | { readonly kind: "service_token"; readonly clientId: string }
  | { readonly kind: "api_token"; readonly name: string }
  | { readonly kind: "command_line" | "system" | "unknown" };

/** Who changes something, from where, in which request: goes with every change into the audit log. */
export interface By {
  readonly actor: Actor;
  readonly ip: string;
  readonly rayId: string;
}

/** What the gateway does by itself, such as rotating a key. */
export const BY_SYSTEM: By = { actor: { kind: "system" }, ip: "", rayId: "" };
export const BY_COMMAND_LINE: By = { actor: { kind: "command_line" }, ip: "", rayId: "" };

/** One line of the audit log. */
export interface AuditEvent extends By {
  /** `access`: a decision about a request or a login. `change`: something was changed. */
  readonly kind: "access" | "change";
  /** What happened: `request.refused`, `login.allowed`, `service_token.rotated` … */
  readonly event: string;
  readonly application?: { readonly id: string; readonly name: string };
  readonly isAllowed: boolean;
  readonly reason: string;
  /** More, by event. Never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Writes the line of a change in the change's own transaction, so that neither is there without the other. */
export async function recordAuditEvent(
  transaction: Transaction<Schema> | Kysely<Schema>,
  event: AuditEvent,
  nowMs: number,
): Promise<void> {
  await transaction.insertInto("audit_events").values(auditRow(event, nowMs)).execute();
}

export function auditRow(event: AuditEvent, nowMs: number) {
  return {
    at: new Date(nowMs).toISOString(),
    kind: event.kind,
    event: event.event,
    actor_kind: event.actor.kind,
    actor: nameOf(event.actor),
    ip: event.ip,
    application_id: event.application?.id ?? "",
    application: event.application?.name ?? "",
    is_allowed: event.isAllowed ? 1 : 0,
    reason: event.reason,
    ray_id: event.rayId,
    detail: JSON.stringify(event.detail ?? {}),
  };
}

function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case "person":
      return actor.email;
    case "service_token":
      return actor.clientId;
    case "api_token":
      return actor.name;
    default:
      return "";
  }
}
