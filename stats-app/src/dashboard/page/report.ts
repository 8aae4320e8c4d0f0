import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { CatalogueAnswer, StatsAnswer } from "./api.ts";
import { Chart } from "./chart.ts";
import { Controls } from "./controls.ts";
import { Filters } from "./filters.ts";
import { GroupTable } from "./group-table.ts";
import { Headline } from "./headline.ts";
import { html } from "./html.ts";
import { Failure, NoEvents } from "./notices.ts";
import { PointTable } from "./point-table.ts";
import type { View } from "./state.ts";
import { useAnswer } from "./use-answer.ts";

interface ReportProps {
  readonly catalogue: CatalogueAnswer;
  readonly view: View;
  readonly onChange: (view: View) => void;
}

/** One metric: what is asked above, the answer below. */
export function Report({ catalogue, view, onChange }: ReportProps): VNode {
  const [attempt, setAttempt] = useState(0);
  const { answer, error, isLoading } = useAnswer(view, catalogue, attempt);
  const metric = catalogue.metrics.find(({ name }) => name === view.metric);
  return html`<div class="report" aria-busy=${isLoading}>
    <div class=${isLoading ? "loading-bar on" : "loading-bar"} role="progressbar" aria-hidden=${!isLoading}></div>
    <div class="title-row">
      <div><h1>${metric?.title}</h1><p class="description">${metric?.description}</p></div>
      <${Filters} catalogue=${catalogue} metric=${metric} view=${view} onChange=${onChange} />
    </div>
    <${Controls} catalogue=${catalogue} metric=${metric} view=${view} onChange=${onChange} />
    ${error === undefined ? null : html`<${Failure} error=${error} onRetry=${() => setAttempt(attempt + 1)} />`}
    ${answer === undefined ? (error === undefined ? html`<div class="card skeleton" role="status">Loading …</div>` : null) : html`<${Answer} answer=${answer} catalogue=${catalogue} view=${view} onChange=${onChange} isStale=${isLoading} />`}
  </div>`;
}

function Answer({
  answer,
  catalogue,
  view,
  onChange,
  isStale,
}: ReportProps & { answer: StatsAnswer; isStale: boolean }): VNode {
  const only = (value: string) => {
    const { breakdown: dimension } = answer.query;
    if (dimension === null) return;
    const others = view.filters.filter((filter) => filter.dimension !== dimension);
    onChange({ ...view, breakdown: null, filters: [...others, { dimension, operator: "is", values: [value] }] });
  };
  const isEmpty =
    answer.total === null && answer.comparison?.total == null && answer.series.every(({ value }) => !value);
  return html`<div class=${isStale ? "answer stale" : "answer"}>
    <section class="card">
      <${Headline} answer=${answer} now=${catalogue.now} />
      ${isEmpty ? html`<${NoEvents} catalogue=${catalogue} />` : html`<${Chart} answer=${answer} />`}
    </section>
    ${answer.breakdown === null || isEmpty ? null : html`<${GroupTable} answer=${answer} catalogue=${catalogue} onOnly=${only} />`}
    ${isEmpty ? null : html`<${PointTable} answer=${answer} />`}
  </div>`;
}
