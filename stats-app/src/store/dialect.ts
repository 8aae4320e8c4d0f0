import { type Sql, sql } from "./sql.ts";

/** Where the engines' SQL differs. Everything else in a query is written once, for all of them. */
export interface Dialect {
  /** Division of non-negative integers, rounded down. */
  divide(dividend: Sql, divisor: Sql): Sql;
  /** `year * 12 + month` of microseconds since 1970. */
  monthNumber(us: Sql): Sql;
  /** A sum of doubles that does not depend on the order of addition. */
  exactSum(value: Sql): Sql;
  /** A mean of doubles, likewise. */
  exactAverage(value: Sql): Sql;
}

/** DuckDB 1.5: `//` is integer division, `fsum` and `favg` are Kahan sums. */
export const duckdbDialect: Dialect = {
  divide: (dividend, divisor) => sql`((${dividend}) // (${divisor}))`,
  monthNumber: (us) => sql`(year(make_timestamp(${us})) * 12 + month(make_timestamp(${us})))`,
  exactSum: (value) => sql`fsum(${value})`,
  exactAverage: (value) => sql`favg(${value})`,
};
