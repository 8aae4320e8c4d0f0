import type { Group, MetricInfo, Point, StatsAnswer } from "../stats-api.ts";
import type { ChartBlock, ChartSeries } from "./blocks.ts";
import { bucketLabels } from "./dates.ts";
import { passedPoints } from "./series.ts";
import { clip, uniqueLabels } from "./text.ts";

/** What Slack draws: https://docs.slack.dev/reference/block-kit/blocks; more series than six are refused by some clients. */
const MAX_CATEGORIES = 20;
const MAX_SERIES = 6;
const MAX_NAME = 20;
const MAX_TITLE = 50;

export interface Chart {
  readonly block: ChartBlock;
  /** What the chart does not show as it is, in a sentence: bucketed points, left-out groups. */
  readonly note?: string;
}

/** A line over time, or bars for the groups of a breakdown; nothing where there are fewer than two things to draw. */
export function chartOf(answer: StatsAnswer, dimensionTitle?: string): Chart | undefined {
  if (answer.total === null) return undefined;
  if (answer.breakdown === null) return lineOf(answer);
  return answer.query.granularity === "none"
    ? barsOf(answer, answer.breakdown.groups, dimensionTitle)
    : linesOf(answer, answer.breakdown.groups, dimensionTitle);
}

function barsOf(answer: StatsAnswer, all: readonly Group[], dimensionTitle: string | undefined): Chart | undefined {
  const { metric } = answer;
  const groups = all.filter((group) => group.total !== null).slice(0, MAX_CATEGORIES);
  if (groups.length === 0) return undefined;
  const categories = uniqueLabels(
    groups.map((group) => group.title),
    MAX_NAME,
  );
  const before = groups.map((group) => group.comparison?.total ?? null);
  const series = [
    seriesOf(
      clip(metric.title, MAX_NAME),
      categories,
      groups.map((group) => group.total),
      metric,
    ),
    ...(before.includes(null) ? [] : [seriesOf(earlierName(answer, metric), categories, before, metric)]),
  ];
  const block = chartBlock("bar", titleText(answer, 1, dimensionTitle), series, categories, metric);
  return all.length > groups.length
    ? { block, note: `The chart shows ${groups.length} of ${all.length} groups.` }
    : { block };
}

function lineOf(answer: StatsAnswer): Chart | undefined {
  const { metric, comparison } = answer;
  const passed = passedPoints(answer.series, answer);
  const before = comparison?.series.slice(0, passed.length) ?? [];
  const step = Math.ceil(passed.length / MAX_CATEGORIES);
  const points = thin(passed, step, metric);
  const earlier = before.length === passed.length ? thin(before, step, metric) : [];
  const shown = points.flatMap((point, index) =>
    point.value === null ? [] : [{ point, before: earlier[index]?.value ?? null }],
  );
  if (shown.length < 2) return undefined;
  const categories = categoriesOf(
    shown.map(({ point }) => point),
    answer,
  );
  const series = [
    seriesOf(
      clip(metric.title, MAX_NAME),
      categories,
      shown.map(({ point }) => point.value),
      metric,
    ),
    ...(shown.some((one) => one.before === null)
      ? []
      : [
          seriesOf(
            earlierName(answer, metric),
            categories,
            shown.map((one) => one.before),
            metric,
          ),
        ]),
  ];
  const block = chartBlock("line", titleText(answer, step), series, categories, metric);
  return withThinningNote(block, step, passed.length, answer);
}

function linesOf(answer: StatsAnswer, all: readonly Group[], dimensionTitle: string | undefined): Chart | undefined {
  const { metric } = answer;
  const groups = all.slice(0, MAX_SERIES);
  const count = Math.max(0, ...groups.map((group) => passedPoints(group.series, answer).length));
  const step = Math.ceil(count / MAX_CATEGORIES);
  const thinned = groups.map((group) => thin(passedPoints(group.series, answer), step, metric));
  const [first] = thinned;
  if (first === undefined || first.length < 2) return undefined;
  const complete = first.map((_, index) => thinned.every((points) => typeof points[index]?.value === "number"));
  const kept = first.filter((_, index) => complete[index]);
  if (kept.length < 2) return undefined;
  const categories = categoriesOf(kept, answer);
  const names = uniqueLabels(
    groups.map((group) => group.title),
    MAX_NAME,
  );
  const series = thinned.map((points, index) =>
    seriesOf(
      names[index] ?? "",
      categories,
      points.filter((_, at) => complete[at]).map((point) => point.value),
      metric,
    ),
  );
  const block = chartBlock("line", titleText(answer, step, dimensionTitle), series, categories, metric);
  const chart = withThinningNote(block, step, count, answer);
  const left =
    all.length > groups.length ? `The chart shows the ${groups.length} largest of ${all.length} groups.` : undefined;
  const note = [chart.note, left].filter((part) => part !== undefined).join(" ");
  return note === "" ? chart : { ...chart, note };
}

