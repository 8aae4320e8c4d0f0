import type { Filter, MetricInfo } from "../stats-api.ts";
import {
  type Assembly,
  allSaid,
  type Choice,
  doubt,
  type FindingOf,
  questionWith,
  suitable,
  textAt,
} from "./assembly.ts";
import type { ValueMeaning } from "./findings.ts";
import { valueList } from "./parts.ts";
import type { Candidate } from "./reading.ts";

/** For each value of a list, what it may mean. */
type Values = readonly (readonly ValueMeaning[])[];

/** The filters that the question asks for. A value that two dimensions have is asked about. */
export function chooseFilters(
  input: Assembly,
  metric: MetricInfo | undefined,
): Choice<{ readonly filters: readonly Filter[] }> {
  const filters: Filter[] = [];
  for (const finding of allSaid(input, "filter")) {
    for (const values of separated(finding.said.values)) {
      const dimensions = suitable(sharedDimensions(values), metric, (name) => name);
      const [dimension] = dimensions;
      if (dimensions.length > 1 || dimension === undefined) {
        const about = `“${textAt(input, finding)}” may be one of these. Which one?`;
        return doubt(about, candidatesFor(input, finding, dimensions));
      }
      filters.push({ dimension, operator: finding.said.operator, values: namesIn(values, dimension) });
    }
  }
  return { filters: merged(filters) };
}

/** "Germany and France" is one list; "Germany and web" are two filters. */
function separated(values: Values): readonly Values[] {
  return sharedDimensions(values).length > 0 ? [values] : values.map((meanings) => [meanings]);
}

/** The dimensions that have all of those values. */
export function sharedDimensions(values: Values): readonly string[] {
  const [first = [], ...others] = values;
  const names = first.map((meaning) => meaning.dimension.name);
  return names.filter((name) =>
    others.every((meanings) => meanings.some((meaning) => meaning.dimension.name === name)),
  );
}

function meaningsIn(values: Values, dimension: string): ValueMeaning[] {
  return values.flatMap((meanings) => meanings.filter((meaning) => meaning.dimension.name === dimension));
}

function namesIn(values: Values, dimension: string): string[] {
  return [...new Set(meaningsIn(values, dimension).map((meaning) => meaning.value))];
}

/** Two filters of one kind on one dimension widen each other: "in Germany … or in France". */
function merged(filters: readonly Filter[]): Filter[] {
  const groups = Map.groupBy(filters, ({ dimension, operator }) => `${operator} ${dimension}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, values: [...new Set(group.flatMap((filter) => filter.values))] }];
  });
}

function candidatesFor(input: Assembly, finding: FindingOf<"filter">, dimensions: readonly string[]): Candidate[] {
  return dimensions.map((name) => {
    const meanings = meaningsIn(finding.said.values, name);
    const sign = finding.said.operator === "is" ? "=" : "!=";
    return {
      label: `${meanings[0]?.dimension.title ?? name}: ${meanings.map((meaning) => meaning.title).join(", ")}`,
      question: questionWith(input, finding, `${name} ${sign} ${valueList(meanings.map((meaning) => meaning.value))}`),
    };
  });
}
