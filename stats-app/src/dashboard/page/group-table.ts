import type { VNode } from "preact";
import type { CatalogueAnswer, StatsAnswer } from "./api.ts";
import { formatShare, formatValue } from "./format.ts";
import { ChangePill } from "./headline.ts";
import { html } from "./html.ts";

interface GroupTableProps {
  readonly answer: StatsAnswer;
  readonly catalogue: CatalogueAnswer;
  /** Asked to show one group alone. */
  readonly onOnly: (value: string) => void;
}

/** The groups of a breakdown, largest first. */
export function GroupTable({ answer, catalogue, onOnly }: GroupTableProps): VNode | null {
  const { breakdown, metric, comparison } = answer;
  if (breakdown === null) return null;
  const title = catalogue.dimensions.find(({ name }) => name === breakdown.dimension)?.title ?? breakdown.dimension;
  const largest = Math.max(...breakdown.groups.map(({ total }) => Math.abs(total ?? 0)), 0);
  return html`<section class="card">
    <h2>By ${title.toLowerCase()}</h2>
    <div class="table-box"><table>
      <thead><tr><th scope="col">${title}</th><th scope="col" class="num">${metric.title}</th>
        ${metric.isAdditive ? html`<th scope="col" class="num">Share</th>` : null}
        ${comparison === null ? null : html`<th scope="col" class="num">Before</th><th scope="col" class="num">Change</th>`}</tr></thead>
      <tbody>
        ${breakdown.groups.map(
          (group, index) => html`<tr key=${group.value}>
            <th scope="row">
              <span class=${`swatch swatch-${index + 1}`} aria-hidden="true"></span>
              ${group.value === null ? group.title : html`<button class="link" title=${`Only ${group.title}`} onClick=${() => onOnly(group.value ?? "")}>${group.title}</button>`}
              <meter class="bar" aria-hidden="true" min="0" max=${largest || 1} value=${Math.abs(group.total ?? 0)}></meter>
            </th>
            <td class="num">${formatValue(group.total, metric)}</td>
            ${metric.isAdditive ? html`<td class="num muted">${formatShare(group.share)}</td>` : null}
            ${
              group.comparison === null
                ? null
                : html`<td class="num muted">${formatValue(group.comparison.total, metric)}</td>
                  <td class="num"><${ChangePill} ratio=${group.comparison.change.ratio} isLowerBetter=${metric.isLowerBetter} /></td>`
            }
          </tr>`,
        )}
        ${
          breakdown.others === null
            ? null
            : html`<tr class="muted"><th scope="row">${breakdown.others.groups.toLocaleString("en")} others</th>
              <td class="num">${formatValue(breakdown.others.total, metric)}</td></tr>`
        }
      </tbody>
    </table></div>
  </section>`;
}
