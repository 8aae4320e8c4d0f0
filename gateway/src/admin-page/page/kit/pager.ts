import type { VNode } from "preact";
import type { Listing } from "../api/client.ts";
import { html } from "../html.ts";
import { changeQuery } from "../router.ts";

/** Which part of a list is shown, and the way to the rest; nothing when all of it is. */
export function Pager({ listing }: { listing: Listing<unknown> }): VNode | null {
  const { page, perPage, totalCount, items } = listing;
  if (totalCount <= perPage) return null;
  const first = (page - 1) * perPage + 1;
  const goTo = (next: number) => changeQuery({ page: next === 1 ? "" : String(next) });
  return html`<nav class="pager" aria-label="Pages">
    <span>${first.toLocaleString("en")}–${(first + items.length - 1).toLocaleString("en")} of ${totalCount.toLocaleString("en")}</span>
    <button type="button" class="button" disabled=${page <= 1} onClick=${() => goTo(page - 1)}>Previous</button>
    <button type="button" class="button" disabled=${page * perPage >= totalCount} onClick=${() => goTo(page + 1)}>Next</button>
  </nav>`;
}
