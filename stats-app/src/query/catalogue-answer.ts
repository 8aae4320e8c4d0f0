import type { DimensionValue, WeekStart } from "../catalogue/catalogue.ts";
import type { MetricInfo } from "./stats-answer.ts";

/** The answer of `GET /api/v1/metrics`. */
export interface CatalogueAnswer {
  readonly product: string;
  readonly timeZone: string;
  readonly weekStart: WeekStart;
  /** The server's instant, ISO 8601 with the zone's offset. */
  readonly now: string;
  /** First and last event; null when there is none. */
  readonly dataRange: { readonly from: string; readonly to: string } | null;
  readonly metrics: readonly MetricInfo[];
  readonly dimensions: readonly {
    readonly name: string;
    readonly title: string;
    readonly aliases: readonly string[];
    readonly values: readonly DimensionValue[];
  }[];
}
