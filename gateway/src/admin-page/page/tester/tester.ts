import type { VNode } from "preact";
import { html } from "../html.ts";
import type { Place } from "../router.ts";

export function Tester(_: { place: Place }): VNode {
  return html`<div class="head"><div><h1>Policy tester</h1></div></div>`;
}