/**
 * Fewer points: sums where parts add up, else every so manyth point as it is, for a mean of means would be a false number.
 * Counted from the end, so that the newest point is a whole one; a shorter bucket comes first.
 */
function thin(points: readonly Point[], step: number, metric: MetricInfo): readonly Point[] {
  if (step <= 1) return points;
  if (!metric.isAdditive) return points.filter((_, index) => (points.length - 1 - index) % step === 0);
  const short = points.length % step;
  const starts = points.flatMap((point, index) =>
    index === 0 || (index - short) % step === 0 ? [{ point, index }] : [],
  );
  return starts.map(({ point, index }, at) => {
    const bucket = points.slice(index, starts[at + 1]?.index);
    return { ...point, value: bucket.reduce((sum, one) => sum + (one.value ?? 0), 0) };
  });
}

function withThinningNote(block: ChartBlock, step: number, count: number, { metric, query }: StatsAnswer): Chart {
  if (step <= 1) return { block };
  const { granularity } = query;
  const short = count % step;
  const sums = `Each point of the chart is the sum of ${step} ${granularity}s${short === 0 ? "" : `, the first of ${short}`}.`;
  const sample = `The chart shows ${step === 2 ? `every other ${granularity}` : `one ${granularity} in ${step}`}.`;
  return { block, note: metric.isAdditive ? sums : sample };
}

function categoriesOf(points: readonly Point[], { query, range }: StatsAnswer): string[] {
  return uniqueLabels(
    bucketLabels(
      points.map((point) => point.start),
      query.granularity,
      range.timeZone,
    ),
    MAX_NAME,
  );
}

function seriesOf(
  name: string,
  categories: readonly string[],
  values: readonly (number | null)[],
  metric: MetricInfo,
): ChartSeries {
  return { name, data: categories.map((label, index) => ({ label, value: chartValue(values[index] ?? 0, metric) })) };
}

/** Per cent rather than a ratio, and no more digits than a chart can show. */
function chartValue(value: number, { format }: MetricInfo): number {
  const scaled = finite(format === "percent" ? value * 100 : value);
  return Number.isInteger(scaled) ? scaled : Number(scaled.toPrecision(6));
}

/** A sum of huge values may leave what a number can hold, and JSON has no infinity. */
function finite(value: number): number {
  return Number.isNaN(value) ? 0 : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

function earlierName({ comparison }: StatsAnswer, { title }: MetricInfo): string {
  const name = comparison?.kind === "previous_year" ? "Year before" : "Period before";
  return clip(title, MAX_NAME) === name ? "Before" : name;
}

/** `Revenue per 5 days`, `Signups by Country`. A point that stands for one day in five is still per day. */
function titleText({ metric, query }: StatsAnswer, step: number, dimensionTitle?: string): string {
  const { granularity } = query;
  const bucket = step > 1 && metric.isAdditive ? `${step} ${granularity}s` : granularity;
  const per = granularity === "none" ? "" : ` per ${bucket}`;
  const by = dimensionTitle === undefined ? "" : ` by ${clip(dimensionTitle, MAX_NAME)}`;
  return `${clip(metric.title, MAX_TITLE - per.length - by.length)}${per}${by}`;
}

function chartBlock(
  type: "line" | "bar",
  title: string,
  series: readonly ChartSeries[],
  categories: readonly string[],
  { format, unit }: MetricInfo,
): ChartBlock {
  const label = format === "percent" ? "%" : unit;
  const axis = { categories, ...(label !== "" && { y_label: clip(label, MAX_TITLE) }) };
  return { type: "data_visualization", title, chart: { type, series, axis_config: axis } };
}
