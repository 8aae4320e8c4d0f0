import type { VNode } from "preact";
import type { StatsAnswer } from "./api.ts";
import { formatAgo, formatChange, formatMoment, formatRange, formatValue, unitAfter } from "./format.ts";
import { html } from "./html.ts";

/** The number, how it changed, and what it covers. */
export function Headline({ answer, now }: { answer: StatsAnswer; now: string }): VNode {
  const { metric, total, range, partial, freshness, comparison } = answer;
  const { latestEventAt } = freshness;
  return html`<div class="headline">
    <div>
      <p class="range">${formatRange(range)}${partial === null ? "" : html` <span class="tag">so far</span>`}</p>
      <p class="number"><output>${formatValue(total, metric)}</output> <span class="unit">${total === null ? "" : unitAfter(metric)}</span></p>
      ${comparison === null || (total === null && comparison.total === null) ? null : html`<${ComparedTo} answer=${answer} comparison=${comparison} />`}
    </div>
    <p class="freshness" title=${latestEventAt === null ? "" : formatMoment(latestEventAt)}>
      <span class="dot" aria-hidden="true"></span>
      ${latestEventAt === null ? "No events yet" : `Latest event ${formatAgo(latestEventAt, now)}`} · ${range.timeZone}
    </p>
  </div>`;
}

type Compared = { answer: StatsAnswer; comparison: NonNullable<StatsAnswer["comparison"]> };

function ComparedTo({ answer: { metric, freshness }, comparison }: Compared): VNode {
  const { change, total, range, isSamePart, isBeforeData } = comparison;
  const { earliestEventAt } = freshness;
  if (isBeforeData && earliestEventAt !== null) {
    return html`<p class="compared"><span>No comparison with ${formatRange(range)}: there is no data before ${formatMoment(earliestEventAt)}</span></p>`;
  }
  return html`<p class="compared">
    <${ChangePill} ratio=${change.ratio} isLowerBetter=${metric.isLowerBetter} />
    <span>vs ${formatValue(total, metric)} · ${formatRange(range)}${isSamePart ? ", the same part" : ""}</span>
  </p>`;
}

/** A change, green when it is for the better. */
export function ChangePill({ ratio, isLowerBetter }: { ratio: number | null; isLowerBetter: boolean }): VNode {
  const direction = ratio === null || ratio === 0 ? "flat" : ratio > 0 === isLowerBetter ? "worse" : "better";
  const arrow = ratio === null || ratio === 0 ? "" : ratio > 0 ? "▲ " : "▼ ";
  return html`<span class=${`pill ${direction}`}>${arrow}${formatChange(ratio)}</span>`;
}
