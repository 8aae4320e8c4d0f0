import type { DataTableBlock } from "@slack/types";
import type { Change, Group, MetricInfo, StatsAnswer } from "../stats-api.ts";
import type { Cell } from "./blocks.ts";
import { bucketLabels } from "./dates.ts";
import { formatChange, formatValue } from "./numbers.ts";
import { passedPoints } from "./series.ts";
import { clip } from "./text.ts";

/** Slack's bounds for `data_table`: rows without the header, and characters of all cells together (kept below 10,000). */
const MAX_ROWS = 100;
const MAX_CHARACTERS = 9_000;
const PAGE_SIZE = 7;
const MAX_LABEL = 60;

/** The numbers behind the chart: a row per group, or per bucket of time. */
export function tableOf(answer: StatsAnswer, dimensionTitle: string | undefined): DataTableBlock | undefined {
  const rows =
    answer.breakdown === null ? bucketRows(answer) : groupRows(answer, answer.breakdown.groups, dimensionTitle);
  const [head, ...body] = withinCharacters(rows);
  if (head === undefined || body.length === 0) return undefined;
  return {
    type: "data_table",
    caption: clip(`${answer.metric.title}, in numbers`, 200),
    rows: [head, ...body],
    page_size: PAGE_SIZE,
    row_header_column_index: 0,
  };
}

function groupRows(answer: StatsAnswer, groups: readonly Group[], dimensionTitle: string | undefined): Cell[][] {
  const { metric, comparison, breakdown } = answer;
  const hasShare = groups.some((group) => group.share !== null);
  const head = [
    dimensionTitle ?? breakdown?.dimension ?? "Group",
    metric.title,
    ...(hasShare ? ["Share"] : []),
    ...(comparison ? ["Before", "Change"] : []),
  ];
  const rows = groups
    .slice(0, MAX_ROWS - 1)
    .map((group) => [
      text(group.title),
      number(group.total, metric),
      ...(hasShare ? [share(group.share)] : []),
      ...(comparison
        ? [number(group.comparison?.total ?? null, metric), changeCell(group.comparison?.change, metric)]
        : []),
    ]);
  return [head.map(text), ...rows, ...othersRow(answer, head.length)];
}

function othersRow({ breakdown, metric }: StatsAnswer, columns: number): Cell[][] {
  const others = breakdown?.others;
  if (others === null || others === undefined || others.groups === 0) return [];
  const cells = [text(`${others.groups} others`), others.total === null ? text("–") : number(others.total, metric)];
  return [[...cells, ...Array.from({ length: columns - cells.length }, () => text("–"))]];
}

/** The newest bucket first: that is the one people look for. */
function bucketRows(answer: StatsAnswer): Cell[][] {
  const { comparison, metric, query, range } = answer;
  const points = passedPoints(answer.series, answer);
  if (points.length < 2) return [];
  const labels = bucketLabels(
    points.map((point) => point.start),
    query.granularity,
    range.timeZone,
  );
  const before = comparison?.series ?? [];
  const head = [BUCKET_TITLES[query.granularity], metric.title, ...(before.length > 0 ? ["Before"] : [])];
  const rows = points.map((point, index) => [
    text(`${labels[index] ?? ""}${point.isPartial ? " (so far)" : ""}`),
    number(point.value, metric),
    ...(before.length > 0 ? [number(before[index]?.value ?? null, metric)] : []),
  ]);
  return [head.map(text), ...rows.reverse().slice(0, MAX_ROWS)];
}

const BUCKET_TITLES: Readonly<Record<StatsAnswer["query"]["granularity"], string>> = {
  hour: "Hour",
  day: "Day",
  week: "Week of",
  month: "Month",
  none: "Time",
};

function text(value: string): Cell {
  return { type: "raw_text", text: clip(value, MAX_LABEL) };
}

function number(value: number | null, metric: MetricInfo): Cell {
  return value === null ? text("–") : { type: "raw_number", value, text: formatValue(value, metric) };
}

function share(value: number | null): Cell {
  if (value === null) return text("–");
  return { type: "raw_number", value, text: formatValue(value, { format: "percent", unit: "" }) };
}

function changeCell(change: Change | undefined, metric: MetricInfo): Cell {
  const formatted = change === undefined ? undefined : formatChange(change, metric);
  const sortable = metric.format === "percent" ? change?.absolute : (change?.ratio ?? change?.absolute);
  if (formatted === undefined || sortable === undefined || sortable === null) return text(formatted ?? "–");
  return { type: "raw_number", value: sortable, text: formatted };
}

function withinCharacters(rows: readonly Cell[][]): Cell[][] {
  let characters = 0;
  return rows.filter((row) => {
    characters += row.reduce((sum, cell) => sum + ("text" in cell ? (cell.text?.length ?? 0) : 0), 0);
    return characters <= MAX_CHARACTERS;
  });
}
