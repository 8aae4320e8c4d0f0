import type { VNode } from "preact";
import type { PublishedKey } from "../api/settings.ts";
import { html } from "../html.ts";
import { Ago, useNow } from "../kit/clock.ts";
import { Badge } from "../kit/states.ts";

/** What is published now: the key that signs, the one that will, and those that are still believed. */
export function KeyTable({ keys }: { keys: readonly PublishedKey[] }): VNode {
  const now = useNow();
  const signing = keys.find(({ signs_from }) => Date.parse(signs_from) <= now) ?? keys.at(-1);
  const rows = keys.map((key) => {
    const isWaiting = key !== signing && Date.parse(key.signs_from) > now;
    const [tone, words] = key === signing ? ["good", "Signs"] : isWaiting ? ["accent", "Signs soon"] : ["quiet", "Old"];
    return html`<tr key=${key.kid}>
      <th scope="row"><code title=${key.kid}>${key.kid.slice(0, 16)}…</code> <${Badge} tone=${tone}>${words}<//></th>
      <td data-label="Signs since"><${Ago} at=${key.signs_from} /></td>
      <td data-label="Believed until">${key.expires_at === null ? html`<span class="muted">a week after the next one signs</span>` : html`<${Ago} at=${key.expires_at} />`}</td>
    </tr>`;
  });
  return html`<table class="stacks spaced">
    <thead><tr><th scope="col">Key (kid)</th><th scope="col">Signs since</th><th scope="col">Believed until</th></tr></thead>
    <tbody>${rows}</tbody>
  </table>`;
}
