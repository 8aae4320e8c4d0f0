import type { DimensionInfo, Filter, Granularity, MetricInfo } from "../stats-api.ts";
import type { ComparisonWish } from "./comparison.ts";
import type { Period } from "./period.ts";
import type { Meaning } from "./vocabulary.ts";
import type { Word } from "./words.ts";

export type ValueMeaning = Extract<Meaning, { kind: "value" }>;

/** One thing that a question says, before its parts are put together. */
export type Said =
  | { readonly kind: "metric"; readonly metrics: readonly MetricInfo[]; readonly isAside: boolean }
  | { readonly kind: "period"; readonly period: Period }
  | { readonly kind: "granularity"; readonly granularity: Exclude<Granularity, "none"> }
  | { readonly kind: "breakdown"; readonly dimensions: readonly DimensionInfo[] }
  | { readonly kind: "limit"; readonly limit: number }
  | {
      readonly kind: "filter";
      readonly operator: Filter["operator"];
      readonly values: readonly (readonly ValueMeaning[])[];
    }
  | { readonly kind: "comparison"; readonly wish: ComparisonWish }
  | { readonly kind: "nothing" };

/** What the words from `index` on say. */
export interface Finding {
  readonly index: number;
  readonly length: number;
  readonly said: Said;
}

/** Neighbouring words that nothing was made of. */
export interface UnreadGroup {
  readonly index: number;
  readonly words: readonly Word[];
}
