import type { EChartsOption } from "echarts";

/** Slack's `data_visualization`, which its types package does not know yet. */
export interface DataVisualization {
  readonly type: "data_visualization";
  readonly title: string;
  readonly chart: AxisChart | PieChart;
}
interface AxisChart {
  readonly type: "line" | "bar" | "area";
  readonly series: readonly {
    readonly name: string;
    readonly data: readonly { readonly label: string; readonly value: number }[];
  }[];
  readonly axis_config: {
    readonly categories: readonly string[];
    readonly x_label?: string;
    readonly y_label?: string;
  };
}
interface PieChart {
  readonly type: "pie";
  readonly segments: readonly { readonly label: string; readonly value: number }[];
}

/** Resolved colours of the theme. */
export interface ChartColours {
  readonly palette: readonly string[];
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly surface: string;
  /** As the page resolves it: widths are measured with it before anything is drawn. */
  readonly fontFamily: string;
}

const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

/** What ECharts draws for a block; pure. */
export function chartOption({ chart }: DataVisualization, colours: ChartColours): EChartsOption {
  const shared: EChartsOption = {
    color: [...colours.palette],
    animationDuration: 250,
    textStyle: { color: colours.ink, fontFamily: colours.fontFamily },
    aria: { enabled: true },
  };
  return chart.type === "pie"
    ? { ...shared, ...pieParts(chart, colours) }
    : { ...shared, ...axisParts(chart, colours) };
}

function axisParts({ type, series, axis_config: axis }: AxisChart, colours: ChartColours): EChartsOption {
  const hasLegend = series.length > 1;
  const name = (text: string | undefined) => ({
    name: text ?? "",
    nameTextStyle: { color: colours.faint, fontSize: 11 },
  });
  return {
    grid: {
      left: 8,
      right: 26,
      top: axis.y_label === undefined ? 14 : 34,
      bottom: (hasLegend ? 30 : 4) + (axis.x_label ? 22 : 0),
      containLabel: true,
    },
    ...(hasLegend && { legend: legend(colours) }),
    tooltip: { trigger: "axis", ...tooltip(colours), axisPointer: { type: type === "bar" ? "shadow" : "line" } },
    xAxis: {
      type: "category",
      data: [...axis.categories],
      boundaryGap: type === "bar",
      ...name(axis.x_label),
      nameLocation: "middle",
      nameGap: 28,
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: { color: colours.faint, fontSize: 11, ...crowded(type, axis.categories) },
    },
    yAxis: {
      type: "value",
      ...name(axis.y_label),
      nameLocation: "end",
      nameTextStyle: { color: colours.faint, fontSize: 11, align: "left" },
      splitLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.faint, fontSize: 11, formatter: (value: number) => compact.format(value) },
    },
    series: series.map((one) => axisSeries(type, one.name, valuesOf(one.data, axis.categories))),
  };
}

/** Bars are things, so each keeps its name, aslant when they are many or long; points of a line may go without. */
function crowded(type: AxisChart["type"], categories: readonly string[]) {
  if (type !== "bar") return { hideOverlap: true };
  const isTight = categories.join("").length > 60 || categories.length > 9;
  return { interval: 0, rotate: isTight ? 32 : 0 };
}

function axisSeries(type: AxisChart["type"], name: string, data: number[]) {
  if (type === "bar")
    return { type: "bar" as const, name, data, barMaxWidth: 36, itemStyle: { borderRadius: [3, 3, 0, 0] } };
  const area = type === "area" ? { areaStyle: { opacity: 0.18 } } : {};
  return {
    type: "line" as const,
    name,
    data,
    showSymbol: data.length <= 20,
    symbol: "circle",
    symbolSize: 6,
    lineStyle: { width: 2.5 },
    ...area,
  };
}

function valuesOf(data: AxisChart["series"][number]["data"], categories: readonly string[]): number[] {
  const byLabel = new Map(data.map(({ label, value }) => [label, value]));
  return categories.map((category) => byLabel.get(category) ?? 0);
}

function pieParts({ segments }: PieChart, colours: ChartColours): EChartsOption {
  return {
    legend: legend(colours),
    tooltip: { trigger: "item", ...tooltip(colours) },
    series: {
      type: "pie",
      radius: ["42%", "70%"],
      center: ["50%", "46%"],
      itemStyle: { borderColor: colours.surface, borderWidth: 2 },
      label: {
        color: colours.ink,
        fontSize: 11,
        formatter: ({ name, percent = 0 }) => `${name} ${Math.round(percent)} %`,
      },
      labelLine: { lineStyle: { color: colours.line } },
      data: segments.map(({ label, value }) => ({ name: label, value })),
    },
  };
}

function legend({ ink }: ChartColours) {
  return {
    bottom: 0,
    itemGap: 16,
    itemWidth: 12,
    itemHeight: 8,
    icon: "roundRect",
    textStyle: { color: ink, fontSize: 11 },
  };
}

function tooltip({ surface, ink, line }: ChartColours) {
  return {
    // Drawn as SVG text, so that no label is ever read as markup.
    renderMode: "richText" as const,
    backgroundColor: surface,
    borderColor: line,
    textStyle: { color: ink, fontSize: 12 },
    valueFormatter: (value: unknown) => (typeof value === "number" ? exact.format(value) : String(value)),
  };
}
