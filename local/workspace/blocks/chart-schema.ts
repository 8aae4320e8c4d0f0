import { z } from "zod";
import { blockId } from "./text-schema.ts";

/** `data_visualization`, with the limits that Slack was seen to hold it to (6 series, 20 categories, names of 20). */

const MAX_SERIES = 6;
const MAX_CATEGORIES = 20;
const name = z.string().min(1).max(20);
const label = z.string().min(1).max(50);
const point = z.strictObject({ label: name, value: z.number() });

const axisConfig = z.strictObject({
  categories: z.array(name).min(1).max(MAX_CATEGORIES),
  x_label: label.optional(),
  y_label: label.optional(),
});

const axisChart = <Kind extends string>(type: Kind) =>
  z
    .strictObject({
      type: z.literal(type),
      series: z
        .array(z.strictObject({ name, data: z.array(point).min(1) }))
        .min(1)
        .max(MAX_SERIES),
      axis_config: axisConfig,
    })
    .superRefine(({ series, axis_config: { categories } }, context) => {
      const report = (path: (string | number)[], message: string) =>
        context.addIssue({ code: "custom", path, message });
      if (hasDuplicate(categories)) report(["axis_config", "categories"], "categories must be unique");
      if (hasDuplicate(series.map((one) => one.name))) report(["series"], "series names must be unique");
      for (const [index, { data }] of series.entries()) {
        const labels = data.map((one) => one.label);
        const fits = labels.length === categories.length && categories.every((category) => labels.includes(category));
        if (!fits) report(["series", index, "data"], "must have exactly one value for each category");
      }
    });

const pie = z
  .strictObject({
    type: z.literal("pie"),
    segments: z
      .array(z.strictObject({ label: name, value: z.number().positive() }))
      .min(1)
      .max(MAX_SERIES),
  })
  .refine(({ segments }) => !hasDuplicate(segments.map((one) => one.label)), {
    path: ["segments"],
    message: "segment labels must be unique",
  });

function hasDuplicate(names: readonly string[]): boolean {
  return new Set(names).size !== names.length;
}

export const dataVisualization = z.strictObject({
  type: z.literal("data_visualization"),
  block_id: blockId,
  title: z.string().min(1).max(50),
  chart: z.discriminatedUnion("type", [axisChart("line"), axisChart("bar"), axisChart("area"), pie]),
});
