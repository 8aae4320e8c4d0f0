import type { DimensionInfo, MetricInfo } from "../stats-api.ts";
import {
  type Assembly,
  allSaid,
  type Choice,
  doubt,
  type FindingOf,
  questionWithout,
  suitable,
  textAt,
} from "./assembly.ts";
import { sharedDimensions } from "./choose-filters.ts";

/** The one dimension that the question breaks down by, if any. */
export function chooseBreakdown(
  input: Assembly,
  metric: MetricInfo | undefined,
): Choice<{ readonly dimension: DimensionInfo | undefined }> {
  const said = allSaid(input, "breakdown");
  const named = said.flatMap((finding) => suitable(finding.said.dimensions, metric, (dimension) => dimension.name));
  const dimensions = [...new Map(named.map((dimension) => [dimension.name, dimension])).values()];
  const [first] = said;
  if (first === undefined) return { dimension: comparedDimension(input, metric) };
  if (dimensions.length === 1) return { dimension: dimensions[0] };
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

/** "Compare iOS and Android", "Germany vs France": a total for each of them. */
function comparedDimension(input: Assembly, metric: MetricInfo | undefined): DimensionInfo | undefined {
  const isCompared = ({ index, length }: FindingOf<"filter">): boolean =>
    input.words.slice(0, index + length).some(({ text }) => text === "compare" || text === "comparing") ||
    input.words.slice(index, index + length).some(({ text }) => text === "vs" || text === "versus");
  const lists = allSaid(input, "filter").filter(({ said }) => said.operator === "is" && said.values.length > 1);
  const names = lists
    .filter(isCompared)
    .flatMap(({ said }) => suitable(sharedDimensions(said.values), metric, (name) => name));
  return input.catalogue.dimensions.find(({ name }) => name === names[0]);
}
