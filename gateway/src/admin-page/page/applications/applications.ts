import type { VNode } from "preact";
import { html } from "../html.ts";
import type { Place } from "../router.ts";
import { ApplicationList } from "./application-list.ts";
import { ApplicationPage } from "./application-page.ts";

export function Applications({ place }: { place: Place }): VNode {
  return place.id === "" ? html`<${ApplicationList} place=${place} />` : html`<${ApplicationPage} id=${place.id} />`;
}
