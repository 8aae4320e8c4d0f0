import type { init as Init } from "echarts";
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { StatsAnswer } from "./api.ts";
import { type ChartKind, chartOption } from "./chart-option.ts";
import { html } from "./html.ts";
import { readPalette } from "./palette.ts";

/** Fetched beside the data: the numbers need not wait for the largest script. */
const library = import("echarts");

/** The series as lines or bars. The tables say the same in text. */
export function Chart({ answer }: { answer: StatsAnswer }): VNode {
  const [chosen, setChosen] = useState<ChartKind>();
  const kind = chosen ?? fittingKind(answer);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = element.current;
    if (host === null) return;
    let stop = () => {};
    let isGone = false;
    void library.then(({ init }) => {
      if (!isGone) stop = drawIn(host, init, answer, kind);
    });
    return () => {
      isGone = true;
      stop();
    };
  }, [answer, kind]);
  return html`<div class="chart-box">
    <div class="segmented" role="group" aria-label="Chart">
      ${(["line", "bar"] as const).map(
        (option) =>
          html`<button aria-pressed=${option === kind} onClick=${() => setChosen(option)}>${option === "line" ? "Line" : "Bars"}</button>`,
      )}
    </div>
    <div class="chart" ref=${element} role="img" aria-label=${`${answer.metric.title} per ${answer.query.granularity}; the table below has the numbers`}></div>
  </div>`;
}

/** Draws, and again when the window or the colour scheme changes; gives the way to stop. */
function drawIn(host: HTMLElement, init: typeof Init, answer: StatsAnswer, kind: ChartKind): () => void {
  const chart = init(host, null, { renderer: "svg" });
  const draw = () => chart.setOption(chartOption(answer, kind, readPalette(host)), { notMerge: true });
  const resize = new ResizeObserver(() => chart.resize());
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  draw();
  resize.observe(host);
  scheme.addEventListener("change", draw);
  return () => {
    resize.disconnect();
    scheme.removeEventListener("change", draw);
    chart.dispose();
  };
}

/** Few or long buckets of things that add up read best as bars. */
function fittingKind({ series, metric, query }: StatsAnswer): ChartKind {
  if (!metric.isAdditive) return "line";
  return query.granularity === "month" || series.length <= 14 ? "bar" : "line";
}
