import type { DimensionInfo, MetricInfo } from "../stats-api.ts";
import { type Assembly, allSaid, type Choice, doubt, questionWithout, suitable, textAt } from "./assembly.ts";

/** The one dimension that the question breaks down by, if any. */
export function chooseBreakdown(
  input: Assembly,
  metric: MetricInfo | undefined,
): Choice<{ readonly dimension: DimensionInfo | undefined }> {
  const said = allSaid(input, "breakdown");
  const named = said.flatMap((finding) => suitable(finding.said.dimensions, metric, (dimension) => dimension.name));
  const dimensions = [...new Map(named.map((dimension) => [dimension.name, dimension])).values()];
  const [first] = said;
  if (dimensions.length <= 1 || first === undefined) return { dimension: dimensions[0] };
  const candidates = dimensions.map(({ title, name }) => ({
    label: `by ${title}`,
    question: questionWithout(input, said, `by ${name}`),
  }));
  const about =
    said.length === 1
      ? `“${textAt(input, first)}” may be one of these. Which one?`
      : "I can break down by one thing at a time. By which?";
  return doubt(about, candidates);
}
