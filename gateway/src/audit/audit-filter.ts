import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { Schema } from "../store/schema.ts";

/** Which lines are asked for: all that is given must hold. */
export interface AuditFilter {
  readonly kind?: "access" | "change";
  /** Names, or `THING.*` for all that happens to a thing. One of them. */
  readonly events?: readonly string[];
  /** E-mail address, client id or name of an API token, as it is. */
  readonly actor?: string;
  /** A person's e-mail address. */
  readonly email?: { readonly text: string; readonly match: "equals" | "contains"; readonly isNegated: boolean };
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
}

type Builder = ExpressionBuilder<Schema, "audit_events">;

const SEARCHED = ["event", "actor", "ip", "application", "application_id", "reason", "ray_id", "detail"] as const;

/** The filter as SQL for both engines. */
export function matching(filter: AuditFilter): (eb: Builder) => Expression<SqlBool> {
  return (eb) => eb.and([...equalities(filter, eb), ...comparisons(filter, eb)]);
}

function equalities(filter: AuditFilter, eb: Builder): Expression<SqlBool>[] {
  const { kind, actor, ip, reason, rayId, isAllowed } = filter;
  const all: Expression<SqlBool>[] = [];
  if (kind !== undefined) all.push(eb("kind", "=", kind));
  if (actor !== undefined) all.push(eb("actor", "=", actor));
  if (ip !== undefined) all.push(eb("ip", "=", ip));
  if (reason !== undefined) all.push(eb("reason", "=", reason));
  if (rayId !== undefined) all.push(eb("ray_id", "=", rayId));
  if (isAllowed !== undefined) all.push(eb("is_allowed", "=", isAllowed ? 1 : 0));
  return all;
}

function comparisons(filter: AuditFilter, eb: Builder): Expression<SqlBool>[] {
  const { events, email, application, sinceMs, untilMs, search } = filter;
  const all: Expression<SqlBool>[] = [];
  if (events !== undefined) all.push(eb.or(events.map((event) => eventIs(event, eb))));
  if (email !== undefined) all.push(emailIs(email, eb));
  if (application !== undefined) {
    all.push(eb.or([eb("application_id", "=", application), eb("application", "=", application)]));
  }
  if (sinceMs !== undefined) all.push(eb("at", ">=", new Date(sinceMs).toISOString()));
  if (untilMs !== undefined) all.push(eb("at", "<=", new Date(untilMs).toISOString()));
  if (search !== undefined) all.push(eb.or(SEARCHED.map((column) => contains(column, search))));
  return all;
}

function eventIs(event: string, eb: Builder): Expression<SqlBool> {
  if (!event.endsWith(".*")) return eb("event", "=", event);
  return sql<SqlBool>`event like ${`${literal(event.slice(0, -1))}%`} escape '!'`;
}

function emailIs({ text, match, isNegated }: NonNullable<AuditFilter["email"]>, eb: Builder): Expression<SqlBool> {
  const isIt = match === "equals" ? sql<SqlBool>`lower(actor) = ${text.toLowerCase()}` : contains("actor", text);
  return eb.and([eb("actor_kind", "=", "person"), isNegated ? eb.not(isIt) : isIt]);
}

function contains(column: string, text: string): Expression<SqlBool> {
  return sql<SqlBool>`lower(${sql.ref(column)}) like ${`%${literal(text.toLowerCase())}%`} escape '!'`;
}

/** `%` and `_` as themselves. */
function literal(text: string): string {
  return text.replace(/[!%_]/g, "!$&");
}
