import { redactSecrets } from "@gatehouse/service";
import type { Kysely, Transaction } from "kysely";
import type { Schema } from "../store/schema.ts";
import type { AuditEventName } from "./event-names.ts";

/** Who did something, or tried to, as far as it is known: a client id that no token has is `unknown`. */
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
  readonly event: AuditEventName;
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

/** Text that a stranger chose is cut to this length; addresses, client ids and names are shorter. */
const MAX_TEXT_LENGTH = 320;
const MAX_DETAIL_LENGTH = 4_096;

export function auditRow(event: AuditEvent, nowMs: number) {
  return {
    at: new Date(nowMs).toISOString(),
    kind: event.kind,
    event: event.event,
    actor_kind: event.actor.kind,
    actor: safeText(nameOf(event.actor)),
    ip: safeText(event.ip),
    application_id: event.application?.id ?? "",
    application: safeText(event.application?.name ?? ""),
    is_allowed: event.isAllowed ? 1 : 0,
    reason: safeText(event.reason),
    ray_id: safeText(event.rayId),
    detail: safeDetail(event.detail ?? {}),
  };
}

/** Without secrets, and without NUL, which Postgres does not store. */
function safeText(text: string): string {
  return redactSecrets(text).slice(0, MAX_TEXT_LENGTH).replaceAll("\0", "");
}

function safeDetail(detail: Readonly<Record<string, unknown>>): string {
  const text = redactSecrets(JSON.stringify(detail));
  return text.length <= MAX_DETAIL_LENGTH ? text : JSON.stringify({ truncated: text.slice(0, MAX_DETAIL_LENGTH) });
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
