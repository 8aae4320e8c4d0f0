import { z } from "zod";

const DATE = String.raw`\d{4}-\d{2}-\d{2}`;
const TIME = String.raw`\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?`;
const OFFSET = String.raw`(?:Z|[+-]\d{2}:\d{2})`;
const BOUND = new RegExp(`^${DATE}(?:T${TIME}${OFFSET}?)?$`);

const MAX_FILTERS = 20;
const MAX_FILTER_VALUES = 100;
const MAX_GROUPS = 100;
const DEFAULT_GROUPS = 10;

const bound = z
  .string()
  .regex(BOUND, "must be a date (2026-11-16), a wall-clock time (2026-11-16T13:00) or an instant with Z or an offset");
const word = z.string().min(1).max(256);

/** A question, as docs/stats-api.md describes it. Published as JSON Schema under `/api/v1/schema`. */
export const statsQuery = z
  .strictObject({
    metric: word.describe("A metric's name, as GET /api/v1/metrics lists it"),
    range: z.strictObject({
      from: bound.describe("First instant of the range"),
      to: bound.describe("First instant after the range: the range is half-open"),
      timeZone: z.string().max(64).optional().describe("IANA name; default: the catalogue's"),
    }),
    granularity: z.enum(["hour", "day", "week", "month", "none"]).optional().describe("Default: fits the range"),
    breakdown: word.nullish().describe("A dimension of the metric"),
    filters: z
      .array(
        z.strictObject({
          dimension: word,
          operator: z.enum(["is", "is_not"]),
          values: z.array(z.string().max(256)).min(1).max(MAX_FILTER_VALUES),
        }),
      )
      .max(MAX_FILTERS)
      .default([]),
    compare: z.enum(["previous_period", "previous_year", "none"]).default("none"),
    limit: z.int().min(1).max(MAX_GROUPS).default(DEFAULT_GROUPS).describe("Groups of a breakdown"),
  })
  .meta({ title: "StatsQuery" });

export type StatsQueryInput = z.input<typeof statsQuery>;
export type StatsQuery = z.output<typeof statsQuery>;
export type Granularity = NonNullable<StatsQuery["granularity"]>;
export type Filter = StatsQuery["filters"][number];
export type ComparisonKind = Exclude<StatsQuery["compare"], "none">;
