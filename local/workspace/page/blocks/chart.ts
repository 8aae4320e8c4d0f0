import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.ts";
import { onThemeChange } from "../theme.ts";
import { type ChartColours, chartOption, type DataVisualization } from "./chart-option.ts";

const PALETTE = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"];

/** Draws a chart as SVG, so that its words are in the page; redraws with size and theme. */
export function Chart({ block }: { block: DataVisualization }): VNode {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => (frame.current === null ? undefined : drawIn(frame.current, block)), [block]);
  return html`<figure class="chart" data-testid="chart">
    <figcaption>${block.title}</figcaption>
    <div class="chart-frame" ref=${frame} role="img" aria-label=${summaryOf(block)}></div>
  </figure>`;
}

/** The drawing library is large, so it is loaded with the first chart. */
function drawIn(frame: HTMLElement, block: DataVisualization): () => void {
  const ended = new AbortController();
  const draw = async () => {
    const { init } = await import("echarts");
    if (ended.signal.aborted) return;
    const chart = init(frame, null, { renderer: "svg" });
    const paint = () => chart.setOption(chartOption(block, coloursOf(frame)), { notMerge: true });
    paint();
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(frame);
    const endTheme = onThemeChange(paint);
    ended.signal.addEventListener("abort", () => {
      endTheme();
      observer.disconnect();
      chart.dispose();
    });
  };
  void draw();
  return () => ended.abort();
}

function coloursOf(frame: HTMLElement): ChartColours {
  const colour = (name: string) => {
    frame.style.setProperty("color", `var(${name})`);
    const resolved = getComputedStyle(frame).color;
    frame.style.removeProperty("color");
    return resolved;
  };
  const [ink, faint, line, surface] = [colour("--ink"), colour("--ink-faint"), colour("--line"), colour("--surface")];
  const { fontFamily } = getComputedStyle(frame);
  return { palette: PALETTE.map(colour), ink, faint, line, surface, fontFamily };
}

function summaryOf({ title, chart }: DataVisualization): string {
  if (chart.type === "pie")
    return `${title}: ${chart.segments.map(({ label, value }) => `${label} ${value}`).join(", ")}`;
  const { categories } = chart.axis_config;
  const names = chart.series.map(({ name }) => name).join(", ");
  return `${title}: ${chart.type} chart of ${names}, ${categories[0]} to ${categories.at(-1)}`;
}
