import type { VNode } from "preact";
import type { ApiError, CatalogueAnswer } from "./api.ts";
import { formatMoment } from "./format.ts";
import { html } from "./html.ts";

/** What went wrong and what to do. */
export function Failure({ error, onRetry }: { error: ApiError; onRetry: () => void }): VNode {
  const act = error.isSignedOut ? () => location.reload() : onRetry;
  return html`<section class="card notice" role="alert">
    <h2>${error.isSignedOut ? "Please log in again" : "That did not work"}</h2>
    <p>${error.message}</p>
    ${error.suggestions.length > 0 ? html`<p>Did you mean ${error.suggestions.join(", ")}?</p>` : null}
    <button class="primary" onClick=${act}>${error.isSignedOut ? "Log in" : "Try again"}</button>
    ${error.requestId === undefined ? null : html`<p class="hint">Request ${error.requestId}</p>`}
  </section>`;
}

/** No event in the range: says where there are some. */
export function NoEvents({ catalogue }: { catalogue: CatalogueAnswer }): VNode {
  const { dataRange } = catalogue;
  return html`<div class="notice" role="status">
    <h2>No events in this range</h2>
    <p>${
      dataRange === null
        ? "Nothing has been stored yet. Load a file, or post events to the API."
        : `There is data from ${formatMoment(dataRange.from)} to ${formatMoment(dataRange.to)}.`
    }</p>
  </div>`;
}
