import type { AuditFilter } from "../audit/audit-filter.ts";
import type { ScanOptions } from "../audit/audit-scan.ts";
import type { AuditEventName } from "../audit/event-names.ts";
import { withoutAbsent } from "./audit-query.ts";
import { readPaging } from "./paging.ts";
import { choiceOf, countOf, flagOf, instantOf, textOf } from "./query-values.ts";

/** What Cloudflare calls an access request. */
const EVENTS: readonly AuditEventName[] = [
  "request.refused",
  "request.rate_limited",
  "service_token.exchanged",
  "login.allowed",
  "login.refused",
  "login.failed",
  "logout",
];

export interface AccessRequestQuery {
  /** Undefined when nothing can match. */
  readonly filter: AuditFilter | undefined;
  readonly scan: ScanOptions;
}

/**
 * Cloudflare's query: `since until email direction limit page per_page`, and filters with an operator `eq` or `neq` each
 * (`allowed` and `allowedOp`). `user_id` is taken and not applied, as there.
 *
 * @throws {ApiError}
 */
export function readAccessRequestQuery(query: URLSearchParams): AccessRequestQuery {
  const { skip, limit } = readExtent(query);
  const conditions = conditionsOf(query);
  const filter: AuditFilter = {
    kind: "access",
    events: EVENTS,
    ...withoutAbsent({ sinceMs: instantOf(query, "since"), untilMs: instantOf(query, "until") }),
    also: conditions.flatMap(({ isNegated, filter: one }) => (isNegated ? [] : [one])),
    except: conditions.flatMap(({ isNegated, filter: one }) => (isNegated ? [one] : [])),
  };
  const direction = choiceOf(query, "direction", ["desc", "asc"]) === "asc" ? "oldest_first" : "newest_first";
  return { filter: isOurType(query) && limit > 0 ? filter : undefined, scan: { direction, skip, limit } };
}

const MAX_ENTRIES = 1_000;

/** `limit` alone is the size of a page; with `per_page` it bounds all pages together. */
function readExtent(query: URLSearchParams): { readonly skip: number; readonly limit: number } {
  const { page, perPage } = readPaging(query);
  const most = countOf(query, "limit");
  if (most === undefined || query.has("per_page")) {
    const skip = (page - 1) * perPage;
    return { skip, limit: Math.min(perPage, (most ?? Number.POSITIVE_INFINITY) - skip) };
  }
  const limit = Math.min(most, MAX_ENTRIES);
  return { skip: (page - 1) * limit, limit };
}

interface Condition {
  readonly filter: AuditFilter;
  readonly isNegated: boolean;
}

function conditionsOf(query: URLSearchParams): readonly Condition[] {
  return [
    conditionOf(query, "allowed", flagOf(query, "allowed"), (isAllowed) => ({ isAllowed })),
    conditionOf(query, "app_uid", textOf(query, "app_uid"), (application) => ({ application })),
    conditionOf(query, "ray_id", textOf(query, "ray_id"), (rayId) => ({ rayId })),
    conditionOf(query, "country_code", textOf(query, "country_code"), (country) => ({ detail: { country } })),
    conditionOf(query, "idp", textOf(query, "idp"), (idp) => ({ detail: { identity_provider: idp } })),
    nonIdentity(query),
    emailCondition(query),
  ].flat();
}

function conditionOf<Value>(
  query: URLSearchParams,
  name: string,
  value: Value | undefined,
  filterOf: (value: Value) => AuditFilter,
): readonly Condition[] {
  const isNegated = choiceOf(query, `${name}Op`, ["eq", "neq"]) === "neq";
  return value === undefined ? [] : [{ filter: filterOf(value), isNegated }];
}

/** Whether a service token was behind it. */
function nonIdentity(query: URLSearchParams): readonly Condition[] {
  const isAsked = flagOf(query, "non_identity");
  const conditions = conditionOf(query, "non_identity", isAsked, () => ({ actorKind: "service_token" as const }));
  return conditions.map(({ filter, isNegated }) => ({ filter, isNegated: isNegated === isAsked }));
}

/** A part of the address, unless `email_exact` or `emailOp=eq` say otherwise. */
function emailCondition(query: URLSearchParams): readonly Condition[] {
  const text = textOf(query, "email");
  const operator = choiceOf(query, "emailOp", ["eq", "neq", "contains"]);
  const isExact = flagOf(query, "email_exact") === true || operator === "eq";
  if (text === undefined) return [];
  return [{ filter: { email: { text, match: isExact ? "equals" : "contains" } }, isNegated: operator === "neq" }];
}

/** All our applications are of one type, so that the filter on it takes all or nothing. */
function isOurType(query: URLSearchParams): boolean {
  const type = textOf(query, "app_type");
  const isNegated = choiceOf(query, "app_typeOp", ["eq", "neq"]) === "neq";
  return type === undefined || (type === "self_hosted") !== isNegated;
}
