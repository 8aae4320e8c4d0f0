import type { ActiveUsersMeasure } from "../catalogue/catalogue.ts";
import { identifier, type Sql, sql } from "../store/sql.ts";
import { dimensionColumn, type Row } from "../store/store.ts";
import { bucketKey } from "./bucket-key.ts";
import { localDay } from "./buckets.ts";
import { inSpan, isFrom, matchesFilters, matchesGroups, type Span } from "./conditions.ts";
import type { Group, MeasuredRange, Measurement, MeasurementScope, Value } from "./measurement.ts";
import { offsetSegments, toUs, zonedAt } from "./time-zone.ts";

/**
 * Measures unique users over a moving window of local days. A bucket's value is that of the day it ends in, or of today
 * when it is not over; the total is that of the range's last day. The window reaches back before the range.
 */
export function createActiveUsersMeasurement(measure: ActiveUsersMeasure, scope: MeasurementScope): Measurement {
  const { windowDays, source } = measure;
  const active = (span: Span, only: Sql) =>
    sql`FROM events WHERE ${inSpan(span)} AND ${isFrom(source)} AND user_id IS NOT NULL
        AND ${matchesFilters(scope.filters)} AND ${only}`;
  const lastWindow = (range: MeasuredRange) => windowBefore(range, range.countedToUs, windowDays);
  const users = sql`count(DISTINCT user_id) AS users`;

  const changes = async (range: MeasuredRange, group: Sql, only: Sql) => {
    const first = range.buckets[0];
    if (first === undefined || first.startUs >= range.countedToUs) return [];
    const { fromUs } = windowBefore(range, Math.min(first.endUs, range.countedToUs), windowDays);
    const span = { fromUs, toUs: range.countedToUs };
    const segments = offsetSegments(range.timeZone, span.fromUs, span.toUs);
    const day = bucketKey("day", segments, scope.weekStart, scope.store.dialect);
    return scope.store.read(
      changesOf(sql`${group} AS grp, ${day} AS day ${active(span, only)}`, windowDays),
      scope.signal,
    );
  };

  return {
    async whole(range) {
      if (range.countedToUs <= range.fromUs) return { total: null, series: range.buckets.map(() => null) };
      const [rows, changed] = await Promise.all([
        scope.store.read(sql`SELECT ${users} ${active(lastWindow(range), sql`TRUE`)}`, scope.signal),
        changes(range, sql`CAST(NULL AS VARCHAR)`, sql`TRUE`),
      ]);
      return { total: usersOf(rows[0]), series: accumulate(range, changed) };
    },
    async largestGroups(range, dimension, limit) {
      if (range.countedToUs <= range.fromUs) return { totals: [], count: 0 };
      const group = identifier(dimensionColumn(dimension));
      const rows = await scope.store.read(
        sql`SELECT ${group} AS grp, count(*) OVER () AS group_count, ${users} ${active(lastWindow(range), sql`TRUE`)}
            GROUP BY grp ORDER BY users DESC, grp NULLS LAST LIMIT ${limit}`,
        scope.signal,
      );
      const totals = rows.map((row) => ({ group: groupOf(row), total: usersOf(row) }));
      return { totals, count: Number(rows[0]?.["group_count"] ?? 0) };
    },
    async groupTotals(range, dimension, groups) {
      if (range.countedToUs <= range.fromUs) return new Map();
      const group = identifier(dimensionColumn(dimension));
      const only = matchesGroups(dimension, groups);
      const rows = await scope.store.read(
        sql`SELECT ${group} AS grp, ${users} ${active(lastWindow(range), only)} GROUP BY grp`,
        scope.signal,
      );
      return new Map(rows.map((row) => [groupOf(row), usersOf(row)]));
    },
    async groupSeries(range, dimension, groups) {
      const rows = await changes(range, identifier(dimensionColumn(dimension)), matchesGroups(dimension, groups));
      const byGroup = Map.groupBy(rows, groupOf);
      return new Map(groups.map((group) => [group, accumulate(range, byGroup.get(group) ?? [])]));
    },
  };
}

/** The local days that end with the day of the last counted instant. */
function windowBefore({ timeZone }: MeasuredRange, endUs: number, windowDays: number): Span {
  const lastDay = zonedAt(endUs - 1, timeZone).toPlainDate();
  const firstDay = lastDay.subtract({ days: windowDays - 1 });
  return { fromUs: toUs(firstDay.toZonedDateTime({ timeZone })), toUs: endUs };
}

/**
 * By how much the number of users in the window changes from one day to the next. A user who is active on a day is in the
 * windows of that day and the following ones, until the window is over or the next active day takes over.
 */
function changesOf(activity: Sql, windowDays: number): Sql {
  return sql`WITH activity AS (SELECT DISTINCT user_id, ${activity}),
    spans AS (SELECT grp, day AS first_day, least(day + ${windowDays},
      coalesce(lead(day) OVER (PARTITION BY grp, user_id ORDER BY day), day + ${windowDays})) AS end_day FROM activity),
    changes AS (SELECT grp, first_day AS day, 1 AS change FROM spans UNION ALL SELECT grp, end_day, -1 FROM spans)
    SELECT grp, day, CAST(sum(change) AS BIGINT) AS change FROM changes GROUP BY grp, day ORDER BY day`;
}

function accumulate(range: MeasuredRange, rows: readonly Row[]): Value[] {
  let users = 0;
  let next = 0;
  return range.buckets.map(({ startUs, endUs }) => {
    if (startUs >= range.countedToUs) return null;
    const lastDay = localDay(Math.min(endUs, range.countedToUs) - 1, range.timeZone);
    for (let row = rows[next]; row !== undefined && Number(row["day"]) <= lastDay; row = rows[next]) {
      users += Number(row["change"]);
      next += 1;
    }
    return users;
  });
}

function groupOf(row: Row): Group {
  const group = row["grp"];
  return group === undefined || group === null ? null : String(group);
}

/** A window without any event of the metric has no value, as everywhere. */
function usersOf(row: Row | undefined): Value {
  return Number(row?.["users"] ?? 0) || null;
}
