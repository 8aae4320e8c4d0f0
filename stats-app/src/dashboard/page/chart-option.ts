import type { EChartsOption, SeriesOption } from "echarts";
import type { StatsAnswer } from "./api.ts";
import { tooltipOf } from "./chart-tooltip.ts";
import { bucketShort, formatShort } from "./format.ts";
import type { Palette } from "./palette.ts";

export type ChartKind = "line" | "bar";
type Points = StatsAnswer["series"];

/** One line or one set of bars, before it is drawn. */
interface Drawn {
  readonly name: string;
  readonly points: Points;
  readonly colour: string;
  readonly isEarlier?: boolean;
}

/** Everything ECharts needs to draw an answer. */
export function chartOption(answer: StatsAnswer, kind: ChartKind, palette: Palette): EChartsOption {
  const drawn = drawnOf(answer, palette);
  const { granularity } = answer.query;
  return {
    animationDuration: 250,
    animationDurationUpdate: 250,
    textStyle: { fontFamily: palette.fontFamily },
    grid: {
      left: 4,
      right: 12,
      top: drawn.length > 1 ? 40 : 16,
      bottom: 4,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    legend: {
      show: drawn.length > 1,
      left: 0,
      top: 0,
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 4,
      type: "scroll",
      width: "75%",
      textStyle: { color: palette.muted, fontSize: 12 },
      pageTextStyle: { color: palette.muted },
      data: drawn.map(({ name }) => name),
    },
    tooltip: tooltipOf(answer, palette),
    xAxis: {
      type: "category",
      data: answer.series.map(({ start }) => start),
      boundaryGap: kind === "bar",
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: {
        color: palette.muted,
        hideOverlap: true,
        formatter: (start: string) => bucketShort(start, granularity),
      },
    },
    yAxis: {
      type: "value",
      splitNumber: 4,
      axisLabel: { color: palette.muted, formatter: (value: number) => formatShort(value, answer.metric) },
      splitLine: { lineStyle: { color: palette.line } },
      ...(answer.metric.format === "integer" ? { minInterval: 1 } : {}),
    },
    series: drawn.flatMap((one) => (kind === "bar" && !one.isEarlier ? bars(one, answer) : lines(one, drawn.length))),
  };
}

function drawnOf({ metric, series, comparison, breakdown }: StatsAnswer, palette: Palette): Drawn[] {
  if (breakdown !== null && breakdown.groups.length > 0) {
    return breakdown.groups.map(({ title, series: points }, index) => {
      return { name: title, points, colour: palette.groups[index % palette.groups.length] ?? palette.accent };
    });
  }
  const now = { name: metric.title, points: series, colour: palette.accent };
  if (comparison === null) return [now];
  const name = comparison.kind === "previous_year" ? "Previous year" : "Previous period";
  return [now, { name, points: comparison.series, colour: palette.muted, isEarlier: true }];
}

/** A solid line for what is whole, and a dashed one that goes on to the bucket that is not over. */
function lines({ name, points, colour, isEarlier = false }: Drawn, count: number): SeriesOption[] {
  const open = isEarlier ? points.length : openFrom(points);
  const whole = points.map(({ value }, index) => (index < open ? value : null));
  const rest = points.map(({ value }, index) => (index >= open - 1 ? value : null));
  const base = {
    type: "line" as const,
    name,
    symbol: "circle",
    symbolSize: 6,
    connectNulls: false,
    emphasis: { disabled: true },
  };
  const style = { color: colour, width: isEarlier ? 1.5 : 2.25 };
  const isFilled = !isEarlier && count <= 2;
  const solid: SeriesOption = {
    ...base,
    data: whole,
    showSymbol: points.length === 1,
    lineStyle: { ...style, type: isEarlier ? "dashed" : "solid" },
    itemStyle: { color: colour },
    z: 3,
    ...(isFilled ? { areaStyle: { color: fade(colour) } } : {}),
  };
  if (open >= points.length) return [solid];
  const dashed: SeriesOption = {
    ...base,
    data: rest,
    showSymbol: points.length - open === 1 && open === 0,
    lineStyle: { ...style, type: [4, 4] },
    itemStyle: { color: colour },
    z: 3,
  };
  return [solid, dashed];
}

function bars({ name, points, colour }: Drawn, { metric, breakdown }: StatsAnswer): SeriesOption[] {
  const isStacked = breakdown !== null && metric.isAdditive;
  const open = openFrom(points);
  return [
    {
      type: "bar",
      name,
      barMaxWidth: 44,
      ...(isStacked ? { stack: "total" } : {}),
      itemStyle: { color: colour, borderRadius: isStacked ? 0 : [4, 4, 0, 0] },
      emphasis: { disabled: true },
      data: points.map(({ value }, index) =>
        index < open
          ? value
          : {
              value: value ?? "-",
              itemStyle: { opacity: 0.45, borderColor: colour, borderType: "dashed", borderWidth: 1.5 },
            },
      ),
    },
  ];
}

/** The first of the buckets at the end that are not over yet. */
function openFrom(points: Points): number {
  const lastWhole = points.findLastIndex(({ isPartial }) => !isPartial);
  return lastWhole + 1;
}

function fade(colour: string) {
  return {
    type: "linear" as const,
    x: 0,
    y: 0,
    x2: 0,
    y2: 1,
    colorStops: [
      { offset: 0, color: `color-mix(in srgb, ${colour} 22%, transparent)` },
      { offset: 1, color: `color-mix(in srgb, ${colour} 0%, transparent)` },
    ],
  };
}
