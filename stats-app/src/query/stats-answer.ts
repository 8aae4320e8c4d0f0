import type { Format, MeasureKind } from "../catalogue/catalogue.ts";
import type { ComparisonKind, Filter, Granularity } from "./stats-query.ts";

/** Answers as docs/stats-api.md describes them. Instants are ISO 8601 with the zone's offset. */
export interface StatsAnswer {
  readonly query: UnderstoodQuery;
  readonly metric: MetricInfo;
  readonly range: ResolvedRange;
  /** Null when the range holds no event of the metric. */
  readonly total: number | null;
  readonly series: readonly Point[];
  readonly breakdown: Breakdown | null;
  readonly comparison: Comparison | null;
  /** Set when the range reaches past now: the last instant counted. */
  readonly partial: { readonly until: string } | null;
  /** First and last stored event of what the metric counts. */
  readonly freshness: { readonly earliestEventAt: string | null; readonly latestEventAt: string | null };
  readonly elapsedMs: number;
}

/** The question with every default filled in. */
export interface UnderstoodQuery {
  readonly metric: string;
  readonly range: { readonly from: string; readonly to: string; readonly timeZone: string };
  readonly granularity: Granularity;
  readonly breakdown: string | null;
  readonly filters: readonly Filter[];
  readonly compare: ComparisonKind | "none";
  readonly limit: number;
}

export interface MetricInfo {
  readonly name: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly measure: MeasureKind;
  readonly format: Format;
  readonly unit: string;
  readonly isAdditive: boolean;
  readonly isLowerBetter: boolean;
  readonly dimensions: readonly string[];
  readonly examples: readonly string[];
}

export interface ResolvedRange {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

export interface Point {
  readonly start: string;
  readonly end: string;
  readonly value: number | null;
  /** The bucket is cut by the range's edge, or not over yet. */
  readonly isPartial: boolean;
}

export interface Change {
  readonly absolute: number | null;
  readonly ratio: number | null;
}

export interface Breakdown {
  readonly dimension: string;
  readonly groups: readonly BreakdownGroup[];
  readonly others: { readonly groups: number; readonly total: number | null } | null;
}

export interface BreakdownGroup {
  readonly value: string | null;
  readonly title: string;
  readonly total: number | null;
  /** Of the total; only where parts sum to the whole. */
  readonly share: number | null;
  readonly series: readonly Point[];
  readonly comparison: { readonly total: number | null; readonly change: Change } | null;
}

export interface Comparison {
  readonly kind: ComparisonKind;
  readonly range: ResolvedRange;
  readonly total: number | null;
  readonly change: Change;
  readonly series: readonly Point[];
  /** Whether it was cut to the part that has passed of the asked range. */
  readonly isSamePart: boolean;
  /** Whether more than a tenth of its range lies before the metric's first event: the change then says nothing of the product. */
  readonly isBeforeData: boolean;
}
