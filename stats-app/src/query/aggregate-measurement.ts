import type { RatioMeasure, SimpleMeasure } from "../catalogue/catalogue.ts";
import { identifier, type Sql, sql } from "../store/sql.ts";
import { dimensionColumn, type Row } from "../store/store.ts";
import { bucketKey } from "./bucket-key.ts";
import { aggregation, inSpan, matchesFilters, matchesGroups } from "./conditions.ts";
import {
  type Group,
  type MeasuredRange,
  type Measurement,
  type MeasurementScope,
  tidy,
  type Value,
} from "./measurement.ts";
import { offsetSegments } from "./time-zone.ts";

/** Measures counts, unique users, sums, averages and ratios: one grouped scan per question. */
export function createAggregateMeasurement(
  measure: SimpleMeasure | RatioMeasure,
  scope: MeasurementScope,
): Measurement {
  const { value, where } = aggregation(measure, scope.store.dialect);
  /** What a bucket without events shows: nothing happened is 0, nothing to average is nothing. */
  const empty: Value = measure.kind === "average" || measure.kind === "ratio" ? null : 0;

  /** Sums of money should not show the doubles they are made of; a division keeps all its digits. */
  const valueIn = (row: Row | undefined) => (measure.kind === "sum" ? tidy(metricValue(row)) : metricValue(row));

  const matching = (range: MeasuredRange, columns: Sql, only: Sql) =>
    sql`SELECT *${columns} FROM events WHERE ${inSpan({ fromUs: range.fromUs, toUs: range.countedToUs })}
        AND ${where} AND ${matchesFilters(scope.filters)} AND ${only}`;
  const scan = (source: Sql, keys: Sql, tail: Sql): Promise<readonly Row[]> =>
    scope.store.read(
      sql`SELECT ${keys}count(*) AS event_count, ${value} AS metric_value FROM (${source}) AS matching ${tail}`,
      scope.signal,
    );
  const withBucket = (range: MeasuredRange) => sql`, ${keyFor(range, scope)} AS bucket`;
  const withGroup = (dimension: string) => sql`, ${identifier(dimensionColumn(dimension))} AS grp`;

  return {
    async whole(range) {
      if (range.buckets.length === 0) {
        const [row] = await scan(matching(range, sql``, sql`TRUE`), sql``, sql``);
        return { total: valueIn(row), series: [] };
      }
      // One scan for both, so that an event that arrives meanwhile is in both or in neither.
      const keys = sql`bucket, grouping(bucket) AS is_total, `;
      const source = matching(range, withBucket(range), sql`TRUE`);
      const rows = await scan(source, keys, sql`GROUP BY GROUPING SETS ((), (bucket))`);
      const { total = [], part = [] } = Object.groupBy(rows, (row) => (row["is_total"] === 1 ? "total" : "part"));
      return { total: valueIn(total[0]), series: fill(range, part, valueIn, empty) };
    },
    async largestGroups(range, dimension, limit) {
      const order = sql`GROUP BY grp ORDER BY metric_value DESC NULLS LAST, grp NULLS LAST LIMIT ${limit}`;
      const source = matching(range, withGroup(dimension), sql`TRUE`);
      const rows = await scan(source, sql`grp, count(*) OVER () AS group_count, `, order);
      const totals = rows.map((row) => ({ group: groupOf(row), total: valueIn(row) }));
      return { totals, count: Number(rows[0]?.["group_count"] ?? 0) };
    },
    async groupTotals(range, dimension, groups) {
      const source = matching(range, withGroup(dimension), matchesGroups(dimension, groups));
      const rows = await scan(source, sql`grp, `, sql`GROUP BY grp`);
      return new Map(rows.map((row) => [groupOf(row), valueIn(row)]));
    },
    async groupSeries(range, dimension, groups) {
      if (range.buckets.length === 0) return new Map(groups.map((group) => [group, []]));
      const columns = sql`${withGroup(dimension)}${withBucket(range)}`;
      const source = matching(range, columns, matchesGroups(dimension, groups));
      const rows = await scan(source, sql`grp, bucket, `, sql`GROUP BY grp, bucket`);
      const byGroup = Map.groupBy(rows, groupOf);
      return new Map(groups.map((group) => [group, fill(range, byGroup.get(group) ?? [], valueIn, empty)]));
    },
  };
}

function keyFor({ fromUs, toUs, timeZone }: MeasuredRange, { granularity, weekStart, store }: MeasurementScope): Sql {
  if (granularity === "none") throw new TypeError("without a granularity there are no buckets to key");
  return bucketKey(granularity, offsetSegments(timeZone, fromUs, toUs), weekStart, store.dialect);
}

function fill(range: MeasuredRange, rows: readonly Row[], valueIn: (row: Row) => Value, empty: Value): Value[] {
  const byKey = new Map(rows.map((row) => [row["bucket"], valueIn(row)]));
  return range.buckets.map(({ key, startUs }) => {
    if (startUs >= range.countedToUs) return null;
    return byKey.get(key) ?? empty;
  });
}

function groupOf(row: Row): Group {
  const group = row["grp"];
  return group === undefined || group === null ? null : String(group);
}

function metricValue(row: Row | undefined): Value {
  if (row === undefined || row["event_count"] === 0) return null;
  const value = row["metric_value"];
  return typeof value === "number" ? value : null;
}
