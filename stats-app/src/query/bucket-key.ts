import type { WeekStart } from "../catalogue/catalogue.ts";
import type { Dialect } from "../store/dialect.ts";
import { joinSql, type Sql, sql } from "../store/sql.ts";
import { DAY_US, HOUR_US, SHIFT_DAYS, weekShift } from "./buckets.ts";
import type { Granularity } from "./stats-query.ts";
import type { OffsetSegment } from "./time-zone.ts";

const TIME = sql`time_us`;

/**
 * The SQL that gives an event's bucket the same number as `Bucket.key`: integer arithmetic on the local time, whose offset
 * is chosen by comparing with the clock changes of the range.
 */
export function bucketKey(
  granularity: Exclude<Granularity, "none">,
  segments: readonly OffsetSegment[],
  weekStart: WeekStart,
  dialect: Dialect,
): Sql {
  const offset = bySegment(segments, ({ offsetUs }) => offsetUs);
  const local = sql`${TIME} + ${offset}`;
  switch (granularity) {
    case "hour":
      return hourKey(local, offset, segments, dialect);
    case "day":
      return sql`${shiftedDivision(local, SHIFT_DAYS, DAY_US, dialect)} - ${SHIFT_DAYS}`;
    case "week":
      return shiftedDivision(local, SHIFT_DAYS + weekShift(weekStart), 7 * DAY_US, dialect);
    case "month":
      return dialect.monthNumber(local);
  }
}

/** The instant at which the local hour began; where clocks changed within it, the instant of the change. */
function hourKey(local: Sql, offset: Sql, segments: readonly OffsetSegment[], dialect: Dialect): Sql {
  const shiftUs = SHIFT_DAYS * DAY_US;
  const hour = shiftedDivision(local, SHIFT_DAYS, HOUR_US, dialect);
  const start = sql`${hour} * ${HOUR_US} - ${shiftUs} - ${offset}`;
  if (segments.length === 1) return start;
  return sql`greatest(${start}, ${bySegment(segments, ({ startUs }) => Math.max(startUs, -shiftUs))})`;
}

function shiftedDivision(local: Sql, shiftDays: number, unitUs: number, dialect: Dialect): Sql {
  return dialect.divide(sql`${local} + ${shiftDays * DAY_US}`, sql`${unitUs}`);
}

/** One value per stretch between clock changes. */
function bySegment(segments: readonly OffsetSegment[], pick: (segment: OffsetSegment) => number): Sql {
  const last = segments.at(-1);
  if (last === undefined) throw new TypeError("a zone has at least one offset");
  if (segments.length === 1) return sql`${pick(last)}`;
  const cases = segments.slice(0, -1).map((segment, index) => {
    const endUs = segments[index + 1]?.startUs ?? 0;
    return sql`WHEN ${TIME} < ${endUs} THEN ${pick(segment)}`;
  });
  return sql`CASE ${joinSql(cases, sql` `)} ELSE ${pick(last)} END`;
}
