import { z } from "zod";

const NAME = /^[a-z][a-z0-9_]*$/;
const MAX_NAME_LENGTH = 48;
const MAX_WINDOW_DAYS = 400;

const name = z
  .string()
  .regex(NAME, "must be a name of a-z, 0-9 and _, beginning with a letter")
  .max(MAX_NAME_LENGTH, `must be at most ${MAX_NAME_LENGTH} characters`);
const eventName = z
  .string()
  .regex(/^[a-z][a-z0-9_.]*$/, "must be an event's name of a-z, 0-9, _ and ., beginning with a letter")
  .max(64);
const text = z.string().trim().min(1, "must not be empty").max(500);
const aliases = z.array(text).default([]);

const dimensionValue = z.union(
  [text.transform((title) => ({ title, aliases: [] as string[] })), z.strictObject({ title: text, aliases })],
  {
    error: "must be a title, or title and aliases",
  },
);

const dimension = z.strictObject({
  title: text,
  aliases,
  values: z.record(z.string().min(1), dimensionValue).default({}),
});

const valueConditions = z
  .strictObject({
    greater_than: z.number(),
    at_least: z.number(),
    less_than: z.number(),
    at_most: z.number(),
    equals: z.number(),
  })
  .partial()
  .refine((conditions) => Object.keys(conditions).length > 0, "must hold a condition, such as greater_than: 15");

const values = z.union([text.transform((value) => [value]), z.array(text).min(1)], {
  error: "must be a value or a list of values",
});
const dimensionCondition = z.union([z.strictObject({ is: values }), z.strictObject({ is_not: values })], {
  error: "must be `is: [values]` or `is_not: [values]`",
});

const where = z.strictObject({
  value: valueConditions.optional(),
  dimensions: z.record(name, dimensionCondition).optional(),
});

const simpleKind = z.enum(["count", "unique_users", "sum", "average"]);
const inlineMeasure = z.strictObject({ event: eventName, measure: simpleKind, where: where.optional() });
const ratioPart = z.union([name, inlineMeasure], {
  error: "must be another metric's name, or event, measure and where",
});

const described = {
  title: text,
  aliases,
  description: text,
  unit: z.string().max(24).default(""),
  format: z.enum(["integer", "decimal", "percent", "currency"]).optional(),
  is_lower_better: z.boolean().default(false),
  dimensions: z.array(name).default([]),
  examples: z.array(text).default([]),
};

const metric = z.discriminatedUnion(
  "measure",
  [
    z.strictObject({ ...described, measure: simpleKind, event: eventName, where: where.optional() }),
    z.strictObject({
      ...described,
      measure: z.literal("active_users"),
      event: eventName,
      where: where.optional(),
      window_days: z.int().min(1).max(MAX_WINDOW_DAYS),
    }),
    z.strictObject({ ...described, measure: z.literal("ratio"), numerator: ratioPart, denominator: ratioPart }),
  ],
  { error: "must be count, unique_users, sum, average, ratio or active_users" },
);

/** The shape of a catalogue file. What refers to what is checked afterwards, in `check.ts`. */
export const catalogueFile = z.strictObject({
  product: text.optional(),
  time_zone: z.string().refine(isTimeZone, "must be an IANA time zone, such as Europe/Berlin").optional(),
  week_start: z.enum(["monday", "sunday"]).optional(),
  dimensions: z.record(name, dimension).default({}),
  metrics: z.record(name, metric).default({}),
});

export type CatalogueFile = z.output<typeof catalogueFile>;
export type MetricEntry = CatalogueFile["metrics"][string];
export type RatioPart = z.output<typeof ratioPart>;
export type WhereEntry = z.output<typeof where>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
