import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { Schema } from "../store/schema.ts";
import type { Actor } from "./event.ts";

/** Which lines are asked for: all that is given must hold. */
export interface AuditFilter {
  readonly kind?: "access" | "change";
  /** Names, or `THING.*` for all that happens to a thing. One of them. */
  readonly events?: readonly string[];
  readonly actorKind?: Actor["kind"];
  /** E-mail address, client id or name of an API token, as it is. */
  readonly actor?: string;
  /** A person's e-mail address. */
  readonly email?: { readonly text: string; readonly match: "equals" | "contains" };
  /** An application's id or name. */
  readonly application?: string;
  readonly ip?: string;
  readonly reason?: string;
  readonly isAllowed?: boolean;
  readonly rayId?: string;
  /** Inclusive. */
  readonly sinceMs?: number;
  /** Inclusive. */
  readonly untilMs?: number;
  /** Part of anything that a line says, in either case. */
  readonly search?: string;
  /** Fields of the detail, such as `country`, with the values they must have. */
  readonly detail?: Readonly<Record<string, string>>;
  /** These must match too. */
  readonly also?: readonly AuditFilter[];
  /** Lines that match one of these are left out. */
  readonly except?: readonly AuditFilter[];
}

type Builder = ExpressionBuilder<Schema, "audit_events">;

const SEARCHED = ["event", "actor", "ip", "application", "application_id", "reason", "ray_id", "detail"] as const;

/** The filter as SQL for both engines. */
export function matching(filter: AuditFilter): (eb: Builder) => Expression<SqlBool> {
  return (eb) => eb.and([...equalities(filter, eb), ...comparisons(filter, eb)]);
}

function equalities(filter: AuditFilter, eb: Builder): Expression<SqlBool>[] {
  const { kind, actorKind, actor, ip, reason, rayId, isAllowed } = filter;
  const all: Expression<SqlBool>[] = [];
  if (kind !== undefined) all.push(eb("kind", "=", kind));
  if (actorKind !== undefined) all.push(eb("actor_kind", "=", actorKind));
  if (actor !== undefined) all.push(eb("actor", "=", actor));
  if (ip !== undefined) all.push(eb("ip", "=", ip));
  if (reason !== undefined) all.push(eb("reason", "=", reason));
  if (rayId !== undefined) all.push(eb("ray_id", "=", rayId));
  if (isAllowed !== undefined) all.push(eb("is_allowed", "=", isAllowed ? 1 : 0));
  return all;
}

function comparisons(filter: AuditFilter, eb: Builder): Expression<SqlBool>[] {
  const { events, email, application, sinceMs, untilMs, search, detail = {}, also = [], except = [] } = filter;
  const all: Expression<SqlBool>[] = [];
  if (events !== undefined) all.push(eb.or(events.map((event) => eventIs(event, eb))));
  if (email !== undefined) all.push(emailIs(email, eb));
  if (application !== undefined) {
    all.push(eb.or([eb("application_id", "=", application), eb("application", "=", application)]));
  }
  if (sinceMs !== undefined) all.push(eb("at", ">=", new Date(sinceMs).toISOString()));
  if (untilMs !== undefined) all.push(eb("at", "<=", new Date(untilMs).toISOString()));
  if (search !== undefined) all.push(eb.or(SEARCHED.map((column) => contains(column, search))));
  for (const [name, value] of Object.entries(detail))
    all.push(holds("detail", JSON.stringify({ [name]: value }).slice(1, -1)));
  for (const other of also) all.push(matching(other)(eb));
  for (const other of except) all.push(eb.not(matching(other)(eb)));
  return all;
}

function eventIs(event: string, eb: Builder): Expression<SqlBool> {
  if (!event.endsWith(".*")) return eb("event", "=", event);
  return sql<SqlBool>`event like ${`${literal(event.slice(0, -1))}%`} escape '!'`;
}

function emailIs({ text, match }: NonNullable<AuditFilter["email"]>, eb: Builder): Expression<SqlBool> {
  const isIt = match === "equals" ? sql<SqlBool>`lower(actor) = ${text.toLowerCase()}` : contains("actor", text);
  return eb.and([eb("actor_kind", "=", "person"), isIt]);
}

function contains(column: string, text: string): Expression<SqlBool> {
  return sql<SqlBool>`lower(${sql.ref(column)}) like ${`%${literal(text.toLowerCase())}%`} escape '!'`;
}

function holds(column: string, text: string): Expression<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} like ${`%${literal(text)}%`} escape '!'`;
}

/** `%` and `_` as themselves. */
function literal(text: string): string {
  return text.replace(/[!%_]/g, "!$&");
}
