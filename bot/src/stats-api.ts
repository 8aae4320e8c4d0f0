import { z } from "zod";

/** The vocabulary of docs/stats-api.md, checked on arrival: an answer that breaks the contract is an error, not an odd message. */

const changeSchema = z.object({ absolute: z.number().nullable(), ratio: z.number().nullable() });

const instant = z.string().refine(isInstant, "is not an instant");
const timeZone = z.string().refine(isTimeZone, "is not a time zone");

const rangeSchema = z.object({ from: instant, to: instant, timeZone });

const pointSchema = z.object({
  start: instant,
  end: instant,
  value: z.number().nullable(),
  isPartial: z.boolean(),
});

const metricSchema = z.object({
  name: z.string().min(1),
  title: z.string().min(1),
  aliases: z.array(z.string()),
  description: z.string(),
  measure: z.enum(["count", "unique_users", "sum", "average", "ratio", "active_users"]),
  format: z.enum(["integer", "decimal", "percent", "currency"]),
  unit: z.string(),
  isAdditive: z.boolean(),
  isLowerBetter: z.boolean(),
  dimensions: z.array(z.string()),
  examples: z.array(z.string()),
});

const dimensionSchema = z.object({
  name: z.string().min(1),
  title: z.string().min(1),
  aliases: z.array(z.string()),
  values: z.array(z.object({ value: z.string(), title: z.string(), aliases: z.array(z.string()) })),
});

export const catalogueSchema = z.object({
  product: z.string(),
  timeZone,
  weekStart: z.enum(["monday", "sunday"]),
  now: z.string(),
  dataRange: z.object({ from: instant, to: instant }).nullable(),
  metrics: z.array(metricSchema),
  dimensions: z.array(dimensionSchema),
});

const filterSchema = z.object({
  dimension: z.string(),
  operator: z.enum(["is", "is_not"]),
  values: z.array(z.string()),
});

const understoodQuerySchema = z.object({
  metric: z.string(),
  range: z.object({ from: z.string(), to: z.string(), timeZone }),
  granularity: z.enum(["hour", "day", "week", "month", "none"]),
  breakdown: z.string().nullable(),
  filters: z.array(filterSchema),
  compare: z.enum(["previous_period", "previous_year", "none"]),
  limit: z.number(),
});

const groupSchema = z.object({
  value: z.string().nullable(),
  title: z.string(),
  total: z.number().nullable(),
  share: z.number().nullable(),
  series: z.array(pointSchema),
  comparison: z.object({ total: z.number().nullable(), change: changeSchema }).nullable(),
});

export const answerSchema = z.object({
  query: understoodQuerySchema,
  metric: metricSchema,
  range: rangeSchema,
  total: z.number().nullable(),
  series: z.array(pointSchema),
  breakdown: z
    .object({
      dimension: z.string(),
      groups: z.array(groupSchema),
      others: z.object({ groups: z.number(), total: z.number().nullable() }).nullable(),
    })
    .nullable(),
  comparison: z
    .object({
      kind: z.enum(["previous_period", "previous_year"]),
      range: rangeSchema,
      total: z.number().nullable(),
      change: changeSchema,
      series: z.array(pointSchema),
      isSamePart: z.boolean(),
      isBeforeData: z.boolean(),
    })
    .nullable(),
  partial: z.object({ until: instant }).nullable(),
  freshness: z.object({ earliestEventAt: instant.nullable(), latestEventAt: instant.nullable() }),
  elapsedMs: z.number(),
});

function isInstant(text: string): boolean {
  try {
    return Temporal.Instant.from(text) !== undefined;
  } catch {
    return false;
  }
}

/** A gateway's refusal, to which the app had nothing to say. */
export const gateSchema = z.object({ reason: z.string(), message: z.string() });

/** Each answer names its zone several times, and Temporal tells fifty times sooner than Intl.DateTimeFormat. */
function isTimeZone(text: string): boolean {
  try {
    return new Temporal.ZonedDateTime(0n, text) !== undefined;
  } catch {
    return false;
  }
}

export const meSchema = z.object({ kind: z.enum(["service", "person"]) });

export const failureSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    problems: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    suggestions: z.array(z.string()).optional(),
  }),
});

export type Catalogue = z.output<typeof catalogueSchema>;
export type MetricInfo = z.output<typeof metricSchema>;
export type DimensionInfo = z.output<typeof dimensionSchema>;
export type StatsAnswer = z.output<typeof answerSchema>;
export type Point = z.output<typeof pointSchema>;
export type Change = z.output<typeof changeSchema>;
export type Group = z.output<typeof groupSchema>;
export type ResolvedRange = z.output<typeof rangeSchema>;
export type Filter = z.output<typeof filterSchema>;
export type Granularity = z.output<typeof understoodQuerySchema>["granularity"];
export type Compare = z.output<typeof understoodQuerySchema>["compare"];

/** What the bot asks. Dates are wall-clock in the range's time zone; `to` is exclusive. */
export interface StatsQuery {
  readonly metric: string;
  readonly range: { readonly from: string; readonly to: string; readonly timeZone?: string };
  readonly granularity?: Granularity;
  readonly breakdown?: string;
  readonly filters?: readonly Filter[];
  readonly compare?: Compare;
  readonly limit?: number;
}
