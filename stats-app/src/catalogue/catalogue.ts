/** What a metric's number is, in kind. */
export type MeasureKind = "count" | "unique_users" | "sum" | "average" | "ratio" | "active_users";
export type Format = "integer" | "decimal" | "percent" | "currency";
export type WeekStart = "monday" | "sunday";

/** A comparison with the event's value; all that are given must hold. */
export interface ValueCondition {
  readonly operator: "greater_than" | "at_least" | "less_than" | "at_most" | "equals";
  readonly operand: number;
}

export interface DimensionCondition {
  readonly dimension: string;
  readonly operator: "is" | "is_not";
  readonly values: readonly string[];
}

/** Which events a measure looks at. */
export interface Source {
  readonly event: string;
  readonly valueConditions: readonly ValueCondition[];
  readonly dimensionConditions: readonly DimensionCondition[];
}

/** A measure that one aggregate over one source gives. */
export interface SimpleMeasure {
  readonly kind: "count" | "unique_users" | "sum" | "average";
  readonly source: Source;
}

export interface RatioMeasure {
  readonly kind: "ratio";
  readonly numerator: SimpleMeasure;
  readonly denominator: SimpleMeasure;
}

/** Unique users of the `windowDays` local days that end with the day in question. */
export interface ActiveUsersMeasure {
  readonly kind: "active_users";
  readonly source: Source;
  readonly windowDays: number;
}

export type Measure = SimpleMeasure | RatioMeasure | ActiveUsersMeasure;

export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly measure: Measure;
  readonly format: Format;
  readonly unit: string;
  readonly isLowerBetter: boolean;
  /** Names of the dimensions it may be broken down and filtered by. */
  readonly dimensions: readonly string[];
  readonly examples: readonly string[];
}

export interface DimensionValue {
  readonly value: string;
  readonly title: string;
  readonly aliases: readonly string[];
}

export interface Dimension {
  readonly name: string;
  readonly title: string;
  readonly aliases: readonly string[];
  /** The declared ones; others may be seen in the data. */
  readonly values: readonly DimensionValue[];
}

/** Checked: every name that is referred to exists. */
export interface Catalogue {
  readonly product: string;
  /** IANA name of the zone in which days are meant unless the question says otherwise. */
  readonly timeZone: string;
  readonly weekStart: WeekStart;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly dimensions: ReadonlyMap<string, Dimension>;
}

/** The simple measures that a metric's number is made of. */
export function sourcesOf(measure: Measure): readonly Source[] {
  return measure.kind === "ratio" ? [measure.numerator.source, measure.denominator.source] : [measure.source];
}

/** Whether the parts of a breakdown or of a range sum to the whole. */
export function isAdditive(measure: Measure): boolean {
  return measure.kind === "count" || measure.kind === "sum";
}
