import type { WeekStart } from "../catalogue/catalogue.ts";
import type { StoreReader } from "../store/store.ts";
import type { Bucket } from "./buckets.ts";
import type { TimeRange } from "./range.ts";
import type { Filter, Granularity } from "./stats-query.ts";

/** A number, or null where there is nothing to make one of. */
export type Value = number | null;
/** A dimension's value; null for events without the dimension. */
export type Group = string | null;

/** What every measurement of one question shares. */
export interface MeasurementScope {
  readonly store: StoreReader;
  readonly filters: readonly Filter[];
  readonly weekStart: WeekStart;
  readonly granularity: Granularity;
  readonly signal: AbortSignal | undefined;
}

/** A range with its buckets. Events from `countedToUs` on are not counted: they are ahead of now. */
export interface MeasuredRange extends TimeRange {
  readonly countedToUs: number;
  readonly buckets: readonly Bucket[];
}

export interface GroupTotals {
  readonly totals: readonly { readonly group: Group; readonly total: Value }[];
  /** How many groups there are, listed or not. */
  readonly count: number;
}

export interface WholeRange {
  /** Null when the range holds no event of the metric. */
  readonly total: Value;
  /** One value per bucket, in order. */
  readonly series: readonly Value[];
}

/** Measures one metric. Each number is computed over its own events: no total is a sum or a mean of other numbers. */
export interface Measurement {
  whole(range: MeasuredRange): Promise<WholeRange>;
  /** The largest groups; ties by value. */
  largestGroups(range: MeasuredRange, dimension: string, limit: number): Promise<GroupTotals>;
  /** The totals of given groups; those without events are missing. */
  groupTotals(range: MeasuredRange, dimension: string, groups: readonly Group[]): Promise<ReadonlyMap<Group, Value>>;
  groupSeries(
    range: MeasuredRange,
    dimension: string,
    groups: readonly Group[],
  ): Promise<ReadonlyMap<Group, readonly Value[]>>;
}

/** Doubles as people expect them: 0.1 + 0.2 is 0.3. */
export function tidy(value: Value): Value {
  return value === null || Number.isInteger(value) ? value : Number(value.toPrecision(15));
}
