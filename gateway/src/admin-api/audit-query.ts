import type { AuditFilter } from "../audit/audit-filter.ts";
import { AUDIT_EVENTS } from "../audit/event-names.ts";
import { choiceOf, flagOf, instantOf, onlyKnown, textOf, wrongQuery } from "./query-values.ts";

const FILTERS = [
  "kind",
  "event",
  "actor",
  "email",
  "application",
  "ip",
  "reason",
  "allowed",
  "ray_id",
  "since",
  "until",
  "search",
] as const;

/**
 * The filter that a query asks for. `event` may name several, with commas, and `THING.*`.
 *
 * @param others Parameters that the caller reads itself.
 * @throws {ApiError}
 */
export function readAuditFilter(query: URLSearchParams, others: readonly string[]): AuditFilter {
  onlyKnown(query, [...FILTERS, ...others]);
  const email = textOf(query, "email");
  return withoutAbsent({
    kind: choiceOf(query, "kind", ["access", "change"]),
    events: eventsOf(textOf(query, "event")),
    actor: textOf(query, "actor"),
    email: email === undefined ? undefined : { text: email, match: "contains" as const },
    application: textOf(query, "application"),
    ip: textOf(query, "ip"),
    reason: textOf(query, "reason"),
    isAllowed: flagOf(query, "allowed"),
    rayId: textOf(query, "ray_id"),
    sinceMs: instantOf(query, "since"),
    untilMs: instantOf(query, "until"),
    search: textOf(query, "search"),
  });
}

function eventsOf(text: string | undefined): readonly string[] | undefined {
  const events = text?.split(",").map((event) => event.trim());
  const unknown = events?.find((event) => !isEvent(event));
  if (unknown === undefined) return events;
  throw wrongQuery(`there is no event ${JSON.stringify(unknown.slice(0, 40))}; there are ${EVENT_NAMES.join(", ")}.`);
}

const EVENT_NAMES = Object.keys(AUDIT_EVENTS);

function isEvent(event: string): boolean {
  if (!event.endsWith(".*")) return EVENT_NAMES.includes(event);
  return EVENT_NAMES.some((name) => name.startsWith(event.slice(0, -1)));
}

type Given<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

/** Without the members that are undefined: for types that tell absent from undefined. */
export function withoutAbsent<T extends object>(values: T): Partial<Given<T>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Given<T>>;
}
