import type {
  DimensionCondition,
  RatioMeasure,
  SimpleMeasure,
  Source,
  ValueCondition,
} from "../catalogue/catalogue.ts";
import type { Dialect } from "../store/dialect.ts";
import { identifier, joinSql, type Sql, sql } from "../store/sql.ts";
import { dimensionColumn } from "../store/store.ts";
import type { Filter } from "./stats-query.ts";

const AND = sql` AND `;

/** Instants, half-open. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

export function inSpan({ fromUs, toUs }: Span): Sql {
  return sql`time_us >= ${fromUs} AND time_us < ${toUs}`;
}

export function isFrom(source: Source): Sql {
  return joinSql(
    [
      sql`event = ${source.event}`,
      ...source.valueConditions.map(valueCondition),
      ...source.dimensionConditions.map(matchesFilter),
    ],
    AND,
  );
}

export function matchesFilters(filters: readonly Filter[]): Sql {
  return joinSql(filters.map(matchesFilter), AND, sql`TRUE`);
}

/** Events without the dimension are not any of the values. */
function matchesFilter({ dimension, operator, values }: Filter | DimensionCondition): Sql {
  const column = identifier(dimensionColumn(dimension));
  const list = joinSql(
    values.map((value) => sql`${value}`),
    sql`, `,
  );
  return operator === "is" ? sql`${column} IN (${list})` : sql`(${column} IS NULL OR ${column} NOT IN (${list}))`;
}

function valueCondition({ operator, operand }: ValueCondition): Sql {
  switch (operator) {
    case "greater_than":
      return sql`value > ${operand}`;
    case "at_least":
      return sql`value >= ${operand}`;
    case "less_than":
      return sql`value < ${operand}`;
    case "at_most":
      return sql`value <= ${operand}`;
    case "equals":
      return sql`value = ${operand}`;
  }
}

/** A metric's number over the rows of a group, and the condition that picks the rows it is made of. */
export interface Aggregation {
  readonly value: Sql;
  readonly where: Sql;
}

/** A ratio is one total divided by another, each over its own events in one scan; never a mean of ratios. */
export function aggregation(measure: SimpleMeasure | RatioMeasure, dialect: Dialect): Aggregation {
  if (measure.kind !== "ratio")
    return { value: aggregate(measure.kind, sql``, dialect), where: isFrom(measure.source) };
  const { numerator, denominator } = measure;
  const [upper, lower] = [numerator, denominator].map(({ kind, source }) =>
    aggregate(kind, sql` FILTER (WHERE ${isFrom(source)})`, dialect),
  );
  return {
    value: sql`(${upper ?? sql``}) / nullif(CAST(${lower ?? sql``} AS DOUBLE), 0)`,
    where: sql`((${isFrom(numerator.source)}) OR (${isFrom(denominator.source)}))`,
  };
}

function aggregate(kind: SimpleMeasure["kind"], only: Sql, dialect: Dialect): Sql {
  switch (kind) {
    case "count":
      return sql`count(*)${only}`;
    case "unique_users":
      return sql`count(DISTINCT user_id)${only}`;
    case "sum":
      return sql`coalesce(${dialect.exactSum(sql`value`)}${only}, 0)`;
    case "average":
      return sql`${dialect.exactAverage(sql`value`)}${only}`;
  }
}

/** Events of the given groups of a breakdown, of which one may be the events without the dimension. */
export function matchesGroups(dimension: string, groups: readonly (string | null)[]): Sql {
  const column = identifier(dimensionColumn(dimension));
  const named = groups.filter((group) => group !== null);
  const isUnset = groups.length > named.length ? [sql`${column} IS NULL`] : [];
  const isNamed = named.length > 0 ? [matchesFilter({ dimension, operator: "is", values: named })] : [];
  return sql`(${joinSql([...isNamed, ...isUnset], sql` OR `, sql`FALSE`)})`;
}
