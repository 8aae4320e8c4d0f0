import type { VNode } from "preact";
import type { StatsAnswer } from "./api.ts";
import { downloadCsv } from "./csv.ts";
import { bucketLong, formatValue } from "./format.ts";
import { ChangePill } from "./headline.ts";
import { html } from "./html.ts";

/** The numbers behind the chart, newest first. */
export function PointTable({ answer }: { answer: StatsAnswer }): VNode | null {
  const { series, metric, comparison, breakdown, query } = answer;
  if (series.length === 0) return null;
  const groups = breakdown?.groups ?? [];
  const { partial } = answer;
  const begun = series.filter(({ start }) => partial === null || Date.parse(start) < Date.parse(partial.until));
  const rows = begun.map((point, index) => ({ point, index })).reverse();
  const name = query.granularity.charAt(0).toUpperCase() + query.granularity.slice(1);
  return html`<section class="card">
    <div class="card-head"><h2>Per ${query.granularity}</h2><button class="ghost" onClick=${() => downloadCsv(answer)}>Download CSV</button></div>
    <div class="table-box tall"><table>
      <thead><tr><th scope="col">${name}</th><th scope="col" class="num">${metric.title}</th>
        ${groups.map(({ title }) => html`<th scope="col" class="num">${title}</th>`)}
        ${comparison === null || groups.length > 0 ? null : html`<th scope="col" class="num">Before</th><th scope="col" class="num">Change</th>`}</tr></thead>
      <tbody>${rows.map(
        ({ point, index }) => html`<tr key=${point.start}>
          <th scope="row">${bucketLong(point.start, query.granularity)} ${point.isPartial ? html`<span class="tag">partial</span>` : null}</th>
          <td class="num">${formatValue(point.value, metric)}</td>
          ${groups.map((group) => html`<td class="num muted">${formatValue(group.series[index]?.value ?? null, metric)}</td>`)}
          ${comparison === null || groups.length > 0 ? null : html`<${Earlier} answer=${answer} index=${index} />`}
        </tr>`,
      )}</tbody>
    </table></div>
  </section>`;
}

function Earlier({ answer: { series, comparison, metric }, index }: { answer: StatsAnswer; index: number }): VNode {
  const now = series[index]?.value ?? null;
  const before = comparison?.series[index]?.value ?? null;
  const ratio = now === null || before === null || before === 0 ? null : (now - before) / Math.abs(before);
  return html`<td class="num muted">${formatValue(before, metric)}</td>
    <td class="num">${ratio === null ? "–" : html`<${ChangePill} ratio=${ratio} isLowerBetter=${metric.isLowerBetter} />`}</td>`;
}
