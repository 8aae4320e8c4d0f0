import type { EChartsOption } from "echarts";
import type { StatsAnswer } from "./api.ts";
import { bucketLong, formatValue } from "./format.ts";
import type { Palette } from "./palette.ts";

/** What is said about the bucket under the pointer. Built as elements: names from the data are never markup. */
export function tooltipOf(answer: StatsAnswer, palette: Palette): NonNullable<EChartsOption["tooltip"]> {
  return {
    trigger: "axis",
    confine: true,
    backgroundColor: palette.surface,
    borderColor: palette.line,
    textStyle: { color: palette.text, fontSize: 13 },
    axisPointer: { type: "line", lineStyle: { color: palette.muted, type: "dashed" } },
    formatter: (hovered: unknown) => {
      const [first] = hovered as readonly { dataIndex: number }[];
      return describeBucket(answer, first?.dataIndex ?? 0, palette);
    },
  };
}

function describeBucket(answer: StatsAnswer, index: number, palette: Palette): HTMLElement {
  const { series, comparison, breakdown, metric, query } = answer;
  const box = element("div", "tip");
  const point = series[index];
  if (point === undefined) return box;
  box.append(element("strong", "", bucketLong(point.start, query.granularity)));
  if (point.isPartial) box.append(element("em", "", "not a whole bucket"));
  const groups = breakdown?.groups ?? [];
  for (const [place, group] of groups.entries()) {
    box.append(row(group.title, formatValue(group.series[index]?.value ?? null, metric), palette.groups[place]));
  }
  if (groups.length > 0) return box;
  box.append(row(metric.title, formatValue(point.value, metric), palette.accent));
  const earlier = comparison?.series[index];
  if (earlier !== undefined) {
    box.append(row(bucketLong(earlier.start, query.granularity), formatValue(earlier.value, metric), palette.muted));
  }
  return box;
}

function row(name: string, value: string, colour = ""): HTMLElement {
  const line = element("div", "tip-row");
  const label = element("span", "", name);
  const swatch = element("i", "swatch");
  swatch.style.background = colour;
  label.prepend(swatch);
  line.append(label, element("b", "", value));
  return line;
}

function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
